using Notochord.Training.Data;

namespace Notochord.Tests.Training;

public sealed class AugmentationTests
{
    private const int Side = 5;

    // Two channels, every pixel with a value of its own, none of them the background's.
    private static readonly LabelledImages One = new(
        [.. Enumerable.Range(1, 2 * Side * Side).Select(i => (byte)i)], [0], 2, Side, Side, ["only"], new PixelScale(0, 1 / 255f));

    [Fact]
    public void Nothing_asked_is_nothing_changed() =>
        Assert.Equal([.. Enumerable.Range(1, 2 * Side * Side).Select(i => (float)i)], Draw(Augmentation.None, 7));

    [Fact]
    public void Every_draw_is_one_shift_and_flip_of_the_whole_image()
    {
        var legal = new Dictionary<string, int>();
        foreach (var (dx, dy, mirror) in from dx in Steps from dy in Steps from mirror in new[] { false, true } select (dx, dy, mirror))
            legal[Key(Reference(dx, dy, mirror))] = 0;

        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var key = Key(Draw(new Augmentation(MaxShift: 2, Flip: true), seed));
            Assert.True(legal.ContainsKey(key), $"seed {seed} made an image that no shift and flip makes");
            legal[key]++;
        }

        // 50 changes, 40 draws each on average: all of them occur.
        Assert.Equal(50, legal.Count);
        Assert.All(legal.Values, times => Assert.InRange(times, 10, 90));
    }

    private static IEnumerable<int> Steps => Enumerable.Range(-2, 5);

    private static float[] Draw(Augmentation augmentation, ulong seed)
    {
        var random = new SplitMix(seed);
        var target = new float[2 * Side * Side];
        augmentation.Write(One.PixelsOf(0), One, target, ref random);
        return [.. target.Select(value => MathF.Round(value))];
    }

    // Mirror, then shift: written over coordinates instead of lines.
    private static float[] Reference(int dx, int dy, bool mirror)
    {
        var target = new float[2 * Side * Side];
        for (var c = 0; c < 2; c++)
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                {
                    var (toX, toY) = ((mirror ? Side - 1 - (x + dx) : x + dx), y + dy);
                    if (x + dx is >= 0 and < Side && toY is >= 0 and < Side)
                        target[(c * Side * Side) + (toY * Side) + toX] = One.PixelsOf(0)[(c * Side * Side) + (y * Side) + x];
                }
        return target;
    }

    private static string Key(float[] image) => string.Join(',', image);
}
