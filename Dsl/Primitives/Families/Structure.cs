using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>The same elements in another arrangement.</summary>
internal static class Structure
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("identity(tensor x)", "x.", c => [c.Tensor("x")], s => s.Fill("{x}.alias()")) { IsView = true },
        new("detach(tensor x)", "x, through which no gradient flows.", c => [c.Tensor("x")], s => s.Fill("{x}.detach()")) { IsView = true },
        new("contiguous(tensor x)", "x, its elements in order in memory.", c => [c.Tensor("x")], s => s.Fill("{x}.contiguous()")),
        new("reshape(tensor x, int[] shape)", "The elements in order, in another shape; one size may be -1: what is left.", InferReshape, s => s.Fill("{x}.reshape({shape})")) { IsView = true },
        new("permute(tensor x, int[] order)", "Axis i of the result is axis order[i] of x.", InferPermute, s => $"{s["x"]}.permute({s["order"]})") { IsView = true },
        new("transpose(tensor x, int a, int b)", "Axes a and b change places.", InferTranspose, s => s.Fill("{x}.transpose({a}, {b})")) { IsView = true },
        new("flatten(tensor x, int start = 0, int end = -1)", "Axes start to end as one.", InferFlatten, s => s.Fill("{x}.flatten({start}, {end})")) { IsView = true },
        new("squeeze(tensor x, int axis)", "Without an axis, whose size is 1.", InferSqueeze, s => s.Fill("{x}.squeeze({axis})")) { IsView = true },
        new("unsqueeze(tensor x, int axis)", "With a new axis of size 1, which is axis 'axis' of the result.", InferUnsqueeze, s => s.Fill("{x}.unsqueeze({axis})")) { IsView = true },
        new("expand(tensor x, int[] shape)", "Axes of size 1 repeated to the sizes given, without a copy; -1 keeps a size; new axes stand in front.", InferExpand, s => $"{s["x"]}.expand({s["shape"].TrimStart('[').TrimEnd(']')})") { IsView = true },
        new("flip(tensor x, int[] axes)", "Axes reversed.", c => { _ = c.AxisList("axes", c.Tensor("x").Rank); return [c.Tensor("x")]; }, s => s.Fill("{x}.flip({axes})")),
        new("roll(tensor x, int[] shifts, int[] axes)", "Element i of an axis goes to (i + shift) mod size.", InferRoll, s => s.Fill("Op.roll({x}, {shifts}, {axes})")),
        new("pad(tensor x, int[] amounts, [Literal] string mode = \"constant\", double value = 0)",
            "Axes made longer at both ends; amounts in torch's order, the last axis first: [left, right, top, bottom, ..]; negative ones cut. mode: constant, reflect, replicate or circular.",
            InferPad, EmitPad),
        new("pixel_shuffle(tensor x, int factor)", "[B, C r^2, H, W] to [B, C, H r, W r] (Shi et al. 2016, arXiv:1609.05158).", InferShuffle, s => s.Fill("F.pixel_shuffle({x}, {factor})")),
        new("pixel_unshuffle(tensor x, int factor)", "[B, C, H r, W r] to [B, C r^2, H, W].", InferUnshuffle, s => s.Fill("F.pixel_unshuffle({x}, {factor})")),
        new("interpolate(tensor x, int[] size, string mode = \"bilinear\", bool align_corners = false, bool antialias = false)",
            "x[B, C, H, W] resized to [B, C, h, w]: nearest, bilinear, area (means, as adaptive_avg_pool2d) or bicubic (a = -0.75; with antialias -0.5 and the kernel widened by the scale, as PIL does). A sequence x[B, C, L] by nearest, linear or area, a volume x[B, C, D, H, W] by nearest, trilinear or area.",
            InferInterpolate, s => s.Fill("Op.interpolate({x}, {size}, {mode}, {align_corners}, {antialias})")),
    ];

    private static Shape[] InferReshape(CallSite call)
    {
        var x = call.Tensor("x");
        var shape = call.Ints("shape");
        var open = shape.Select((d, i) => (d, i)).Where(p => p.d.Literal == -1).Select(p => p.i).ToList();
        if (open.Count > 1) throw new ShapeException("Only one size of reshape may be -1.", Rules.Arguments);
        if (shape.FirstOrDefault(d => d.Value < -1) is { } wrong) throw new ShapeException($"A size cannot be negative; found {wrong.Describe()}.");
        var known = shape.Where((_, i) => !open.Contains(i)).Aggregate(Dim.One, (a, b) => a * b);
        if (open.Count == 0)
        {
            call.RequireEqual(x.Count, known, $"Elements of {x.Describe()} and of [{string.Join(", ", shape)}]");
            return [x with { Axes = shape.ToEquatableArray() }];
        }

        if (known.Value == 0) throw new ShapeException("A size beside -1 is 0.");
        call.RequireMultiple(x.Count, known, $"Elements of {x.Describe()} by the sizes given");
        return [x with { Axes = shape.Select((d, i) => open.Contains(i) ? call.Simplify(x.Count / known) : d).ToEquatableArray() }];
    }

    private static Shape[] InferPermute(CallSite call)
    {
        var x = call.Tensor("x");
        var order = call.AxisList("order", x.Rank);
        if (order.Count != x.Rank) throw new ShapeException($"permute takes all {x.Rank} axes of {x.Describe()}; found {order.Count}.");
        return [x with { Axes = order.Select(i => x[i]).ToEquatableArray() }];
    }

    private static Shape[] InferTranspose(CallSite call)
    {
        var x = call.Tensor("x");
        var (a, b) = (call.Axis("a", x.Rank), call.Axis("b", x.Rank));
        return [x.With(a, x[b]).With(b, x[a])];
    }

    private static Shape[] InferFlatten(CallSite call)
    {
        var x = call.Tensor("x");
        var (start, end) = (call.Axis("start", x.Rank), call.Axis("end", x.Rank));
        if (start > end) throw new ShapeException($"flatten goes from an axis to a later one; found {start} to {end}.");
        var merged = x.Axes.Skip(start).Take(end - start + 1).Aggregate(Dim.One, (a, b) => a * b);
        return [x with { Axes = (EquatableArray<Dim>)[.. x.Axes.Take(start), merged, .. x.Axes.Skip(end + 1)] }];
    }

    private static Shape[] InferSqueeze(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        call.RequireEqual(x[axis], Dim.One, $"Axis {axis} of {x.Describe()}, which squeeze removes,");
        return [x with { Axes = x.Axes.Where((_, i) => i != axis).ToEquatableArray() }];
    }

    private static Shape[] InferUnsqueeze(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank + 1);
        return [x with { Axes = (EquatableArray<Dim>)[.. x.Axes.Take(axis), Dim.One, .. x.Axes.Skip(axis)] }];
    }

    private static Shape[] InferExpand(CallSite call)
    {
        var x = call.Tensor("x");
        var shape = call.Ints("shape");
        var added = shape.Count - x.Rank;
        if (added < 0) throw new ShapeException($"expand needs a size for each axis of {x.Describe()}; found {shape.Count}.");
        var axes = shape.Select((d, i) =>
        {
            if (i < added) return d.Literal == -1 ? throw new ShapeException("A new axis of expand cannot be -1.") : d;
            if (d.Literal == -1) return x[i - added];
            if (x[i - added].Value != 1) call.RequireEqual(x[i - added], d, $"Axis {i - added} of {x.Describe()}, which is not 1, and its size after expand");
            return d;
        });
        return [x with { Axes = axes.ToEquatableArray() }];
    }

    private static Shape[] InferRoll(CallSite call)
    {
        var axes = call.AxisList("axes", call.Tensor("x").Rank);
        var shifts = call.Ints("shifts");
        return axes.Count == shifts.Count ? [call.Tensor("x")] : throw new ShapeException($"roll takes a shift for each axis; found {shifts.Count} shifts and {axes.Count} axes.", Rules.Arguments);
    }

    private static Shape[] InferPad(CallSite call)
    {
        var x = call.Tensor("x");
        var amounts = call.Ints("amounts");
        var mode = call.Choice("mode", "constant", "reflect", "replicate", "circular");
        if (amounts.Count % 2 != 0 || amounts.Count > 2 * x.Rank) throw new ShapeException($"pad takes two amounts for an axis, the last axis first, at most {2 * x.Rank} for {x.Describe()}; found {amounts.Count}.", Rules.Arguments);
        if (mode != "constant" && amounts.Count > 2 * (x.Rank - 2)) throw new ShapeException($"mode \"{mode}\" pads the axes after batch and channels only; x is {x.Describe()}.", Rules.Arguments);
        var result = x;
        for (var i = 0; i < amounts.Count; i += 2)
        {
            var axis = -1 - (i / 2);
            if (mode == "reflect")
            {
                foreach (var amount in new[] { amounts[i], amounts[i + 1] }) call.RequireAtLeast(x[axis], amount + 1, $"Axis {axis} of {x.Describe()} and its reflected padding plus 1");
            }

            result = result.With(axis, x[axis] + amounts[i] + amounts[i + 1]);
        }

        return [result];
    }

    private static string EmitPad(EmitSite site)
    {
        if (site.IsDefault("mode")) return site.Fill(site.IsDefault("value") ? "Op.pad({x}, {amounts})" : "Op.pad({x}, {amounts}, value: {value})");
        var mode = site.Literal("mode")!;
        return site.Fill($"Op.pad({{x}}, {{amounts}}, PaddingModes.{char.ToUpperInvariant(mode[0])}{mode.Substring(1)})");
    }

    private static Shape[] InferShuffle(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C r^2, H, W]");
        var r = call.Int("factor");
        call.RequireMultiple(x[1], r * r, "Channels by the square of the factor");
        return [Shape.Of(x[0], x[1] / (r * r), x[2] * r, x[3] * r)];
    }

    private static Shape[] InferUnshuffle(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C, H r, W r]");
        var r = call.Int("factor");
        call.RequireMultiple(x[2], r, "Height by the factor");
        call.RequireMultiple(x[3], r, "Width by the factor");
        return [Shape.Of(x[0], x[1] * r * r, x[2] / r, x[3] / r)];
    }

    private static Shape[] InferInterpolate(CallSite call)
    {
        var x = call.Tensor("x");
        if (x.Rank is < 3 or > 5) throw new ShapeException($"'x' of interpolate is [B, C, L], [B, C, H, W] or [B, C, D, H, W]; found {x.Describe()}.");
        var size = call.Ints("size", x.Rank - 2);
        var mode = call.Choice("mode", "nearest", "linear", "bilinear", "trilinear", "bicubic", "area");
        var axes = mode switch { "linear" => 1, "bilinear" or "bicubic" => 2, "trilinear" => 3, _ => x.Rank - 2 };
        if (axes != x.Rank - 2) throw new ShapeException($"mode \"{mode}\" resizes {axes} axes after batch and channels; x is {x.Describe()}.", Rules.Arguments);
        if (mode is "nearest" or "area" && (call.Flag("align_corners") || call.Flag("antialias"))) throw new ShapeException($"mode \"{mode}\" has neither align_corners nor antialias.", Rules.Arguments);
        if (call.Flag("antialias") && axes != 2) throw new ShapeException("antialias is for maps, \"bilinear\" and \"bicubic\".", Rules.Arguments);
        if (call.Flag("align_corners") && call.Flag("antialias")) throw new ShapeException("antialias goes with align_corners=false.", Rules.Arguments);
        return [Shape.Of([x[0], x[1], .. size])];
    }
}
