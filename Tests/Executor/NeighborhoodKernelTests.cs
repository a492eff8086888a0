using System.Globalization;
using static TorchSharp.torch;

namespace Notochord.Tests;

public class NeighborhoodKernelTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(101, 30));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WindowsAreThoseOfTheDefinition(int seed)
    {
        var windows = PlainWindows.Random(new Random(seed), out var sizes, out var arguments);
        var axes = string.Join(", ", sizes.Select((_, i) => $"S{i}"));
        var texts = string.Join(", ", arguments.Select(a => a is long[] list ? $"[{string.Join(", ", list)}]" : $"\"{a}\""));
        using var scores = Declarations.Forward($"x[2, B, {axes}, D]", $"(q, k) = unbind(x, 0);\nreturn neighborhood_qk(q, k, {texts});");
        using var sums = Declarations.Forward(
            $"x[B, {axes}, E]", $"(weights, v) = split(x, [{windows.Count.Keys}, E - {windows.Count.Keys.ToString(CultureInfo.InvariantCulture)}], -1);\nreturn neighborhood_av(weights, v, {texts});");
        const int channels = 3;
        manual_seed(seed);
        using var qk = rand([2, 2, .. sizes, channels], ScalarType.Float64);
        using var weights = rand([2, .. sizes, windows.Count.Keys], ScalarType.Float64);
        using var v = rand([2, .. sizes, channels], ScalarType.Float64);
        using var both = cat([weights, v], -1);

        using var found = scores.Forward(qk);
        Near(windows.Scores(Numbers(qk[0]), Numbers(qk[1]), 2, channels), Numbers(found));
        using var summed = sums.Forward(both);
        Near(windows.Sums(Numbers(weights), Numbers(v), 2, channels), Numbers(summed));
    }

    [Fact]
    public void PositionsOfAnAxisWithAbsentKeys()
    {
        using var net = Declarations.Forward("x[B, N]", "return neighborhood_index(N, 3, dilation=2, border=\"zero\", like=x);");
        using var x = zeros(1, 5);
        using var index = net.Forward(x);
        Assert.Equal([-1, 0, 2, -1, 1, 3, 0, 2, 4, 1, 3, -1, 2, 4, -1], index.data<long>().ToArray());
    }

    [Fact]
    public void AnAxisShorterThanTheWindowIsRefusedByAGuard()
    {
        using var net = Declarations.Forward("x[B, N, D]", "return neighborhood_qk(x, x, 3, dilation=2);");
        using var x = zeros(1, 5, 2);
        Assert.Contains("N >= 6", Assert.Throws<Notochord.Guards.ShapeGuardException>(() => net.Forward(x)).Message, StringComparison.Ordinal);
    }

    private static double[] Numbers(Tensor x) => x.contiguous().data<double>().ToArray();

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(expected[i].Equals(found[i]) || Math.Abs(expected[i] - found[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {found[i]}");
    }
}
