using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Discrete Fourier transform of a real tensor; the last of the axes keeps size / 2 + 1 frequencies.</summary>
    /// <param name="x">Real, any shape.</param>
    /// <param name="axes">Which axes.</param>
    /// <param name="norm"><c>backward</c>, <c>ortho</c> or <c>forward</c>.</param>
    /// <returns>[..., 2]: real and imaginary part.</returns>
    public static Tensor rfft(Tensor x, long[] axes, string norm = "backward")
    {
        using var spectrum = fft.rfftn(x, dim: axes, norm: Norm(norm));
        return spectrum.view_as_real();
    }

    /// <summary>The inverse of <see cref="rfft"/>.</summary>
    /// <param name="x">[..., 2]: real and imaginary part.</param>
    /// <param name="size">The size of the last of the axes in the result, which the frequencies leave open between two.</param>
    /// <param name="axes">Which axes, counted without that of the pairs.</param>
    /// <param name="norm">As in the forward transform.</param>
    public static Tensor irfft(Tensor x, long size, long[] axes, string norm = "backward")
    {
        using var spectrum = Complex(x);
        var sizes = new long[axes.Length];
        for (var i = 0; i < axes.Length; i++) sizes[i] = i == axes.Length - 1 ? size : spectrum.size((int)axes[i]);
        return fft.irfftn(spectrum, sizes, axes, Norm(norm));
    }

    /// <summary>Product of complex pairs.</summary>
    /// <param name="a">[..., 2]: real and imaginary part.</param>
    /// <param name="b">The same; the axes before the last broadcast.</param>
    public static Tensor complex_mul(Tensor a, Tensor b)
    {
        using var x = Complex(a);
        using var y = Complex(b);
        using var product = x.mul(y);
        return product.view_as_real();
    }

    private static Tensor Complex(Tensor pairs)
    {
        using var dense = pairs.contiguous();
        return dense.view_as_complex();
    }

    private static FFTNormType Norm(string norm) => norm switch
    {
        "backward" => FFTNormType.Backward,
        "ortho" => FFTNormType.Ortho,
        "forward" => FFTNormType.Forward,
        _ => throw new ArgumentException($"The norm '{norm}' is unknown; known are backward, ortho and forward.", nameof(norm)),
    };
}
