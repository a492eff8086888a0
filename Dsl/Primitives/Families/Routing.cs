using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Elements by rank, elements put where integers say, and matrices chosen for each token.</summary>
internal static class Routing
{
    private const string Places = "index and source have one shape, on the other axes at most that of x.";

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("topk(tensor x, int k, int axis = -1, bool largest = true)",
            "The k largest (or smallest) elements along an axis, the first of them first, and their indices: (values, index) = topk(x, k). Which of equal elements stand in the last places is open.",
            InferTopk, s => s.Fill("Op.topk({x}, {k}, {axis}, {largest})")) { ResultCount = _ => 2 },
        new("sort(tensor x, int axis = -1, bool descending = false, bool stable = true)",
            "The elements along an axis in order, and the index that each had: (values, index) = sort(x). Equal ones keep their order; with stable=false it is left to libtorch, and may differ between its versions and devices, as it does in references that ask for no order.",
            InferSort, s => s.Fill("Op.sort({x}, {axis}, {descending}, {stable})")) { ResultCount = _ => 2 },
        new("scatter(tensor x, tensor index, tensor source, int axis)",
            $"x with the elements of source at the integers of index along an axis: out[i][index[i][j]] = source[i][j] for axis 1, what gather undoes; {Places} Where an index comes twice, either is taken.",
            InferScatter, s => s.Fill("{x}.scatter({axis}, {index}, {source})")),
        new("scatter_add(tensor x, tensor index, tensor source, int axis)",
            $"x plus the elements of source at the integers of index along an axis: out[i][index[i][j]] += source[i][j] for axis 1; {Places} Where an index comes twice, both count.",
            InferScatter, s => s.Fill("{x}.scatter_add({axis}, {index}, {source})")),
        new("expert_linear(tensor x, tensor weight, tensor index, tensor? bias = none)",
            "Each vector of x[.., in] times the matrix of weight[E, in, out] that its integer of index[..] chooses, plus that row of bias[E, out]: [.., out], in as many products as matrices are chosen, each of them with its own vectors "
            + "alone (Shazeer et al. 2017, arXiv:1701.06538, eq. 1, whose gates weigh the results). The axes of x before the last broadcast to those of index: x[n, 1, in] and index[n, k] give each token to k experts.",
            InferExpertLinear, s => s.Fill("Op.expert_linear({x}, {weight}, {index}, {bias})"))
        {
            Macs = c => c.Results[0].Count * c.Tensor("x")[-1],
        },
    ];

    private static Shape[] InferTopk(CallSite call)
    {
        var x = Expect.Rank(call, "x", 1, "one of which is ranked");
        var (axis, k) = (call.Axis("axis", x.Rank), call.Int("k"));
        call.RequireAtLeast(k, Dim.Zero, "'k' of topk");
        call.RequireAtLeast(x[axis], k, $"Axis {axis} of {x.Describe()} and 'k' of topk");
        var values = x.With(axis, k);
        return [values, values with { Type = ElementType.Int }];
    }

    private static Shape[] InferSort(CallSite call)
    {
        var x = Expect.Rank(call, "x", 1, "one of which is sorted");
        _ = call.Axis("axis", x.Rank);
        return [x, x with { Type = ElementType.Int }];
    }

    private static Shape[] InferScatter(CallSite call)
    {
        var (x, index, source) = (call.Tensor("x"), Expect.Integers(call, "index"), call.Tensor("source"));
        var axis = call.Axis("axis", x.Rank);
        if (x.Rank != index.Rank || index.Rank != source.Rank) throw new ShapeException($"x, index and source have the same axes; found {x.Describe()}, {index.Describe()} and {source.Describe()}.");
        if (x.Type != source.Type) throw new ShapeException("x and source hold elements of one type; cast(.., \"float\") makes it so.", Rules.Type);
        for (var i = 0; i < x.Rank; i++)
        {
            call.RequireEqual(index[i], source[i], $"Axis {i} of index {index.Describe()} and source {source.Describe()}");
            if (i != axis && !x[i].Equals(index[i])) call.RequireAtLeast(x[i], index[i], $"Axis {i} of x {x.Describe()} and index {index.Describe()}");
        }

        return [x];
    }

    private static Shape[] InferExpertLinear(CallSite call)
    {
        var (x, weight, index) = (Expect.Rank(call, "x", 1, "[.., in]"), call.Tensor("weight", 3, "[E, in, out]"), Expect.Integers(call, "index"));
        call.RequireEqual(x[-1], weight[1], $"Last axis of {x.Describe()} and input channels of weight {weight.Describe()}");
        if (call.Optional("bias") is { } bias)
        {
            if (bias.Rank != 2) throw new ShapeException($"The bias of expert_linear has the axes [E, out]; found {bias.Describe()}.");
            call.RequireEqual(bias[0], weight[0], $"Experts of bias {bias.Describe()} and weight {weight.Describe()}");
            call.RequireEqual(bias[1], weight[2], $"Output channels of bias {bias.Describe()} and weight {weight.Describe()}");
        }

        var vectors = Shape.Of(x.Axes.Take(x.Rank - 1));
        var broadcast = call.Broadcast(vectors, index);
        if (broadcast.Rank != index.Rank || broadcast.Axes.Zip(index.Axes, (a, b) => (a, b)).Any(p => !p.a.Equals(p.b) && p.b.Value == 1))
            throw new ShapeException($"The vectors of x {x.Describe()} broadcast to the index {index.Describe()}; x has more of them.");
        return [Shape.Of([.. index.Axes, weight[2]])];
    }
}
