using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

/// <summary>Each window gathered from the flat positions, then one product.</summary>
internal static class NeighborhoodKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["neighborhood_qk"] = QueryKey,
        ["neighborhood_av"] = WeightedSum,
        ["neighborhood_index"] = c =>
        [
            Index(c.Int("length"), c.Int("kernel"), c.Int("stride"), c.Int("dilation"), c.Int("causal") == 1, c.Text("border") == "clamp").to(c.Optional("like")?.device ?? CPU),
        ],
    };

    private static Tensor[] QueryKey(KernelCall call)
    {
        var q = call.Tensor("q");
        var (index, absent) = Windows(call, q);
        var scores = (q.unsqueeze(-2) * Gathered(call, call.Tensor("k"), index)).sum(-1);
        return [scores.masked_fill(absent, double.NegativeInfinity)];
    }

    private static Tensor[] WeightedSum(KernelCall call)
    {
        var weights = call.Tensor("weights");
        var (index, absent) = Windows(call, weights);
        return [weights.masked_fill(absent, 0).unsqueeze(-2).matmul(Gathered(call, call.Tensor("v"), index)).squeeze(-2)];
    }

    // [.., spatial.., c] at the flat positions of index [spatial.., K]: [.., spatial.., K, c].
    private static Tensor Gathered(KernelCall call, Tensor x, Tensor index)
    {
        var n = call.Ints("kernel").Length;
        var leading = (int)x.dim() - 1 - n;
        var flat = x.flatten(leading, leading + n - 1);
        return flat.index_select(leading, index.clamp(0).flatten()).reshape([.. x.shape[..leading], .. index.shape, x.shape[^1]]);
    }

    // Flat positions of the keys, [spatial.., K], and whether they are absent.
    private static (Tensor Index, Tensor Absent) Windows(KernelCall call, Tensor x)
    {
        var kernel = call.Ints("kernel");
        var n = kernel.Length;
        var (stride, dilation, causal) = (call.Ints("stride", n), call.Ints("dilation", n), call.Ints("causal", n));
        var sizes = x.shape[^(n + 1)..^1];
        var (index, absent) = (zeros(1, ScalarType.Int64), zeros(1, ScalarType.Bool));
        for (var i = 0; i < n; i++)
        {
            // [spatial so far.., 1, K so far, 1] with [size, 1, kernel].
            var own = Index(sizes[i], kernel[i], stride[i], dilation[i], causal[i] == 1, call.Text("border") == "clamp").unsqueeze(1);
            index = (index.unsqueeze(-2).unsqueeze(-1) * sizes[i] + own).flatten(-2);
            absent = absent.unsqueeze(-2).unsqueeze(-1).logical_or(own.lt(0)).flatten(-2);
        }

        return (index.to(x.device), absent.to(x.device));
    }

    // [length, kernel]; the classes of a dilation one after the other, then in place.
    private static Tensor Index(long length, long kernel, long stride, long dilation, bool causal, bool clamp)
    {
        var index = full([length, kernel], -1, ScalarType.Int64);
        for (var residue = 0L; residue < Math.Min(dilation, length); residue++)
        {
            var own = arange(residue, length, dilation, ScalarType.Int64);
            var last = own.shape[0] - 1;
            var position = arange(last + 1, ScalarType.Int64);
            var leader = (position - position.remainder(stride) + (causal ? stride - 1 : stride / 2)).clamp(0, last);
            var centre = clamp && !causal ? leader.clamp(kernel / 2, last - ((kernel - 1) / 2)) : leader;
            var first = causal ? leader - (kernel - 1) : centre - (kernel / 2);
            var keys = first.unsqueeze(1) + arange(kernel, ScalarType.Int64);
            var absent = keys.lt(0).logical_or(keys.gt(causal ? position.unsqueeze(1) : full([1], last, ScalarType.Int64)));
            var rows = (keys * dilation + residue).masked_fill(absent, -1);
            index.index_copy_(0, own, rows);
        }

        return index;
    }
}
