using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Training.Data;

/// <summary>One batch of images on a device.</summary>
/// <param name="Images">float32 [N, C, H, W], normalised.</param>
/// <param name="Labels">int64 [N], class indices.</param>
public sealed record Batch(Tensor Images, Tensor Labels) : IDisposable
{
    /// <summary>The number of images.</summary>
    public int Count => (int)Labels.shape[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}

/// <summary>Cuts a data set into batches.</summary>
public static class Batches
{
    /// <summary>The number of batches that <see cref="Shuffled"/> makes of <paramref name="images"/>: whole ones, but one at least.</summary>
    public static int CountShuffled(LabelledImages images, int size) => Math.Max(1, images.Count / size);

    /// <summary>
    /// Every image once, in an order and with augmentations that follow from the seed and the epoch alone. A last batch that is
    /// not full is left out (batch statistics of a handful of images are noise); its images come in other epochs.
    /// </summary>
    /// <param name="images">What to draw from.</param>
    /// <param name="size">Images a batch, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Which pass over the data, from 0.</param>
    /// <param name="augmentation">What to change.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <returns>Batches, to be disposed by who takes them.</returns>
    public static IEnumerable<Batch> Shuffled(LabelledImages images, int size, ulong seed, int epoch, Augmentation augmentation, Device device)
    {
        // Far from each other for neighbouring seeds and epochs: the generator's own mixing.
        var random = new SplitMix(new SplitMix(seed).Next() + (ulong)epoch);
        var order = new int[images.Count];
        for (var i = 0; i < order.Length; i++)
        {
            // Fisher and Yates, inside out.
            var other = random.Next(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        var count = CountShuffled(images, size);
        for (var i = 0; i < count; i++)
            yield return Gather(images, order.AsSpan(i * size, Math.Min(size, order.Length - (i * size))), augmentation, device, ref random);
    }

    /// <summary>Every image once, in order, unchanged; the last batch may be smaller.</summary>
    /// <returns>Batches, to be disposed by who takes them.</returns>
    public static IEnumerable<Batch> InOrder(LabelledImages images, int size, Device device)
    {
        var random = new SplitMix(0);
        for (var start = 0; start < images.Count; start += size)
        {
            var indices = Enumerable.Range(start, Math.Min(size, images.Count - start)).ToArray();
            yield return Gather(images, indices, Augmentation.None, device, ref random);
        }
    }

    private static Batch Gather(LabelledImages images, ReadOnlySpan<int> indices, Augmentation augmentation, Device device, ref SplitMix random)
    {
        // Written straight into the tensors: an array between would be a megabyte of garbage a step.
        using var scope = torch.NewDisposeScope();
        var pixels = torch.empty([indices.Length, images.Channels, images.Height, images.Width], dtype: ScalarType.Float32);
        var labels = torch.empty([indices.Length], dtype: ScalarType.Int64);
        var pixelValues = MemoryMarshal.Cast<byte, float>(pixels.bytes);
        var labelValues = MemoryMarshal.Cast<byte, long>(labels.bytes);
        var size = images.Channels * images.Height * images.Width;
        for (var i = 0; i < indices.Length; i++)
        {
            augmentation.Write(images.PixelsOf(indices[i]), images, pixelValues.Slice(i * size, size), ref random);
            labelValues[i] = images.LabelOf(indices[i]);
        }
        return new Batch(pixels.to(device).MoveToOuterDisposeScope(), labels.to(device).MoveToOuterDisposeScope());
    }
}
