using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Linear maps, matrix products and the core of attention.</summary>
internal static class MatrixProducts
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("linear(tensor x, tensor weight, tensor? bias = none)",
            "x[.., in] times weight[out, in] transposed, plus bias[out]: [.., out].",
            InferLinear, s => s.Fill(s.IsAbsent("bias") ? "F.linear({x}, {weight})" : "F.linear({x}, {weight}, {bias})"))
        {
            Macs = c => c.Results[0].Count * c.Tensor("x")[-1],
        },
        new("matmul(tensor a, tensor b)",
            "Matrix product over the last two axes, a[.., n, k] b[.., k, m]: [.., n, m]; the axes before them broadcast. One of one axis is a vector: its axis is summed and disappears.",
            InferMatmul, s => s.Fill("{a}.matmul({b})"))
        {
            Macs = c => c.Results[0].Count * c.Tensor("a")[-1],
        },
        new("einsum([Literal] string equation, tensor[] tensors)",
            "Sum of products by Einstein's convention over lower-case letters, \"bhnd,bhmd->bhnm\": a letter that the result lacks is summed.",
            InferEinsum, s => $"torch.einsum({s["equation"]}, {Unbracketed(s["tensors"])})")
        {
            Macs = MacsOfEinsum,
        },
        new("attention(tensor q, tensor k, tensor v, tensor? bias = none, double scale = 1)",
            "softmax(scale q k^T + bias) v over q[.., N, D], k[.., M, D], v[.., M, E], bias that broadcasts to [.., N, M]: [.., N, E] (Vaswani et al. 2017, arXiv:1706.03762, eq. 1, with the scale as given: 1 / sqrt(D) in the paper).",
            InferAttention, s => s.Fill("Op.attention({q}, {k}, {v}, {bias}, {scale})"))
        {
            Macs = c => c.Results[0].Axes.Take(c.Results[0].Rank - 1).Aggregate(Dim.One, (a, b) => a * b) * c.Tensor("k")[-2] * (c.Tensor("q")[-1] + c.Tensor("v")[-1]),
        },
    ];

    private static Shape[] InferLinear(CallSite call)
    {
        var (x, weight) = (call.Tensor("x"), call.Tensor("weight", 2, "[out, in]"));
        if (x.Rank == 0) throw new ShapeException("linear needs a tensor with at least one axis; found a scalar.");
        call.RequireEqual(x[-1], weight[1], $"Last axis of {x.Describe()} and input channels of weight {weight.Describe()}");
        if (call.Optional("bias") is { } bias) Expect.Vector(call, bias, weight[0], "bias of linear");
        return [x.With(-1, weight[0])];
    }

    private static Shape[] InferMatmul(CallSite call)
    {
        var (a, b) = (call.Tensor("a"), call.Tensor("b"));
        if (a.Rank == 0 || b.Rank == 0) throw new ShapeException($"matmul needs tensors with axes; found {a.Describe()} and {b.Describe()}.");
        call.RequireEqual(a[-1], b.Rank == 1 ? b[0] : b[-2], $"Inner axes of {a.Describe()} and {b.Describe()}");
        if (a.Rank == 1 && b.Rank == 1) return [Shape.Of()];
        if (b.Rank == 1) return [Shape.Of(a.Axes.Take(a.Rank - 1))];
        if (a.Rank == 1) return [Shape.Of([.. b.Axes.Take(b.Rank - 2), b[-1]])];
        var batch = call.Broadcast(Shape.Of(a.Axes.Take(a.Rank - 2)), Shape.Of(b.Axes.Take(b.Rank - 2)));
        return [Shape.Of([.. batch.Axes, a[-2], b[-1]])];
    }

    private static Shape[] InferAttention(CallSite call)
    {
        var (q, k, v) = (call.Tensor("q"), call.Tensor("k"), call.Tensor("v"));
        foreach (var (shape, name) in new[] { (q, "q"), (k, "k"), (v, "v") })
        {
            if (shape.Rank < 2) throw new ShapeException($"'{name}' of attention has at least two axes, [.., tokens, channels]; found {shape.Describe()}.");
        }

        call.RequireEqual(q[-1], k[-1], $"Channels of q {q.Describe()} and k {k.Describe()}");
        call.RequireEqual(k[-2], v[-2], $"Tokens of k {k.Describe()} and v {v.Describe()}");
        var batch = call.Broadcast(Shape.Of(q.Axes.Take(q.Rank - 2)), Shape.Of(k.Axes.Take(k.Rank - 2)));
        if (call.Optional("bias") is { } bias)
        {
            var scores = Shape.Of([.. batch.Axes, q[-2], k[-2]]);
            var sum = call.Broadcast(scores, bias);
            if (sum.Rank != scores.Rank) throw new ShapeException($"The bias {bias.Describe()} does not broadcast to the scores {scores.Describe()}.");
        }

        batch = call.Broadcast(batch, Shape.Of(v.Axes.Take(v.Rank - 2)));
        return [Shape.Of([.. batch.Axes, q[-2], v[-1]])];
    }

    // Einsum takes its operands one by one; those of a list stay a list.
    private static string Unbracketed(string tensors) => tensors[0] == '[' && !tensors.Contains("..") ? tensors.Substring(1, tensors.Length - 2) : tensors;

    private static Shape[] InferEinsum(CallSite call)
    {
        var (operands, result) = SplitEquation(call);
        var sizes = EinsumSizes(call, operands);
        return [Shape.Of(result.Select(c => sizes.TryGetValue(c, out var d) ? d : throw new ShapeException($"'{c}' stands on the right side of \"{call.Text("equation")}\" only.", Rules.Pattern)))];
    }

    // Of one product. Three operands and more are contracted pairwise from the left, each pair costs a product of its own; torch does the same.
    private static Dim MacsOfEinsum(CallSite call)
    {
        var (operands, result) = SplitEquation(call);
        if (operands.Length < 2) return Dim.Zero;
        var sizes = EinsumSizes(call, operands);
        var macs = Dim.Zero;
        var left = operands[0];
        for (var i = 1; i < operands.Length; i++)
        {
            var letters = left.Union(operands[i]).ToList();
            macs += letters.Aggregate(Dim.One, (d, c) => d * sizes[c]);
            var later = operands.Skip(i + 1).SelectMany(o => o).Concat(result).ToList();
            left = string.Concat(letters.Where(later.Contains));
        }

        return macs;
    }

    private static (string[] Operands, string Result) SplitEquation(CallSite call)
    {
        var equation = call.Text("equation").Replace(" ", "");
        var sides = equation.Split(["->"], StringSplitOptions.None);
        if (sides.Length != 2) throw new ShapeException($"An equation is \"ab,bc->ac\": factors, '->', the result; found \"{equation}\".", Rules.Pattern);
        if (equation.FirstOrDefault(c => c is not ((>= 'a' and <= 'z') or ',' or '-' or '>')) is var odd and not '\0') throw new ShapeException($"Axes of an equation are lower-case letters; found '{odd}' in \"{equation}\".", Rules.Pattern);
        if (sides[1].Distinct().Count() != sides[1].Length) throw new ShapeException($"A letter stands twice in the result of \"{equation}\".", Rules.Pattern);
        return (sides[0].Split(','), sides[1]);
    }

    private static Dictionary<char, Dim> EinsumSizes(CallSite call, string[] operands)
    {
        var tensors = call.Tensors("tensors");
        if (tensors.Count != operands.Length) throw new ShapeException($"\"{call.Text("equation")}\" has {operands.Length} factors; found {tensors.Count} tensors.", Rules.Arguments);
        var sizes = new Dictionary<char, Dim>();
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].Length != tensors[i].Rank) throw new ShapeException($"'{operands[i]}' has {operands[i].Length} axes; the tensor is {tensors[i].Describe()}.");
            for (var k = 0; k < operands[i].Length; k++)
            {
                var letter = operands[i][k];
                if (sizes.TryGetValue(letter, out var size)) call.RequireEqual(size, tensors[i][k], $"Axis '{letter}' of \"{call.Text("equation")}\"");
                else sizes[letter] = tensors[i][k];
            }
        }

        return sizes;
    }
}
