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
        ["dropout"] = c => Drop(c, c.Tensor("x").shape),
        ["drop_path"] = DropPath,
    };

    private static Tensor[] BatchNorm(KernelCall call)
    {
        // Where it is computed again, it has learnt already.
        var learns = call.Training && !Recomputation.IsRunning;
        if (learns && call.Optional("num_batches_tracked") is { } count)
        {
            using (no_grad()) _ = count.add_(1);
        }

        var (mean, variance) = call.Training && !learns ? (null, null) : (call.Tensor("running_mean"), call.Tensor("running_var"));
        return [F.batch_norm(call.Tensor("x"), mean!, variance!, call.Optional("weight")!, call.Optional("bias")!, call.Training, call.Double("momentum"), call.Double("eps"))];
    }

    private static Tensor RmsNorm(Tensor x, Tensor? weight, double eps)
    {
        var normed = x / (x.pow(2).mean([-1], true) + eps).sqrt();
        return weight is null ? normed : normed * weight;
    }

    private static Tensor[] DropPath(KernelCall call) => Drop(call, [.. call.Tensor("x").shape.Select((n, i) => i == 0 ? n : 1)]);

    private static Tensor[] Drop(KernelCall call, long[] shape)
    {
        var (x, p) = (call.Tensor("x"), call.Double("p"));
        if (!call.Training || p == 0) return [x.alias()];
        var kept = Recomputation.Bernoulli(shape, 1 - p, x, call.Owner);
        return [p < 1 ? x * kept / (1 - p) : x * kept];
    }
}
