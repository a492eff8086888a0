using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

[Collection("counts tensors")]
public sealed class NeighborhoodTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 60));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Windows_are_those_of_the_definition(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var windows = PlainWindows.Random(random, out var sizes, out var arguments);
        var (kernel, stride, dilation, causal, border) = ((long[])arguments[0], (long[])arguments[1], (long[])arguments[2], (long[])arguments[3], (string)arguments[4]);
        long[] leading = random.Next(2) == 0 ? [2] : [2, 1];
        const int channels = 3;
        Tensor Values(long last) => tensor(Enumerable.Range(0, (int)(2 * windows.Count.Positions * last)).Select(_ => random.NextDouble() - 0.5).ToArray(), ScalarType.Float64).reshape([.. leading, .. sizes, last]);
        double[] Numbers(Tensor x) => x.contiguous().data<double>().ToArray();

        var (q, k, v, weights) = (Values(channels), Values(channels), Values(channels), Values(windows.Count.Keys));
        var scores = Op.neighborhood_qk(q, k, kernel, stride, dilation, causal, border);
        var sums = Op.neighborhood_av(weights, v, kernel, stride, dilation, causal, border);

        Assert.Equal([.. leading, .. sizes, windows.Count.Keys], scores.shape);
        Assert.Equal(v.shape, sums.shape);
        Near(windows.Scores(Numbers(q), Numbers(k), 2, channels), Numbers(scores));
        Near(windows.Sums(Numbers(weights), Numbers(v), 2, channels), Numbers(sums));
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var index = Op.neighborhood_index(sizes[axis], kernel[axis], stride[axis], dilation[axis], causal[axis], border);
            Assert.Equal(Enumerable.Range(0, (int)sizes[axis]).SelectMany(p => windows.Along(axis, p)), index.data<long>().ToArray());
        }
    }

    [Theory]
    [InlineData(2, 2, 0, "clamp")]
    [InlineData(1, 1, 0, "zero")]
    [InlineData(1, 1, 1, "clamp")]
    public void Gradients_are_those_of_differences(long stride, long dilation, long causal, string border)
    {
        manual_seed(1);
        using var q = rand([1, 6, 5, 2], ScalarType.Float64);
        using var k = rand([1, 6, 5, 2], ScalarType.Float64);
        using var v = rand([1, 6, 5, 2], ScalarType.Float64);
        Gradients.AreRight(
            x =>
            {
                var weights = Op.neighborhood_qk(x[0], x[1], [3, 2], [stride], [dilation], [causal, 0], border).softmax(-1);
                return Op.neighborhood_av(weights, x[2], [3, 2], [stride], [dilation], [causal, 0], border);
            },
            q, k, v);
    }

    [Fact]
    public void Weights_of_a_position_are_a_convolution_of_its_own()
    {
        using var scope = NewDisposeScope();
        var image = rand(1, 1, 5, 7);
        var kernel = rand(1, 1, 3, 3);
        var weights = kernel.reshape(1, 1, 1, 9).expand(1, 5, 7, 9);
        var sums = Op.neighborhood_av(weights, image.reshape(1, 5, 7, 1), [3, 3], [1], [1], [0], "zero");
        Tensors.Near(Tensors.Values(nn.functional.conv2d(image, kernel, padding: [1, 1])), Tensors.Values(sums), 1e-5);
    }

    [Fact]
    public void A_window_that_does_not_fit_is_refused()
    {
        using var x = zeros(1, 5, 5, 2);
        Assert.Contains("at least 14; found 5", Assert.Throws<ArgumentException>(() => Op.neighborhood_qk(x, x, [7, 7], [1], [2], [0], "clamp")).Message, StringComparison.Ordinal);
        Assert.Contains("stride 4", Assert.Throws<ArgumentException>(() => Op.neighborhood_index(5, 3, 4, 1, 0, "clamp")).Message, StringComparison.Ordinal);
        Assert.Contains("'wrap'", Assert.Throws<ArgumentException>(() => Op.neighborhood_index(5, 3, 1, 1, 0, "wrap")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Op.neighborhood_qk(x, x, [3, 3, 3, 3], [1], [1], [0], "clamp"));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var x = rand(1, 5, 6, 2);
        using var weights = rand(1, 5, 6, 9);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        foreach (var border in new[] { "clamp", "zero" })
        {
            Op.neighborhood_qk(x, x, [3, 3], [1], [1], [0], border).Dispose();
            Op.neighborhood_av(weights, x, [3, 3], [1], [1], [0], border).Dispose();
            Op.neighborhood_index(5, 3, 1, 1, 0, border).Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(expected[i].Equals(found[i]) || Math.Abs(expected[i] - found[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {found[i]}");
    }
}
