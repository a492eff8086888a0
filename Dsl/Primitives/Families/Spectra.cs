using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Fourier, cosine and Hadamard transforms, and long convolutions by them. A complex tensor is one of reals with a last axis of 2: real and imaginary part.
/// Fast transforms are no matrix products and count no multiply-adds; the cosine transform is one along each axis.</summary>
internal static class Spectra
{
    private const string Norm = "norm: \"backward\" (1 forward, 1/n inverse), \"ortho\" (1/sqrt(n) both) or \"forward\".";

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("rfft(tensor x, int[] axes = [-2, -1], string norm = \"backward\")",
            "Discrete Fourier transform of a real x over axes, as complex pairs: the last of the axes has size / 2 + 1 frequencies (the others follow by symmetry), and an axis of 2 comes after all. " + Norm,
            InferForward, s => s.Fill("Op.rfft({x}, {axes}, {norm})")),
        new("irfft(tensor x, int size, int[] axes = [-2, -1], string norm = \"backward\")",
            "The inverse of rfft: complex pairs x[.., 2] to a real tensor whose last axis of the axes has this size. The axes are counted without that of the pairs. " + Norm,
            InferInverse, s => s.Fill("Op.irfft({x}, {size}, {axes}, {norm})")),
        new("complex_mul(tensor a, tensor b)",
            "Product of complex pairs [.., 2]; the axes before broadcast.",
            InferProduct, s => s.Fill("Op.complex_mul({a}, {b})")),
        new("fft_conv(tensor x, tensor weight, int[] axes = [-1], int[] origin = 0, bool circular = false)",
            "Convolution along axes, the sum over s of weight[s] x[t + origin - s], by Fourier transforms, so that the weight may be as long as x: n log n instead of n^2. The axes are those of x; both may be counted from the end, the other axes broadcast. "
            + "Outside, x counts as 0 (circular: it goes round, and the weight is no longer than x). origin is the place of the weight that meets the position itself: 0 for a causal convolution, half of the weight for a centred one.",
            InferLong, s => s.Fill("Op.fft_conv({x}, {weight}, {axes}, {origin}, {circular})")),
        new("dct(tensor x, int[] axes = [-2, -1])",
            "Discrete cosine transform, type II, orthonormal: along each of the axes the sum over j of c_k x_j cos(pi k (2 j + 1) / (2 n)), c_0 = sqrt(1 / n), the others sqrt(2 / n) (Ahmed et al. 1974, Discrete Cosine Transform).",
            InferCosine, s => s.Fill("Op.dct({x}, {axes})")) { Macs = CosineMacs },
        new("idct(tensor x, int[] axes = [-2, -1])", "The inverse of dct, which is its transpose (type III).", InferCosine, s => s.Fill("Op.idct({x}, {axes})")) { Macs = CosineMacs },
        new("hadamard(tensor x, int[] axes = [-1], string order = \"natural\", string norm = \"ortho\")",
            "Walsh-Hadamard transform over axes whose sizes are powers of two, by n log n additions. order: \"natural\", entry (i, j) is -1 to the number of ones that i and j share in binary (Sylvester), or \"sequency\", the same rows by their number of sign changes (Walsh). "
            + "norm as in rfft; with \"ortho\" the transform is its own inverse.",
            InferHadamard, s => s.Fill("Op.hadamard({x}, {axes}, {order}, {norm})")),
    ];

    private static Shape[] InferForward(CallSite call)
    {
        var x = call.Tensor("x");
        _ = call.Choice("norm", "backward", "ortho", "forward");
        var axes = Axes(call, x.Rank);
        var last = axes[axes.Count - 1];
        return [Shape.Of([.. x.With(last, (x[last] / 2) + 1).Axes, 2])];
    }

    private static Shape[] InferInverse(CallSite call)
    {
        var x = Pairs(call, "x");
        _ = call.Choice("norm", "backward", "ortho", "forward");
        var axes = Axes(call, x.Rank - 1);
        var last = axes[axes.Count - 1];
        call.RequireEqual(x[last], (call.Int("size") / 2) + 1, $"Axis {last} of {x.Describe()} and the frequencies of size {call.Int("size").Describe()}");
        return [Shape.Of(x.With(last, call.Int("size")).Axes.Take(x.Rank - 1))];
    }

    private static Shape[] InferProduct(CallSite call) => [call.Broadcast(Pairs(call, "a"), Pairs(call, "b"))];

    private static Shape[] InferLong(CallSite call)
    {
        var (x, weight) = (call.Tensor("x"), call.Tensor("weight"));
        var axes = Axes(call, x.Rank);
        var origin = call.Ints("origin", axes.Count);
        var (others, ofWeight) = (x, weight);
        for (var i = 0; i < axes.Count; i++)
        {
            var axis = axes[i] - x.Rank;
            if (-axis > weight.Rank) throw new ShapeException($"'weight' of fft_conv has the axes of the convolution, at the same places from the end; found {weight.Describe()} for axis {axes[i]} of {x.Describe()}.");
            call.RequireAtLeast(origin[i], Dim.Zero, "The origin of a convolution");
            call.RequireAtLeast(weight[axis], origin[i] + 1, $"Axis {axis} of weight {weight.Describe()} and its origin plus 1");
            if (call.Flag("circular")) call.RequireAtLeast(x[axis], weight[axis], $"Axis {axis} of {x.Describe()} and of the weight {weight.Describe()} that goes round it");
            (others, ofWeight) = (others.With(axis, Dim.One), ofWeight.With(axis, Dim.One));
        }

        var result = call.Broadcast(others, ofWeight);
        foreach (var axis in axes) result = result.With(axis - x.Rank, x[axis]);
        return [result];
    }

    private static Shape[] InferCosine(CallSite call)
    {
        _ = Axes(call, call.Tensor("x").Rank);
        return [call.Tensor("x")];
    }

    private static Dim CosineMacs(CallSite call)
    {
        var x = call.Tensor("x");
        return x.Count * Axes(call, x.Rank).Aggregate(Dim.Zero, (sum, axis) => sum + x[axis]);
    }

    private static Shape[] InferHadamard(CallSite call)
    {
        var x = call.Tensor("x");
        _ = call.Choice("order", "natural", "sequency");
        _ = call.Choice("norm", "backward", "ortho", "forward");
        foreach (var axis in Axes(call, x.Rank))
        {
            if (x[axis].Value is { } size && (size < 1 || (size & (size - 1)) != 0)) throw new ShapeException($"The Hadamard transform is of a power of two; axis {axis} of {x.Describe()} is {size}. Pad it: pad(x, [0, more]).");
        }

        return [x];
    }

    private static IReadOnlyList<int> Axes(CallSite call, int rank)
        => call.AxisList("axes", rank) is { Count: > 0 } axes ? axes : throw new ShapeException("A transform has at least one axis.");

    private static Shape Pairs(CallSite call, string name)
    {
        var x = Expect.Rank(call, name, 1, "the last of 2: real and imaginary part");
        call.RequireEqual(x[-1], 2, $"Last axis of {name} {x.Describe()}, complex pairs");
        return x;
    }
}
