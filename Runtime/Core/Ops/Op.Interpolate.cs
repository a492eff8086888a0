using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Resizes an image, a sequence or a volume.</summary>
    /// <param name="x">[B, C, H, W], [B, C, L] or [B, C, D, H, W].</param>
    /// <param name="size">The new size of each axis after the channels; one number stands for all.</param>
    /// <param name="mode"><c>nearest</c>, <c>area</c>, or by the number of axes <c>linear</c>, <c>bilinear</c>, <c>bicubic</c>, <c>trilinear</c>.</param>
    /// <param name="alignCorners">Whether the centres of the corner pixels coincide; not for nearest and area.</param>
    /// <param name="antialias">Whether the kernel is as wide as a new pixel where the image gets smaller; only for bilinear and bicubic.</param>
    /// <exception cref="ArgumentException">The mode is unknown.</exception>
    public static Tensor interpolate(Tensor x, long[] size, string mode = "nearest", bool alignCorners = false, bool antialias = false)
    {
        var axes = (int)x.dim() - 2;
        if (size.Length == 1 && axes > 1) size = [.. Enumerable.Repeat(size[0], axes)];
        var same = true;
        for (var i = 0; i < axes; i++) same &= x.size(i + 2) == size[i];
        if (same) return x.alias();
        var (kind, corners) = mode switch
        {
            "nearest" => (InterpolationMode.Nearest, (bool?)null),
            "linear" => (InterpolationMode.Linear, alignCorners),
            "bilinear" => (InterpolationMode.Bilinear, alignCorners),
            "trilinear" => (InterpolationMode.Trilinear, alignCorners),
            "bicubic" => (InterpolationMode.Bicubic, alignCorners),
            "area" => (InterpolationMode.Area, (bool?)null),
            _ => throw new ArgumentException($"The mode '{mode}' is unknown; known are nearest, linear, bilinear, trilinear, bicubic and area.", nameof(mode)),
        };
        if (!antialias) return nn.functional.interpolate(x, size: size, mode: kind, align_corners: corners);

        // TorchSharp 0.99 has no antialias. The kernel is separable, so each axis is one product with a small matrix.
        using var rows = Resampling(x.size(-2), size[0], mode, x);
        using var columns = Resampling(x.size(-1), size[1], mode, x);
        using var across = columns.transpose(0, 1);
        using var wide = x.matmul(across);
        return rows.matmul(wide);
    }

    // Row i: how much each old pixel counts for new pixel i (Pillow, libImaging/Resample.c, precompute_coeffs).
    private static Tensor Resampling(long from, long to, string mode, Tensor like)
    {
        var (support, kernel) = mode == "bicubic" ? (2.0, (Func<double, double>)Cubic) : (1.0, Triangle);
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        var weights = new double[to, from];
        for (var i = 0L; i < to; i++)
        {
            var centre = scale * (i + 0.5);
            var first = Math.Max(0, (long)(centre - (support * stretch) + 0.5));
            var last = Math.Min(from, (long)(centre + (support * stretch) + 0.5));
            var sum = 0.0;
            for (var j = first; j < last; j++) sum += weights[i, j] = kernel((j - centre + 0.5) / stretch);
            for (var j = first; j < last; j++) weights[i, j] /= sum;
        }

        return tensor(weights, like.dtype, like.device);
    }

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));

    // Keys 1981 with a = -0.5, as Pillow and torch have it where they antialias.
    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((((A + 2) * x) - (A + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A : 0;
    }
}
