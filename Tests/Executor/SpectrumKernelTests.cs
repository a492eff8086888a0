using static TorchSharp.torch;

namespace Notochord.Tests;

public class SpectrumKernelTests
{
    [Theory]
    [InlineData(5, 7)]
    [InlineData(8, 1)]
    public void TheCosineTransformIsThatOfItsDefinition(long height, long width)
    {
        using var forward = Declarations.Forward("x[B, H, W, C]", "return dct(x, [1, 2]);");
        using var inverse = Declarations.Forward("x[B, H, W, C]", "return idct(dct(x, [1, 2]), [2, 1]);");
        using var x = Random(2, height, width, 3);
        var rows = PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Cosine);
        Near(PlainSpectra.Along(rows, x.shape, 2, PlainSpectra.Cosine), forward.Forward(x));
        Near(Numbers(x), inverse.Forward(x));
    }

    [Fact]
    public void TheHadamardTransformIsThatOfItsDefinition()
    {
        using var natural = Declarations.Forward("x[B, N]", "return hadamard(x, norm=\"backward\");");
        using var walsh = Declarations.Forward("x[B, N]", "return hadamard(x, -1, \"sequency\", \"backward\");");
        using var twice = Declarations.Forward("x[B, N]", "return hadamard(hadamard(x));");
        using var x = Random(2, 16);
        Near(PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Sylvester), natural.Forward(x));
        Near(PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Walsh), walsh.Forward(x));
        Near(Numbers(x), twice.Forward(x));
        using var odd = zeros(1, 6);
        Assert.Contains("power of two", Assert.ThrowsAny<Exception>(() => twice.Forward(odd)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 5, 6, 5, 0, 0, false)]
    [InlineData(3, 4, 17, 13, 12, 0, false)]
    [InlineData(6, 5, 11, 9, 5, 4, false)]
    [InlineData(7, 8, 3, 1, 2, 0, true)]
    public void ALongConvolutionIsTheDirectOne(long height, long width, long h, long w, long top, long left, bool circular)
    {
        using var net = Declarations.Forward(
            "x[B, C, H, W]", $"return fft_conv(x[..1, .., .., ..], x[1, .., ..{h}, ..{w}], [2, 3], [{top}, {left}], circular={(circular ? "true" : "false")})[.., .., ..{height}, ..{width}];");
        // Both in one input; what is 0 around the smaller ones changes nothing, or there is none.
        using var both = zeros(2, 3, Math.Max(height, h), Math.Max(width, w), ScalarType.Float64);
        using var x = Random(1, 3, height, width);
        using var weight = Random(3, h, w);
        both[TensorIndex.Single(0), TensorIndex.Colon, TensorIndex.Slice(0, height), TensorIndex.Slice(0, width)] = x[0];
        both[TensorIndex.Single(1), TensorIndex.Colon, TensorIndex.Slice(0, h), TensorIndex.Slice(0, w)] = weight;
        Near(PlainSpectra.Convolution(Numbers(x), x.shape, Numbers(weight), h, w, [top, left], circular), net.Forward(both));
    }

    private static Tensor Random(params long[] shape)
    {
        manual_seed(shape.Sum());
        return rand(shape, ScalarType.Float64);
    }

    private static double[] Numbers(Tensor x) => x.contiguous().data<double>().ToArray();

    private static void Near(double[] expected, Tensor found)
    {
        var numbers = Numbers(found);
        Assert.Equal(expected.Length, numbers.Length);
        for (var i = 0; i < numbers.Length; i++) Assert.True(Math.Abs(expected[i] - numbers[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {numbers[i]}");
    }
}
