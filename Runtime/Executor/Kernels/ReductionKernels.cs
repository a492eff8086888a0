using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class ReductionKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["sum"] = c => [c.Tensor("x").sum(Axes(c), c.Flag("keepdim"))],
        ["mean"] = c => [c.Tensor("x").mean(Axes(c), c.Flag("keepdim"))],
        ["var"] = c => [c.Tensor("x").var(Axes(c), c.Flag("unbiased"), c.Flag("keepdim"))],
        ["std"] = c => [c.Tensor("x").std(Axes(c), c.Flag("unbiased"), c.Flag("keepdim"))],
        ["amax"] = c => [c.Tensor("x").amax(Axes(c), c.Flag("keepdim"))],
        ["amin"] = c => [c.Tensor("x").amin(Axes(c), c.Flag("keepdim"))],
        ["norm"] = Norm,
        ["argmax"] = c => [c.Tensor("x").argmax(c.Int("axis"), c.Flag("keepdim"))],
        ["cumsum"] = c => [c.Tensor("x").cumsum(c.Int("axis"))],
    };

    private static long[] Axes(KernelCall call) => call.Ints("axes") is { Length: > 0 } axes ? axes : [.. Enumerable.Range(0, (int)call.Tensor("x").dim()).Select(i => (long)i)];

    // The reduced axes as one, since a norm over one axis has a gradient at 0.
    private static Tensor[] Norm(KernelCall call)
    {
        var x = call.Tensor("x");
        var axes = Axes(call).Select(a => a < 0 ? a + x.dim() : a).ToArray();
        var kept = Enumerable.Range(0, (int)x.dim()).Select(i => (long)i).Except(axes).ToArray();
        var flat = x.permute([.. kept, .. axes]).flatten(kept.Length, -1);
        var result = flat.norm(-1, false, (float)call.Double("p"));
        return [call.Flag("keepdim") ? result.reshape([.. x.shape.Select((n, i) => axes.Contains(i) ? 1 : n)]) : result];
    }
}
