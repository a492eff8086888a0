using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>Sequences in the order of their visits: [R, L] positions, one row for all channels or one for each group of them.</summary>
internal static class ScanOrder
{
    /// <summary>Checks that each row names each position once: what reads memory by it relies on that.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static long[] Checked(Tensor order, long length)
    {
        using var contiguous = order.contiguous();
        using var local = contiguous.cpu();
        long[] positions = [.. local.data<long>()];
        for (var row = 0L; row < positions.Length; row += length)
        {
            var seen = new bool[length];
            for (var t = row; t < row + length; t++)
            {
                var position = positions[t];
                if (position < 0 || position >= length || seen[position])
                    throw new ArgumentException($"An order of {length} positions names each of 0 .. {length - 1} once; found {position}{(position >= 0 && position < length ? " twice" : "")}.", nameof(order));
                seen[position] = true;
            }
        }

        return positions;
    }

    /// <summary>The inputs of a scan (u, delta, A, B, C, and the order if any), those with positions in the order of their visits.</summary>
    public static Tensor[] Visited(IReadOnlyList<Tensor> inputs) =>
        [.. inputs.Take(5).Select((x, i) => i == 2 || inputs.Count < 6 ? x.alias() : Take(x, inputs[5]))];

    /// <summary>[.., L] along the visits.</summary>
    public static Tensor Visited(Tensor x, IReadOnlyList<Tensor> inputs) => inputs.Count < 6 ? x.alias() : Take(x, inputs[5]);

    /// <summary>[.., L] along the visits, back at its places.</summary>
    public static Tensor Placed(Tensor x, IReadOnlyList<Tensor> inputs) => inputs.Count < 6 ? x.alias() : Take(x, inputs[5].argsort(-1));

    private static Tensor Take(Tensor x, Tensor order)
    {
        var (rows, length) = (order.size(0), order.size(1));
        if (rows == 1) return x.index_select(-1, order.select(0, 0));
        var grouped = x.reshape(x.size(0), rows, -1, length);
        return grouped.gather(-1, order.reshape(1, rows, 1, length).expand(grouped.shape)).reshape(x.shape);
    }
}
