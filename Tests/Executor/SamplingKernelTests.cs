using static TorchSharp.torch;

namespace Notochord.Tests;

public class SamplingKernelTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(101, 30));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ValuesAndGradientsAreThoseOfTheDefinitionAndOfTheLibrary(int seed)
    {
        var (map, points, mode, padding, corners) = PlainSampling.Random(new Random(seed));
        // One input: the map's numbers, then the grid's.
        var (area, count) = (map.Aggregate((a, b) => a * b), points.Aggregate((a, b) => a * b));
        using var net = Declarations.Forward(
            "x[N]",
            $"return grid_sample(reshape(x[..{area}], [{string.Join(", ", map)}]), reshape(x[{area}..{area + count}], [{string.Join(", ", points)}]), \"{mode}\", \"{padding}\", {(corners ? "true" : "false")});");
        manual_seed(seed);
        using var x = rand(map, ScalarType.Float64);
        using var grid = rand(points, ScalarType.Float64).mul(3).sub(1.5);
        using var both = cat([x.reshape(-1), grid.reshape(-1)]).detach().requires_grad_();
        using var found = net.Forward(both);

        var expected = PlainSampling.Values(x.data<double>().ToArray(), map, grid.data<double>().ToArray(), points, mode, padding, corners);
        var numbers = found.detach().contiguous().data<double>().ToArray();
        Assert.Equal([2, 3, .. points[1..^1]], found.shape);
        for (var i = 0; i < numbers.Length; i++) Assert.True(Math.Abs(expected[i] - numbers[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {numbers[i]}");

        using var probe = rand(found.shape, ScalarType.Float64);
        found.mul(probe).sum().backward();
        using var other = both.detach().requires_grad_();
        using var library = nn.functional.grid_sample(
            other[..(int)area].reshape(map), other[(int)area..].reshape(points), mode == "nearest" ? GridSampleMode.Nearest : GridSampleMode.Bilinear,
            padding switch { "zeros" => GridSamplePaddingMode.Zeros, "border" => GridSamplePaddingMode.Border, _ => GridSamplePaddingMode.Reflection }, corners);
        library.mul(probe).sum().backward();
        Assert.True(both.grad!.sub(other.grad!).abs().max().item<double>() < 1e-10);
    }
}
