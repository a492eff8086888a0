using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Convolutions over channels-first tensors.</summary>
internal static class Convolutions
{
    private const string Doc = "Cross-correlation of x[B, C, {0}] with weight[O, C / groups, {1}], plus bias[O]: [B, O, ..], each axis floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.";

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("conv1d(tensor x, tensor weight, tensor? bias = none, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)",
            string.Format(Doc, "L", "k"), c => Infer(c, 1),
            s => $"F.conv1d({s["x"]}, {s["weight"]}{s.Options(("bias", "bias"), ("stride", "stride"), ("padding", "padding"), ("dilation", "dilation"), ("groups", "groups"))})") { Macs = Macs },
        new("conv2d(tensor x, tensor weight, tensor? bias = none, int[] stride = 1, int[] padding = 0, int[] dilation = 1, int groups = 1)",
            string.Format(Doc, "H, W", "kh, kw"), c => Infer(c, 2), s => Emit(s, "F.conv2d")) { Macs = Macs },
        new("conv3d(tensor x, tensor weight, tensor? bias = none, int[] stride = 1, int[] padding = 0, int[] dilation = 1, int groups = 1)",
            string.Format(Doc, "T, H, W", "kt, kh, kw"), c => Infer(c, 3), s => Emit(s, "F.conv3d")) { Macs = Macs },
        new("conv2d_same(tensor x, tensor weight, tensor? bias = none, int[] stride = 1, int[] dilation = 1, int groups = 1)",
            "conv2d with TensorFlow's SAME padding: max((ceil(size / stride) - 1) stride + dilation (kernel - 1) + 1 - size, 0) zeros, the odd one at the end, so that each axis becomes ceil(size / stride).",
            InferSame, s => s.Fill("Op.conv2d_same({x}, {weight}, {bias}, {stride}, {dilation}, {groups})")) { Macs = Macs },
        new("conv_transpose2d(tensor x, tensor weight, tensor? bias = none, int[] stride = 1, int[] padding = 0, int[] output_padding = 0, int[] dilation = 1, int groups = 1)",
            "The transpose of conv2d: x[B, C, H, W], weight[C, O / groups, kh, kw]: [B, O, ..], each axis (size - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1.",
            InferTranspose,
            // Positional: the names differ between versions of TorchSharp.
            s => s.Fill("F.conv_transpose2d({x}, {weight}, {bias}, {stride}, {padding}, {output_padding}, {dilation}, {groups})"))
        {
            Macs = c => c.Tensor("x").Count * Kernel(c.Tensor("weight")),
        },
        new("unfold(tensor x, int[] kernel, int[] dilation = 1, int[] padding = 0, int[] stride = 1)",
            "The windows of x[B, C, H, W] as columns: [B, C kh kw, positions] (im2col).",
            InferUnfold, s => s.Fill("Op.unfold({x}, {kernel}, {dilation}, {padding}, {stride})")),
    ];

    private static Dim Macs(CallSite call) => call.Results[0].Count * Kernel(call.Tensor("weight"));

    private static Dim Kernel(Shape weight) => weight.Axes.Skip(1).Aggregate(Dim.One, (a, b) => a * b);

    private static string Emit(EmitSite s, string function)
        => $"{function}({s["x"]}, {s["weight"]}{s.Options(("bias", "bias"), ("stride", "strides"), ("padding", "padding"), ("dilation", "dilation"), ("groups", "groups"))})";

    private static (Shape X, Shape Weight) Check(CallSite call, int n)
    {
        var x = call.Tensor("x", n + 2, n switch { 1 => "[B, C, L]", 2 => "[B, C, H, W]", _ => "[B, C, T, H, W]" });
        var weight = call.Tensor("weight", n + 2, "[out, in / groups, kernel..]");
        var groups = call.Int("groups");
        if (groups.Value < 1) throw new ShapeException($"'groups' must be at least 1; found {groups.Describe()}.");
        call.RequireEqual(x[1], weight[1] * groups, $"Channels of {x.Describe()} and of weight {weight.Describe()} times {groups.Describe()} groups");
        call.RequireMultiple(weight[0], groups, "Output channels by groups");
        Expect.OptionalVector(call, "bias", weight[0], "a convolution");
        return (x, weight);
    }

    private static Shape[] Infer(CallSite call, int n)
    {
        var (x, weight) = Check(call, n);
        var windows = Windows.Read(call, [.. weight.Axes.Skip(2)], "stride", "padding", "dilation");
        var axes = windows.Select((w, i) => Windows.Positions(call, x[i + 2], w, false, "Convolution"));
        return [Shape.Of([x[0], weight[0], .. axes])];
    }

    private static Shape[] InferSame(CallSite call)
    {
        var (x, weight) = Check(call, 2);
        var windows = Windows.Read(call, [.. weight.Axes.Skip(2)], "stride", null, "dilation");
        return [Shape.Of([x[0], weight[0], .. windows.Select((w, i) => Dim.CeilDiv(x[i + 2], w.Stride))])];
    }

    private static Shape[] InferTranspose(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C, H, W]");
        var weight = call.Tensor("weight", 4, "[in, out / groups, kh, kw]");
        call.RequireEqual(x[1], weight[0], $"Channels of {x.Describe()} and of weight {weight.Describe()}");
        call.RequireMultiple(weight[0], call.Int("groups"), "Input channels by groups");
        var channels = weight[1] * call.Int("groups");
        Expect.OptionalVector(call, "bias", channels, "a convolution");
        var windows = Windows.Read(call, [weight[2], weight[3]], "stride", "padding", "dilation");
        var extra = call.Ints("output_padding", 2);
        var axes = windows.Select((w, i) => ((x[i + 2] - 1) * w.Stride) - (w.Padding * 2) + w.Span + extra[i]);
        return [Shape.Of([x[0], channels, .. axes])];
    }

    private static Shape[] InferUnfold(CallSite call)
    {
        var x = call.Tensor("x", 4, "[B, C, H, W]");
        var kernel = Windows.Kernel(call, "kernel", 2);
        var windows = Windows.Read(call, kernel, "stride", "padding", "dilation");
        var positions = windows.Select((w, i) => Windows.Positions(call, x[i + 2], w, false, "unfold")).Aggregate((a, b) => a * b);
        return [Shape.Of(x[0], x[1] * kernel[0] * kernel[1], positions)];
    }
}
