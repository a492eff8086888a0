using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Pools over the axes behind the channels of [B, C, H, W] and [B, C, T, H, W].</summary>
internal static class Pools
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("max_pool2d(tensor x, int[] kernel, int[] stride = [], int[] padding = 0, int[] dilation = 1, bool ceil_mode = false)",
            "The largest of each window of x[B, C, H, W]; padding counts as minus infinity; stride [] is the kernel. ceil_mode also takes a last window that leaves the padded input, if it starts inside.",
            c => Infer(c, 2, "dilation"), s => $"F.max_pool2d({s["x"]}, {s["kernel"]}, {Stride(s)}, {s["padding"]}, {s["dilation"]}, {s["ceil_mode"]})"),
        new("avg_pool2d(tensor x, int[] kernel, int[] stride = [], int[] padding = 0, bool ceil_mode = false, bool count_include_pad = true)",
            "The mean of each window of x[B, C, H, W]; stride [] is the kernel; count_include_pad=false divides by the number of positions inside the input.",
            c => Infer(c, 2, null), s => $"F.avg_pool2d({s["x"]}, {s["kernel"]}, {Stride(s)}, {s["padding"]}, {s["ceil_mode"]}, {s["count_include_pad"]})"),
        new("max_pool3d(tensor x, int[] kernel, int[] stride = [], int[] padding = 0, int[] dilation = 1, bool ceil_mode = false)",
            "max_pool2d over the three axes of x[B, C, T, H, W].",
            c => Infer(c, 3, "dilation"), s => $"F.max_pool3d({s["x"]}, {s["kernel"]}, {Stride(s)}, {s["padding"]}, {s["dilation"]}, {s["ceil_mode"]})"),
        new("avg_pool3d(tensor x, int[] kernel, int[] stride = [], int[] padding = 0, bool ceil_mode = false, bool count_include_pad = true)",
            "avg_pool2d over the three axes of x[B, C, T, H, W].",
            c => Infer(c, 3, null), s => $"F.avg_pool3d({s["x"]}, {s["kernel"]}, {Stride(s)}, {s["padding"]}, {s["ceil_mode"]}, {s["count_include_pad"]})"),
        new("max_pool2d_same(tensor x, int[] kernel, int[] stride)",
            "max_pool2d with TensorFlow's SAME padding (of minus infinity): each axis becomes ceil(size / stride).",
            InferSame, s => s.Fill("Op.max_pool2d_same({x}, {kernel}, {stride})")),
        new("avg_pool2d_same(tensor x, int[] kernel, int[] stride)",
            "avg_pool2d with TensorFlow's SAME padding, the zeros counted: each axis becomes ceil(size / stride).",
            InferSame, s => s.Fill("Op.avg_pool2d_same({x}, {kernel}, {stride})")),
        new("adaptive_avg_pool2d(tensor x, int[] size)",
            "Means over windows from floor(i H / h) to ceil((i + 1) H / h), and likewise for W: [B, C, h, w].",
            InferAdaptive, s => s.Fill("Op.adaptive_avg_pool2d({x}, {size})")),
        new("adaptive_max_pool2d(tensor x, int[] size)",
            "The largest over windows from floor(i H / h) to ceil((i + 1) H / h), and likewise for W: [B, C, h, w].",
            InferAdaptive, s => s.Fill("Op.adaptive_max_pool2d({x}, {size})")),
    ];

    private static string Stride(EmitSite site) => site.IsEmpty("stride") ? site["kernel"] : site["stride"];

    private static Shape[] Infer(CallSite call, int axes, string? dilation)
    {
        var x = call.Tensor("x", axes + 2, axes == 2 ? "[B, C, H, W]" : "[B, C, T, H, W]");
        var windows = Windows.Read(call, Windows.Kernel(call, "kernel", axes), "stride", "padding", dilation);
        foreach (var w in windows)
        {
            if (w.Padding.Value * 2 > w.Kernel.Value) throw new ShapeException($"Padding of a pool is at most half of its kernel; found padding {w.Padding.Describe()} and kernel {w.Kernel.Describe()}.");
        }

        return [Shape.Of([x[0], x[1], .. windows.Select((w, i) => Windows.Positions(call, x[i + 2], w, call.Flag("ceil_mode"), "Pool"))])];
    }

    private static Shape[] InferSame(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C, H, W]");
        var windows = Windows.Read(call, Windows.Kernel(call, "kernel", 2), "stride", null, null);
        return [Shape.Of([x[0], x[1], .. windows.Select((w, i) => Dim.CeilDiv(x[i + 2], w.Stride))])];
    }

    private static Shape[] InferAdaptive(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C, H, W]");
        return [Shape.Of([x[0], x[1], .. Windows.Kernel(call, "size", 2)])];
    }
}
