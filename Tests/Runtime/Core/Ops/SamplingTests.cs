using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

public sealed class SamplingTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Values_are_those_of_the_definition(int seed)
    {
        var (map, points, mode, padding, corners) = PlainSampling.Random(new Random(seed));
        manual_seed(seed);
        using var x = rand(map, ScalarType.Float64);
        using var grid = rand(points, ScalarType.Float64).mul(3).sub(1.5);
        using var found = Op.grid_sample(x, grid, mode, padding, corners);
        var expected = PlainSampling.Values(x.data<double>().ToArray(), map, grid.data<double>().ToArray(), points, mode, padding, corners);
        var numbers = found.contiguous().data<double>().ToArray();
        Assert.Equal([2, 3, .. points[1..^1]], found.shape);
        for (var i = 0; i < numbers.Length; i++) Tensors.Near(expected[i], numbers[i], 1e-12);
    }

    [Theory]
    [InlineData("zeros", false)]
    [InlineData("zeros", true)]
    [InlineData("border", true)]
    [InlineData("reflection", false)]
    public void Gradients_are_those_of_differences(string padding, bool corners)
    {
        manual_seed(3);
        using var x = rand([1, 2, 4, 5], ScalarType.Float64);
        using var grid = rand([1, 3, 4, 2], ScalarType.Float64).mul(2.4).sub(1.2).detach();
        Gradients.AreRight(t => Op.grid_sample(t[0], t[1], padding: padding, alignCorners: corners), x, grid);
        using var volume = rand([1, 2, 3, 4, 2], ScalarType.Float64);
        using var places = rand([1, 2, 2, 2, 3], ScalarType.Float64).mul(2.4).sub(1.2).detach();
        Gradients.AreRight(t => Op.grid_sample(t[0], t[1], padding: padding, alignCorners: corners), volume, places);
    }

    [Fact]
    public void Unknown_names_are_refused()
    {
        using var x = zeros(1, 1, 2, 2);
        using var grid = zeros(1, 1, 1, 2);
        Assert.Throws<ArgumentException>(() => Op.grid_sample(x, grid, "cubic"));
        Assert.Throws<ArgumentException>(() => Op.grid_sample(x, grid, padding: "circular"));
    }
}
