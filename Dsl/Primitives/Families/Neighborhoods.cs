using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>What each position does with the positions around it, by one rule for windows along an axis.</summary>
internal static class Neighborhoods
{
    private const string Windows = "int[] stride = 1, int[] dilation = 1, int[] causal = 0, string border = \"clamp\"";

    private const string Rule =
        "Along each axis the position q belongs to the leader min(q - q % stride + stride / 2, size - 1), whose window is the kernel positions around it, from leader - kernel / 2. "
        + "border=\"clamp\" moves a window that would leave the axis inside, so that every position has its keys (Hassani et al. 2023, arXiv:2204.07143; stride: 2025, arXiv:2504.16922); border=\"zero\" leaves "
        + "it where it is, and keys outside are absent. On a causal axis (1) the window ends at the last of its stride, and keys before 0 or after q are absent. With a dilation the rule holds "
        + "within each class of positions that are dilation apart (Hassani and Shi 2022, arXiv:2209.15001).";

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new($"neighborhood_qk(tensor q, tensor k, int[] kernel, {Windows})",
            "q[.., spatial.., D] times each of its keys k[.., spatial.., D]: [.., spatial.., K], K the product of the kernel, row-major; minus infinity where a key is absent. As many spatial axes as the kernel has sizes. " + Rule,
            InferQueryKey, s => s.Fill("Op.neighborhood_qk({q}, {k}, {kernel}, {stride}, {dilation}, {causal}, {border})"))
        {
            Macs = c => c.Tensor("q").Count * Keys(c),
        },
        new($"neighborhood_av(tensor weights, tensor v, int[] kernel, {Windows})",
            "The sum of the values v[.., spatial.., D] that a position has in its window, each times its weights[.., spatial.., K]: [.., spatial.., D]; an absent one counts as 0. Also a convolution whose kernel each position brings along. The windows are those of neighborhood_qk.",
            InferWeightedSum, s => s.Fill("Op.neighborhood_av({weights}, {v}, {kernel}, {stride}, {dilation}, {causal}, {border})"))
        {
            Macs = c => c.Tensor("v").Count * Keys(c),
        },
        new("neighborhood_index(int length, int kernel, int stride = 1, int dilation = 1, int causal = 0, string border = \"clamp\", tensor? like = none)",
            "Along one axis, the positions of the keys of each position: [length, kernel] integers, -1 where a key is absent. The windows are those of neighborhood_qk.",
            InferIndex, s => s.Fill("Op.neighborhood_index({length}, {kernel}, {stride}, {dilation}, {causal}, {border}, {like})")),
    ];

    private static Dim Keys(CallSite call) => call.Ints("kernel").Aggregate(Dim.One, (a, b) => a * b);

    private static Shape[] InferQueryKey(CallSite call)
    {
        var (q, k) = (call.Tensor("q"), call.Tensor("k"));
        Check(call, q, "q");
        Same(call, q, "q", k, "k", q.Rank);
        return [q.With(-1, Keys(call))];
    }

    private static Shape[] InferWeightedSum(CallSite call)
    {
        var (weights, v) = (call.Tensor("weights"), call.Tensor("v"));
        Check(call, weights, "weights");
        Same(call, weights, "weights", v, "v", weights.Rank - 1);
        call.RequireEqual(weights[-1], Keys(call), $"Last axis of weights {weights.Describe()} and the keys of a window");
        return [v];
    }

    private static Shape[] InferIndex(CallSite call)
    {
        var length = call.Int("length");
        Axis(call, length, call.Int("kernel"), call.Int("stride"), call.Int("dilation"), call.Int("causal"), "neighborhood_index");
        return [Shape.Of(length, call.Int("kernel")) with { Type = ElementType.Int }];
    }

    private static void Same(CallSite call, Shape a, string nameOfA, Shape b, string nameOfB, int axes)
    {
        if (a.Rank != b.Rank) throw new ShapeException($"'{nameOfA}' and '{nameOfB}' have the same axes before the last; found {a.Describe()} and {b.Describe()}.");
        for (var i = 0; i < axes; i++) call.RequireEqual(a[i], b[i], $"Axis {i} of {nameOfA} {a.Describe()} and {nameOfB} {b.Describe()}");
    }

    private static void Check(CallSite call, Shape x, string name)
    {
        var kernel = call.Ints("kernel");
        var n = kernel.Count;
        if (n == 0 || x.Rank <= n) throw new ShapeException($"'{name}' has one axis for each size of the kernel, here {n}, and one after them; found {x.Describe()}.");
        var (stride, dilation, causal) = (call.Ints("stride", n), call.Ints("dilation", n), call.Ints("causal", n));
        for (var i = 0; i < n; i++)
        {
            var axis = x.Rank - 1 - n + i;
            Axis(call, x[axis], kernel[i], stride[i], dilation[i], causal[i], $"Axis {axis} of {name} {x.Describe()}");
        }
    }

    private static void Axis(CallSite call, Dim size, Dim kernel, Dim stride, Dim dilation, Dim causal, string what)
    {
        foreach (var (value, name) in new[] { (kernel, "kernel"), (stride, "stride"), (dilation, "dilation") })
        {
            if (value.Value < 1) throw new ShapeException($"'{name}' must be at least 1; found {value.Describe()}.");
        }

        if (causal.Value is not (0 or 1)) throw new ShapeException($"'causal' is 1 for a causal axis, else 0; found {causal.Describe()}.");
        call.RequireAtLeast(kernel, stride, $"{what}: the kernel, and the stride, which leaves no position out of its own window");
        if (call.Choice("border", "clamp", "zero") == "clamp") call.RequireAtLeast(size, kernel * dilation, $"{what}: the axis, and kernel times dilation");
    }
}
