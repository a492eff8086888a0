using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>conv2d with TensorFlow's SAME padding: each axis becomes ceil(size / stride).</summary>
    /// <param name="x">[B, C, H, W].</param>
    /// <param name="weight">[O, C / groups, kh, kw].</param>
    /// <param name="bias">[O] or null.</param>
    /// <param name="stride">One or two steps.</param>
    /// <param name="dilation">One or two gaps.</param>
    /// <param name="groups">How many groups of channels.</param>
    public static Tensor conv2d_same(Tensor x, Tensor weight, Tensor? bias, long[] stride, long[] dilation, long groups)
    {
        using var padded = same_pad(x, (weight.size(2), weight.size(3)), Pair(stride), Pair(dilation));
        return F.conv2d(padded, weight, bias!, strides: Two(stride), dilation: Two(dilation), groups: groups);
    }

    /// <summary>max_pool2d with TensorFlow's SAME padding, of minus infinity.</summary>
    /// <inheritdoc cref="conv2d_same"/>
    public static Tensor max_pool2d_same(Tensor x, long[] kernel, long[] stride)
    {
        using var padded = same_pad(x, Pair(kernel), Pair(stride), (1, 1), double.NegativeInfinity);
        return F.max_pool2d(padded, Two(kernel), Two(stride));
    }

    /// <summary>avg_pool2d with TensorFlow's SAME padding, whose zeros count.</summary>
    /// <inheritdoc cref="conv2d_same"/>
    public static Tensor avg_pool2d_same(Tensor x, long[] kernel, long[] stride)
    {
        using var padded = same_pad(x, Pair(kernel), Pair(stride), (1, 1));
        return F.avg_pool2d(padded, Two(kernel), Two(stride));
    }

    /// <summary>The windows of an image as columns: [B, C kh kw, places].</summary>
    /// <inheritdoc cref="conv2d_same"/>
    public static Tensor unfold(Tensor x, long[] kernel, long[] dilation, long[] padding, long[] stride) =>
        F.unfold(x, Pair(kernel), Pair(dilation), Pair(padding), Pair(stride));

    private static (long, long) Pair(long[] values) => (values[0], values[^1]);

    private static long[] Two(long[] values) => [values[0], values[^1]];
}
