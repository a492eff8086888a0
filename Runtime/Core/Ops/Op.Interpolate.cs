using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Resizes an image.</summary>
    /// <param name="x">[B, C, H, W].</param>
    /// <param name="size">The new height and width in pixels.</param>
    /// <param name="mode"><c>nearest</c>, <c>bilinear</c>, <c>bicubic</c> or <c>area</c>.</param>
    /// <param name="alignCorners">Whether the centres of the corner pixels coincide; only for bilinear and bicubic.</param>
    /// <param name="antialias">Whether the kernel is as wide as a new pixel where the image gets smaller; only for bilinear and bicubic.</param>
    public static Tensor interpolate(Tensor x, long[] size, string mode = "nearest", bool alignCorners = false, bool antialias = false)
    {
        var (height, width) = Pair(size);
        if (x.size(-2) == height && x.size(-1) == width) return x.alias();
        var (kind, corners) = mode switch
        {
            "nearest" => (InterpolationMode.Nearest, (bool?)null),
            "bilinear" => (InterpolationMode.Bilinear, alignCorners),
            "bicubic" => (InterpolationMode.Bicubic, alignCorners),
            "area" => (InterpolationMode.Area, (bool?)null),
            _ => throw new ArgumentException($"The mode '{mode}' is unknown; known are nearest, bilinear, bicubic and area.", nameof(mode)),
        };
        if (!antialias) return nn.functional.interpolate(x, size: [height, width], mode: kind, align_corners: corners);

        // TorchSharp 0.99 has no antialias. The kernel is separable, so each axis is one product with a small matrix.
        using var rows = Resampling(x.size(-2), height, mode, x);
        using var columns = Resampling(x.size(-1), width, mode, x);
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
