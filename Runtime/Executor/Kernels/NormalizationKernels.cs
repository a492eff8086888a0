using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Execution.Kernels;

internal static class NormalizationKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["layer_norm"] = c => [F.layer_norm(c.Tensor("x"), c.Tensor("x").shape[^(int)c.Int("axes")..], c.Optional("weight")!, c.Optional("bias")!, c.Double("eps"))],
        ["batch_norm"] = BatchNorm,
        ["group_norm"] = c => [F.group_norm(c.Tensor("x"), c.Int("groups"), c.Optional("weight")!, c.Optional("bias")!, c.Double("eps"))],
        ["instance_norm"] = c => [F.group_norm(c.Tensor("x"), c.Tensor("x").shape[1], c.Optional("weight")!, c.Optional("bias")!, c.Double("eps"))],
        ["rms_norm"] = c => [RmsNorm(c.Tensor("x"), c.Optional("weight"), c.Double("eps"))],
        ["normalize"] = c => [c.Tensor("x") / c.Tensor("x").norm((int)c.Int("axis"), true, (float)c.Double("p")).clamp_min(c.Double("eps"))],
        ["softmax"] = c => [c.Tensor("x").softmax(c.Int("axis"))],
        ["log_softmax"] = c => [c.Tensor("x").log_softmax(c.Int("axis"))],
        ["dropout"] = c => [c.Training ? F.dropout(c.Tensor("x"), c.Double("p"), true) : c.Tensor("x").alias()],
        ["drop_path"] = DropPath,
    };

    private static Tensor[] BatchNorm(KernelCall call)
    {
        if (call.Training && call.Optional("num_batches_tracked") is { } count)
        {
            using (no_grad()) _ = count.add_(1);
        }

        return
        [
            F.batch_norm(
                call.Tensor("x"), call.Tensor("running_mean"), call.Tensor("running_var"), call.Optional("weight")!, call.Optional("bias")!,
                call.Training, call.Double("momentum"), call.Double("eps")),
        ];
    }

    private static Tensor RmsNorm(Tensor x, Tensor? weight, double eps)
    {
        var normed = x / (x.pow(2).mean([-1], true) + eps).sqrt();
        return weight is null ? normed : normed * weight;
    }

    private static Tensor[] DropPath(KernelCall call)
    {
        var (x, p) = (call.Tensor("x"), call.Double("p"));
        if (!call.Training || p == 0) return [x.alias()];
        var shape = x.shape.Select((n, i) => i == 0 ? n : 1).ToArray();
        var kept = rand(shape, dtype: x.dtype, device: x.device).ge(p).to_type(x.dtype);
        return [p < 1 ? x * kept / (1 - p) : x * kept];
    }
}
