using Notochord.Training.Data;
using TorchSharp;

namespace Notochord.Tests.Training;

public sealed class BatchesTests
{
    private const int Count = 103;

    // Image i is one pixel of value i, so that a batch tells which images it holds.
    private static readonly LabelledImages Numbered = new(
        [.. Enumerable.Range(0, Count).Select(i => (byte)i)], [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 3))],
        1, 1, 1, ["a", "b", "c"], new PixelScale(0, 1));

    [Fact]
    public void An_epoch_has_each_image_at_most_once_and_leaves_out_only_the_rest()
    {
        var seen = Order(seed: 1, epoch: 0, size: 10);

        Assert.Equal(100, seen.Count);
        Assert.Equal(100, seen.Distinct().Count());
    }

    [Fact]
    public void The_order_follows_from_seed_and_epoch()
    {
        Assert.Equal(Order(1, 0, 10), Order(1, 0, 10));
        Assert.NotEqual(Order(1, 0, 10), Order(1, 1, 10));
        Assert.NotEqual(Order(1, 0, 10), Order(2, 0, 10));
        // A seed's second epoch is not its neighbour's first.
        Assert.NotEqual(Order(1, 1, 10), Order(2, 0, 10));
    }

    [Fact]
    public void Every_image_comes_first_about_as_often()
    {
        var first = new int[Count];
        for (ulong seed = 0; seed < 5_000; seed++) first[Order(seed, 0, 1, take: 1)[0]]++;

        // Mean 48.5, deviation 7: seven deviations either way.
        Assert.All(first, times => Assert.InRange(times, 5, 100));
    }

    [Fact]
    public void Fewer_images_than_a_batch_make_one_small_batch()
    {
        Assert.Equal(1, Batches.CountShuffled(Numbered, 1_000));
        Assert.Equal(Count, Order(1, 0, 1_000).Count);
    }

    [Fact]
    public void In_order_gives_all_images_with_their_labels()
    {
        var next = 0;
        foreach (var batch in Batches.InOrder(Numbered, 10, torch.CPU))
        {
            using (batch)
            {
                var (pixels, labels) = (batch.Images.data<float>().ToArray(), batch.Labels.data<long>().ToArray());
                for (var i = 0; i < batch.Count; i++, next++)
                {
                    Assert.Equal(next, (int)MathF.Round(pixels[i] * 255));
                    Assert.Equal(next % 3, labels[i]);
                }
            }
        }
        Assert.Equal(Count, next);
    }

    private static List<int> Order(ulong seed, int epoch, int size, int take = int.MaxValue)
    {
        var order = new List<int>();
        foreach (var batch in Batches.Shuffled(Numbered, size, seed, epoch, Augmentation.None, torch.CPU).Take(take))
        {
            using (batch) order.AddRange(batch.Images.data<float>().ToArray().Select(value => (int)MathF.Round(value * 255)));
        }
        return order;
    }
}
