using Notochord.Compatibility;
using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>Chooses how a selective scan is computed.</summary>
internal static class SelectiveScan
{
    /// <summary>y[B, D, L].</summary>
    /// <param name="u">[B, D, L].</param>
    /// <param name="delta">[B, D, L].</param>
    /// <param name="a">[D, N].</param>
    /// <param name="b">[B, G, N, L].</param>
    /// <param name="c">[B, G, N, L].</param>
    /// <param name="order">[1, L] or [G, L], or null.</param>
    /// <param name="window">0, or the length of the windows of the backward part.</param>
    public static Tensor Compute(Tensor u, Tensor delta, Tensor a, Tensor b, Tensor c, Tensor? order, long window)
    {
        Check(u, delta, a, b, c, order, window);
        // Nothing to visit.
        if (u.numel() == 0 || a.numel() == 0) return u.mul(0);
        Tensor[] inputs = order is null ? [u, delta, a, b, c] : [u, delta, a, b, c, order];
        if (!CpuScan.Takes(inputs)) return new ChunkedScan(window).Compute(inputs);
        var scan = new CpuScan(window);
        if (is_grad_enabled() && Array.Exists(inputs, x => x.requires_grad)) return OwnGradientFunction.Apply(scan, inputs);
        var (result, kept) = scan.Forward(inputs, keep: false);
        kept.Dispose();
        return result;
    }

    private static void Check(Tensor u, Tensor delta, Tensor a, Tensor b, Tensor c, Tensor? order, long window)
    {
        if (u.dim() != 3 || a.dim() != 2 || b.dim() != 4) throw new ArgumentException($"A scan takes u [B, D, L], A [D, N], B [B, G, N, L]; found {Text(u)}, {Text(a)}, {Text(b)}.", nameof(u));
        var (batch, channels, length, groups, states) = (u.size(0), u.size(1), u.size(2), b.size(1), a.size(1));
        Expect(delta, [batch, channels, length], nameof(delta));
        Expect(a, [channels, states], nameof(a));
        Expect(b, [batch, groups, states, length], nameof(b));
        Expect(c, [batch, groups, states, length], nameof(c));
        if (groups == 0 || channels % groups != 0) throw new ArgumentException($"{channels} channels do not fall into {groups} groups.", nameof(b));
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        if (order is null) return;
        if (order.dtype != ScalarType.Int64) throw new ArgumentException($"An order holds integers; found {order.dtype}.", nameof(order));
        Expect(order, [order.dim() == 2 && order.size(0) == 1 ? 1 : groups, length], nameof(order));
    }

    private static void Expect(Tensor x, long[] shape, string name)
    {
        if (!x.shape.AsSpan().SequenceEqual(shape)) throw new ArgumentException($"'{name}' of a scan is [{string.Join(", ", shape)}]; found {Text(x)}.", name);
    }

    private static string Text(Tensor x) => $"[{string.Join(", ", x.shape)}]";
}
