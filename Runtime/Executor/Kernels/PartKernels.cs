using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class PartKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["cat"] = c => [cat(c.Tensors("tensors"), c.Int("axis"))],
        ["stack"] = c => [stack(c.Tensors("tensors"), c.Int("axis"))],
        ["split"] = Split,
        ["chunk"] = c => c.Tensor("x").chunk(c.Int("parts"), c.Int("axis")),
        ["unbind"] = c => c.Tensor("x").unbind(c.Int("axis")),
        ["slice"] = Slice,
        ["select"] = c => [c.Tensor("x").select(c.Int("axis"), c.Int("index"))],
        ["take"] = Take,
        ["gather"] = c => [c.Tensor("x").gather(c.Int("axis"), c.Tensor("index"))],
        ["one_hot"] = c => [c.Tensor("index").unsqueeze(-1).eq(arange(c.Int("classes"), ScalarType.Int64, c.Tensor("index").device)).to_type(ScalarType.Int64)],
        ["tril"] = c => [c.Tensor("x").tril(c.Int("diagonal"))],
        ["triu"] = c => [c.Tensor("x").triu(c.Int("diagonal"))],
    };

    private static Tensor[] Split(KernelCall call)
    {
        var at = 0L;
        return [.. call.Ints("sizes").Select(n => call.Tensor("x").narrow(call.Int("axis"), (at += n) - n, n))];
    }

    private static Tensor[] Slice(KernelCall call)
    {
        var (x, axis) = (call.Tensor("x"), call.Int("axis"));
        var size = x.shape[axis < 0 ? axis + x.dim() : axis];
        var (start, stop) = (Bound(call.Int("start")), Bound(call.Int("stop")));
        return [x.narrow(axis, start, stop - start)];

        long Bound(long bound) => bound < 0 ? bound + size : Math.Min(bound, size);
    }

    private static Tensor[] Take(KernelCall call)
    {
        var (table, index) = (call.Tensor("table"), call.Tensor("index"));
        return [table.index_select(0, index.reshape(-1)).reshape([.. index.shape, .. table.shape[1..]])];
    }
}
