using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Values of a map between its positions.</summary>
internal static class Sampling
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("grid_sample(tensor x, tensor grid, string mode = \"bilinear\", string padding = \"zeros\", bool align_corners = false)",
            "The values of x[B, C, H, W] at the points grid[B, h, w, 2] of its plane: [B, C, h, w]; or of x[B, C, T, H, W] at grid[B, t, h, w, 3]. The coordinates of a point are those of the last axis first (x, y, z), "
            + "from -1 to 1: from the centre of the first position to that of the last with align_corners, else from border to border. mode: bilinear (in three axes trilinear) or nearest (halves to even). "
            + "padding, of what lies outside: zeros, border (the nearest position) or reflection (at the border; with align_corners at the outermost centres). Jaderberg et al. 2015, Spatial Transformer Networks, arXiv:1506.02025, eq. 5. "
            + "Gradients go to x and, but for nearest, to the grid.",
            Infer, s => s.Fill("Op.grid_sample({x}, {grid}, {mode}, {padding}, {align_corners})")),
    ];

    private static Shape[] Infer(CallSite call)
    {
        _ = call.Choice("mode", "bilinear", "nearest");
        _ = call.Choice("padding", "zeros", "border", "reflection");
        var x = call.Tensor("x");
        if (x.Rank is not (4 or 5)) throw new ShapeException($"'x' of grid_sample has 4 or 5 axes, [B, C, H, W] or [B, C, T, H, W]; found {x.Describe()}.");
        var grid = call.Tensor("grid", x.Rank, x.Rank == 4 ? "[B, h, w, 2]" : "[B, t, h, w, 3]");
        call.RequireEqual(x[0], grid[0], $"Batch of x {x.Describe()} and of grid {grid.Describe()}");
        call.RequireEqual(grid[-1], x.Rank - 2, $"Coordinates of a point of grid {grid.Describe()}");
        return [Shape.Of([x[0], x[1], .. grid.Axes.Skip(1).Take(x.Rank - 2)])];
    }
}
