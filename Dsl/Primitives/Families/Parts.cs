using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Tensors joined, and taken apart.</summary>
internal static class Parts
{
    private static readonly string ToTheEnd = long.MaxValue.ToString();

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("cat(tensor[] tensors, int axis = 0)", "Tensors one after the other along an axis; their other axes are equal.", InferCat, s => s.Fill("torch.cat({tensors}, {axis})")),
        new("stack(tensor[] tensors, int axis = 0)", "Tensors of one shape along a new axis.", InferStack, s => s.Fill("torch.stack({tensors}, {axis})")),
        new("split(tensor x, int[] sizes, int axis = 0)", "Parts of these sizes along an axis: (a, b) = split(x, [n, m], 1).", InferSplit, s => s.Fill("{x}.split({sizes}, {axis})"))
        {
            ResultCount = c => c.Ints("sizes").Count, IsView = true,
        },
        new("chunk(tensor x, int parts, int axis = 0)", "Equal parts along an axis: (q, k, v) = chunk(qkv, 3, -1).", InferChunk, s => s.Fill("{x}.chunk({parts}, {axis})"))
        {
            ResultCount = c => (int)c.Known("parts"), IsView = true,
        },
        new("unbind(tensor x, int axis = 0)", "The slices along an axis, without it: (q, k, v) = unbind(qkv, 0).", InferUnbind, s => s.Fill("{x}.unbind({axis})"))
        {
            ResultCount = CountOfUnbind, IsView = true,
        },
        new($"slice(tensor x, int axis, int start = 0, int stop = {ToTheEnd})",
            "Elements start to stop (exclusive) of an axis: what x[.., a..b] becomes; a negative bound counts from the end.", InferSlice,
            s => $"{s["x"]}.slice({s["axis"]}, {s["start"]}, {(s.IsDefault("stop") ? "long.MaxValue" : s["stop"])}, 1)") { IsView = true },
        new("select(tensor x, int axis, int index)", "One element of an axis, which disappears: what x[.., i] becomes; a negative index counts from the end.", InferSelect, s => s.Fill("{x}.select({axis}, {index})")) { IsView = true },
        new("take(tensor table, tensor index)", "Rows of table[n, ..] by integers index[..]: [index axes.., ..].", InferTake, s => s.Fill("{table}.index({index})")),
        new("gather(tensor x, tensor index, int axis)", "x at the integers of index along an axis: out[i][j] = x[i][index[i][j]] for axis 1; index has the axes of x, none longer.", InferGather, s => s.Fill("{x}.gather({axis}, {index})")),
        new("one_hot(tensor index, int classes)", "A new last axis with 1 at the index and 0 elsewhere, as integers.", c => [Shape.Of([.. Expect.Integers(c, "index").Axes, c.Int("classes")]) with { Type = ElementType.Int }], s => s.Fill("F.one_hot({index}, {classes})")),
        new("tril(tensor x, int diagonal = 0)", "Zero above a diagonal of the last two axes.", InferMatrix, s => s.Fill("{x}.tril({diagonal})")),
        new("triu(tensor x, int diagonal = 0)", "Zero below a diagonal of the last two axes.", InferMatrix, s => s.Fill("{x}.triu({diagonal})")),
    ];

    private static Shape[] InferCat(CallSite call)
    {
        var tensors = NotEmpty(call);
        var first = tensors[0];
        var axis = call.Axis("axis", first.Rank);
        var size = first[axis];
        foreach (var t in tensors.Skip(1))
        {
            if (t.Rank != first.Rank) throw new ShapeException($"cat joins tensors with the same number of axes; found {first.Describe()} and {t.Describe()}.");
            for (var i = 0; i < t.Rank; i++)
            {
                if (i != axis) call.RequireEqual(first[i], t[i], $"Axis {i} of {first.Describe()} and {t.Describe()}, joined along axis {axis}");
            }

            size += t[axis];
        }

        return [first.With(axis, call.Simplify(size)) with { Type = tensors.Select(t => t.Type).Aggregate(CallSite.Promote) }];
    }

    private static Shape[] InferStack(CallSite call)
    {
        var tensors = NotEmpty(call);
        var first = tensors[0];
        foreach (var t in tensors.Skip(1))
        {
            if (t.Rank != first.Rank) throw new ShapeException($"stack takes tensors of one shape; found {first.Describe()} and {t.Describe()}.");
            for (var i = 0; i < t.Rank; i++) call.RequireEqual(first[i], t[i], $"Axis {i} of {first.Describe()} and {t.Describe()}, which are stacked");
        }

        var axis = call.Axis("axis", first.Rank + 1);
        return [first with { Axes = (EquatableArray<Dim>)[.. first.Axes.Take(axis), tensors.Count, .. first.Axes.Skip(axis)], Type = tensors.Select(t => t.Type).Aggregate(CallSite.Promote) }];
    }

    private static IReadOnlyList<Shape> NotEmpty(CallSite call)
        => call.Tensors("tensors") is { Count: > 0 } tensors ? tensors : throw new ShapeException("A list of at least one tensor is needed.", Rules.Arguments);

    private static Shape[] InferSplit(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        var sizes = call.Ints("sizes");
        call.RequireEqual(x[axis], sizes.Aggregate(Dim.Zero, (a, b) => a + b), $"Axis {axis} of {x.Describe()} and the sum of the sizes of split");
        return [.. sizes.Select(s => x.With(axis, s))];
    }

    private static Shape[] InferChunk(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        var parts = call.Known("parts");
        if (parts < 1) throw new ShapeException($"'parts' must be at least 1; found {parts}.", Rules.Arguments);
        call.RequireMultiple(x[axis], call.Int("parts"), $"Axis {axis} of {x.Describe()} by the number of parts");
        return [.. Enumerable.Repeat(x.With(axis, call.Simplify(x[axis] / call.Int("parts"))), (int)parts)];
    }

    private static int CountOfUnbind(CallSite call)
    {
        var x = call.Tensor("x");
        var size = x[call.Axis("axis", x.Rank)];
        return (int)(size.Value ?? throw new ShapeException($"unbind needs an axis whose size is known at build time; it is {size} of {x.Describe()}.", Rules.NotStatic));
    }

    private static Shape[] InferUnbind(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        return [.. Enumerable.Repeat(x with { Axes = x.Axes.Where((_, i) => i != axis).ToEquatableArray() }, CountOfUnbind(call))];
    }

    private static Shape[] InferSlice(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        var size = x[axis];
        var what = $"Slice of axis {axis} of {x.Describe()}";
        var start = FromStart(call.Int("start"), size);
        var stop = call.Int("stop").Literal == long.MaxValue ? size : FromStart(call.Int("stop"), size);
        call.RequireAtLeast(start, Dim.Zero, $"{what}, start");
        call.RequireAtLeast(stop, start, $"{what}, stop and start");
        if (!stop.Equals(size)) call.RequireAtLeast(size, stop, $"{what}, size and stop");
        return [x.With(axis, call.Simplify(stop - start))];
    }

    private static Dim FromStart(Dim bound, Dim size) => bound.Value < 0 ? size + bound : bound;

    private static Shape[] InferSelect(CallSite call)
    {
        var x = call.Tensor("x");
        var axis = call.Axis("axis", x.Rank);
        var index = FromStart(call.Int("index"), x[axis]);
        call.RequireAtLeast(index, Dim.Zero, $"Index into axis {axis} of {x.Describe()}");
        call.RequireAtLeast(x[axis], index + 1, $"Axis {axis} of {x.Describe()} and the index plus 1");
        return [x with { Axes = x.Axes.Where((_, i) => i != axis).ToEquatableArray() }];
    }

    private static Shape[] InferTake(CallSite call)
    {
        var (table, index) = (Expect.Rank(call, "table", 1, "the first to be indexed"), Expect.Integers(call, "index"));
        return [table with { Axes = (EquatableArray<Dim>)[.. index.Axes, .. table.Axes.Skip(1)] }];
    }

    private static Shape[] InferGather(CallSite call)
    {
        var (x, index) = (call.Tensor("x"), Expect.Integers(call, "index"));
        var axis = call.Axis("axis", x.Rank);
        if (x.Rank != index.Rank) throw new ShapeException($"gather takes an index with the axes of x {x.Describe()}; found {index.Describe()}.");
        for (var i = 0; i < x.Rank; i++)
        {
            if (i != axis && !x[i].Equals(index[i])) call.RequireAtLeast(x[i], index[i], $"Axis {i} of x {x.Describe()} and index {index.Describe()}");
        }

        return [index with { Type = x.Type }];
    }

    private static Shape[] InferMatrix(CallSite call) => [Expect.Rank(call, "x", 2, "the last two a matrix")];
}
