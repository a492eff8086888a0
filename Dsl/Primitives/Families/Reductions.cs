using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Several elements become one.</summary>
internal static class Reductions
{
    private const string Axes = "int[] axes = [], bool keepdim = false";

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new($"sum(tensor x, {Axes})", "Sum over axes; [] is all.", c => Infer(c, c.Tensor("x").Type == ElementType.Float ? ElementType.Float : ElementType.Int), s => Emit(s, "{x}.sum({axes}, {keepdim})", "{x}.sum()")),
        new($"mean(tensor x, {Axes})", "Mean over axes; [] is all.", c => Infer(c), s => Emit(s, "{x}.mean({axes}, {keepdim})", "{x}.mean()")),
        new($"var(tensor x, {Axes}, bool unbiased = true)", "Variance over axes; [] is all; unbiased divides by n - 1.", c => Infer(c), s => Emit(s, "{x}.var({axes}, {unbiased}, {keepdim})", "{x}.var({unbiased})")),
        new($"std(tensor x, {Axes}, bool unbiased = true)", "Standard deviation over axes; [] is all; unbiased divides by n - 1.", c => Infer(c), s => Emit(s, "{x}.std({axes}, {unbiased}, {keepdim})", "{x}.std({unbiased})")),
        new($"amax(tensor x, {Axes})", "The largest over axes; [] is all.", c => Infer(c, c.Tensor("x").Type), s => Emit(s, "{x}.amax({axes}, {keepdim})", "{x}.max()")),
        new($"amin(tensor x, {Axes})", "The smallest over axes; [] is all.", c => Infer(c, c.Tensor("x").Type), s => Emit(s, "{x}.amin({axes}, {keepdim})", "{x}.min()")),
        new($"norm(tensor x, double p = 2, {Axes})", "(sum |x|^p)^(1/p) over axes; [] is all.", c => Infer(c), s => Emit(s, "torch.linalg.vector_norm({x}, {p}, {axes}, {keepdim})", "torch.linalg.vector_norm({x}, {p})")),
        new("argmax(tensor x, int axis, bool keepdim = false)", "Index of the largest along an axis.", c => [Reduce(c, [c.Axis("axis", c.Tensor("x").Rank)], ElementType.Int)], s => s.Fill("{x}.argmax({axis}, {keepdim})")),
        new("cumsum(tensor x, int axis)", "Sums of the elements up to each along an axis.", c => { _ = c.Axis("axis", c.Tensor("x").Rank); return [c.Tensor("x")]; }, s => s.Fill("{x}.cumsum({axis})")),
    ];

    private static string Emit(EmitSite site, string some, string all)
    {
        if (!site.IsEmpty("axes")) return site.Fill(some);
        if (site.IsDefault("keepdim")) return site.Fill(all);
        return site.Fill(some.Replace("{axes}", $"[{string.Join(", ", Enumerable.Range(0, site.Rank("x")))}]"));
    }

    private static Shape[] Infer(CallSite call, ElementType type = ElementType.Float)
    {
        var rank = call.Tensor("x").Rank;
        var axes = call.AxisList("axes", rank);
        return [Reduce(call, axes.Count == 0 ? [.. Enumerable.Range(0, rank)] : axes, type)];
    }

    private static Shape Reduce(CallSite call, IReadOnlyList<int> axes, ElementType type)
    {
        var x = call.Tensor("x");
        var keep = call.Flag("keepdim");
        var left = x.Axes.Select((d, i) => (Size: axes.Contains(i) ? Dim.One : d, Stays: keep || !axes.Contains(i)));
        return new Shape(left.Where(a => a.Stays).Select(a => a.Size).ToEquatableArray(), type);
    }
}
