using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

public sealed class SpectrumTests
{
    // The definition: X[u, v] = scale * sum of x[h, w] exp(-2 pi i (u h / H + v w / W)).
    [Theory]
    [InlineData(4, 6, "backward")]
    [InlineData(5, 7, "ortho")]
    [InlineData(3, 8, "forward")]
    public void The_transform_is_that_of_its_definition(int height, int width, string norm)
    {
        manual_seed(1);
        using var x = rand([2, height, width, 3], ScalarType.Float64);
        using var spectrum = Op.rfft(x, [1, 2], norm);
        using var back = Op.irfft(spectrum, width, [1, 2], norm);

        Assert.Equal([2, height, (width / 2) + 1, 3, 2], spectrum.shape);
        var (numbers, found) = (x.data<double>().ToArray(), spectrum.contiguous().data<double>().ToArray());
        var scale = norm switch { "ortho" => 1 / Math.Sqrt(height * width), "forward" => 1.0 / (height * width), _ => 1 };
        var at = 0;
        for (var b = 0; b < 2; b++)
        {
            for (var u = 0; u < height; u++)
            {
                for (var v = 0; v <= width / 2; v++)
                {
                    for (var c = 0; c < 3; c++)
                    {
                        var (real, imaginary) = (0.0, 0.0);
                        for (var h = 0; h < height; h++)
                        {
                            for (var w = 0; w < width; w++)
                            {
                                var (sine, cosine) = Math.SinCos(-2 * Math.PI * (((double)u * h / height) + ((double)v * w / width)));
                                var value = numbers[((((b * height) + h) * width) + w) * 3 + c] * scale;
                                (real, imaginary) = (real + (value * cosine), imaginary + (value * sine));
                            }
                        }

                        Tensors.Near(real, found[at++], 1e-12);
                        Tensors.Near(imaginary, found[at++], 1e-12);
                    }
                }
            }
        }

        using var difference = back.sub(x).abs().max();
        Assert.True(difference.item<double>() < 1e-12);
    }

    [Fact]
    public void Pairs_multiply_as_complex_numbers()
    {
        using var a = Tensors.Of([2, 2], 1, 2, 3, -1);
        using var b = Tensors.Of([1, 2], 2, 5);
        using var product = Op.complex_mul(a, b);
        Tensors.Near([-8, 9, 11, 13], Tensors.Values(product), 1e-6);
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        manual_seed(1);
        using var x = rand([2, 4, 5], ScalarType.Float64);
        using var weight = rand([4, 3, 2], ScalarType.Float64);
        Gradients.AreRight(t => Op.irfft(Op.complex_mul(Op.rfft(t[0], [-2, -1], "ortho"), t[1]), 5, [-2, -1], "ortho"), x, weight);
    }

    [Fact]
    public void An_unknown_norm_is_refused()
    {
        using var x = zeros(2, 2);
        Assert.Throws<ArgumentException>(() => Op.rfft(x, [0], "unitary"));
    }
}
