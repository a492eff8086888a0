using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

public sealed class TransformTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    [InlineData(8, 6)]
    [InlineData(56, 3)]
    public void The_cosine_transform_is_that_of_its_definition_and_comes_back(long height, long width)
    {
        using var x = Random(2, height, width, 3);
        using var spectrum = Op.dct(x, [1, -2]);
        using var back = Op.idct(spectrum, [1, -2]);

        var rows = PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Cosine);
        Near(PlainSpectra.Along(rows, x.shape, 2, PlainSpectra.Cosine), spectrum);
        Near(Numbers(x), back);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(32)]
    public void The_Hadamard_transform_is_that_of_its_definition_and_its_own_inverse(long n)
    {
        using var x = Random(3, n, 4);
        using var natural = Op.hadamard(x, [1], norm: "backward");
        using var walsh = Op.hadamard(x, [1], "sequency", "backward");
        using var twice = Op.hadamard(Op.hadamard(x, [1, 2]), [1, 2]);
        using var back = Op.hadamard(walsh, [1], "sequency", "forward");

        Near(PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Sylvester), natural);
        Near(PlainSpectra.Along(Numbers(x), x.shape, 1, PlainSpectra.Walsh), walsh);
        Near(Numbers(x), twice);
        Near(Numbers(x), back);
    }

    [Fact]
    public void What_is_no_power_of_two_or_has_no_such_order_is_refused()
    {
        using var x = zeros(2, 6);
        Assert.Throws<ArgumentException>(() => Op.hadamard(x, [1]));
        Assert.Throws<ArgumentException>(() => Op.hadamard(x, [0], "dyadic"));
        Assert.Throws<ArgumentException>(() => Op.hadamard(x, [0], norm: "unitary"));
    }

    // Kernels shorter, as long and longer than the signal; the place of the position at its start, middle and end.
    [Theory]
    [InlineData(6, 5, 6, 5, 0, 0, false)]
    [InlineData(6, 5, 3, 2, 1, 1, false)]
    [InlineData(6, 5, 11, 9, 5, 4, false)]
    [InlineData(3, 4, 17, 13, 12, 0, false)]
    [InlineData(6, 5, 6, 5, 0, 4, true)]
    [InlineData(7, 8, 3, 1, 2, 0, true)]
    public void A_long_convolution_is_the_direct_one(long height, long width, long h, long w, long top, long left, bool circular)
    {
        using var x = Random(2, 3, height, width);
        using var weight = Random(3, h, w);
        using var y = Op.fft_conv(x, weight, [2, -1], [top, left], circular);
        Near(PlainSpectra.Convolution(Numbers(x), x.shape, Numbers(weight), h, w, [top, left], circular), y);
    }

    [Fact]
    public void A_long_convolution_of_sequences_is_conv1d()
    {
        using var x = Random(2, 4, 31);
        using var weight = Random(4, 9);
        using var causal = Op.fft_conv(x, weight, [-1], [0]);
        using var direct = nn.functional.conv1d(nn.functional.pad(x, [8, 0]), weight.flip(1).unsqueeze(1), groups: 4);
        Near(Numbers(direct), causal);

        using var all = Op.fft_conv(x.unsqueeze(1), Random(1, 2, 1, 9), [-1], [0]);
        Assert.Equal([2, 2, 4, 31], all.shape);
        Assert.Throws<ArgumentException>(() => Op.fft_conv(x, zeros(4, 32), [-1], [0], circular: true));
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        using var x = Random(2, 4, 5);
        using var weight = Random(4, 6);
        Gradients.AreRight(t => Op.idct(Op.dct(t[0], [1, 2]).mul(t[1]), [2]), x, Random(4, 5));
        Gradients.AreRight(t => Op.hadamard(t[0], [1], "sequency", "forward"), Random(2, 4, 3));
        Gradients.AreRight(t => Op.fft_conv(t[0], t[1], [-1], [2]), Random(2, 4, 5), weight);
        Gradients.AreRight(t => Op.fft_conv(t[0], t[1], [1, 2], [1, 0], circular: true), Random(2, 4, 5), Random(2, 3, 2));
    }

    // Places (i + 0.5) n / m - 0.5 between two neighbours, those at the ends held.
    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 3)]
    [InlineData(4, 16)]
    public void Sequences_are_interpolated_by_the_definition(int length, int size)
    {
        using var x = Random(1, 2, length);
        using var linear = Op.interpolate(x, [size], "linear");
        using var nearest = Op.interpolate(x, [size], "nearest");
        var (numbers, smooth, steps) = (Numbers(x), Numbers(linear), Numbers(nearest));
        for (var i = 0; i < 2 * size; i++)
        {
            var (row, at) = (i / size * length, Math.Max(((i % size + 0.5) * length / size) - 0.5, 0));
            var (left, right) = ((int)at, Math.Min((int)at + 1, length - 1));
            Tensors.Near(numbers[row + left] + ((at - left) * (numbers[row + right] - numbers[row + left])), smooth[i], 1e-12);
            Tensors.Near(numbers[row + (i % size * length / size)], steps[i], 0);
        }
    }

    // A volume is interpolated one axis after the other.
    [Fact]
    public void Volumes_are_interpolated_along_each_axis()
    {
        using var x = Random(1, 2, 3, 4, 5);
        using var y = Op.interpolate(x, [6, 2, 7], "trilinear");
        using var planes = Op.interpolate(x.reshape(1, 6, 4, 5), [2, 7], "bilinear").reshape(1, 2, 3, 14);
        using var expected = Op.interpolate(planes.permute(0, 1, 3, 2).reshape(1, 28, 3), [6], "linear").reshape(1, 2, 14, 6).permute(0, 1, 3, 2).reshape(1, 2, 6, 2, 7);
        Near(Numbers(expected), y);
        using var means = Op.interpolate(x, [1, 1, 1], "area");
        Near(Numbers(x.mean([2, 3, 4])), means);
        Gradients.AreRight(t => Op.interpolate(t[0], [3, 2, 4], "trilinear"), Random(1, 1, 2, 3, 2));
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
        for (var i = 0; i < numbers.Length; i++) Tensors.Near(expected[i], numbers[i], 1e-12);
    }
}
