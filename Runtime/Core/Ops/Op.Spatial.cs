using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Adds to the ends of axes, or takes from them where an amount is negative.</summary>
    /// <param name="x">Any shape; modes other than constant need a batch and a channel axis before the padded ones.</param>
    /// <param name="amounts">Before and after, for the last axis, then for the one before it, and so on.</param>
    /// <param name="mode">What is added.</param>
    /// <param name="value">The value of constant padding.</param>
    public static Tensor pad(Tensor x, long[] amounts, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
        amounts.AsSpan().ContainsAnyExcept(0) ? nn.functional.pad(x, amounts, mode, value) : x.alias();

    /// <summary>Pads an image so that a window makes ceil(size / stride) places, the odd pixel at the end: TensorFlow's SAME.</summary>
    /// <param name="x">[..., H, W].</param>
    /// <param name="kernel">Height and width of the window.</param>
    /// <param name="stride">Its steps.</param>
    /// <param name="dilation">Its gaps.</param>
    /// <param name="value">What is added.</param>
    public static Tensor same_pad(Tensor x, (long H, long W) kernel, (long H, long W) stride, (long H, long W) dilation, double value = 0)
    {
        var height = SameAmount(x.size(-2), kernel.H, stride.H, dilation.H);
        var width = SameAmount(x.size(-1), kernel.W, stride.W, dilation.W);
        return pad(x, [width / 2, width - (width / 2), height / 2, height - (height / 2)], PaddingModes.Constant, value);
    }

    /// <summary>Means of a grid of nearly equal windows.</summary>
    /// <param name="x">[B, C, H, W].</param>
    /// <param name="size">How many windows from top to bottom and from left to right; one number stands for both.</param>
    public static Tensor adaptive_avg_pool2d(Tensor x, long[] size) => nn.functional.adaptive_avg_pool2d(x, Two(size));

    /// <summary>Maxima of a grid of nearly equal windows.</summary>
    /// <inheritdoc cref="adaptive_avg_pool2d"/>
    public static Tensor adaptive_max_pool2d(Tensor x, long[] size) => nn.functional.adaptive_max_pool2d(x, Two(size));

    private static long SameAmount(long size, long kernel, long stride, long dilation)
    {
        var places = (size + stride - 1) / stride;
        return Math.Max(0, ((places - 1) * stride) + ((kernel - 1) * dilation) + 1 - size);
    }
}
