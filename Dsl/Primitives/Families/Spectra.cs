using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Fourier transforms. A complex tensor is one of reals with a last axis of 2: real and imaginary part.</summary>
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

    private static IReadOnlyList<int> Axes(CallSite call, int rank)
        => call.AxisList("axes", rank) is { Count: > 0 } axes ? axes : throw new ShapeException("A transform has at least one axis.");

    private static Shape Pairs(CallSite call, string name)
    {
        var x = Expect.Rank(call, name, 1, "the last of 2: real and imaginary part");
        call.RequireEqual(x[-1], 2, $"Last axis of {name} {x.Describe()}, complex pairs");
        return x;
    }
}
