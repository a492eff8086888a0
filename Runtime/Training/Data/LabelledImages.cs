namespace Notochord.Training.Data;

/// <summary>Images of one size with a class each, held in memory as bytes.</summary>
public sealed class LabelledImages
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <summary>Takes the arrays without a copy.</summary>
    /// <param name="pixels">Bytes in the order image, channel, row, column.</param>
    /// <param name="labels">One class index per image.</param>
    /// <param name="channels">Channels of each image.</param>
    /// <param name="height">Rows of each image.</param>
    /// <param name="width">Columns of each image.</param>
    /// <param name="classes">The classes' names, in the order of their indices.</param>
    /// <param name="scale">How bytes become the numbers that a model sees.</param>
    /// <exception cref="InvalidDataException">The sizes disagree, or a label names no class.</exception>
    public LabelledImages(byte[] pixels, byte[] labels, int channels, int height, int width, IReadOnlyList<string> classes, PixelScale scale)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var size = (long)channels * height * width;
        if (pixels.Length != labels.Length * size)
            throw new InvalidDataException(
                $"{labels.Length} labels need {labels.Length} images of {channels}x{height}x{width} = {labels.Length * size} bytes; there are {pixels.Length}");
        var wrong = Array.FindIndex(labels, label => label >= classes.Count);
        if (wrong >= 0)
            throw new InvalidDataException($"label {wrong} is {labels[wrong]}; the {classes.Count} classes are numbered 0 to {classes.Count - 1}");

        (_pixels, _labels) = (pixels, labels);
        (Channels, Height, Width) = (channels, height, width);
        (Classes, Scale) = (classes, scale);
        for (var value = 0; value < Values.Length; value++) Values[value] = scale.Apply((byte)value);
    }

    /// <summary>The number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Channels of each image.</summary>
    public int Channels { get; }

    /// <summary>Rows of each image.</summary>
    public int Height { get; }

    /// <summary>Columns of each image.</summary>
    public int Width { get; }

    /// <summary>The classes' names, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How bytes become the numbers that a model sees.</summary>
    public PixelScale Scale { get; }

    /// <summary>The normalised value of each byte, so that a batch costs a look-up a pixel.</summary>
    internal float[] Values { get; } = new float[256];

    /// <summary>The class of image <paramref name="index"/>.</summary>
    public int LabelOf(int index) => _labels[index];

    /// <summary>The bytes of image <paramref name="index"/>: channel, row, column.</summary>
    public ReadOnlySpan<byte> PixelsOf(int index)
    {
        var size = Channels * Height * Width;
        return _pixels.AsSpan(index * size, size);
    }

    /// <summary>The first <paramref name="count"/> images, for a quick look or a short test; all of them when there are fewer.</summary>
    public LabelledImages Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (count >= Count) return this;
        return new LabelledImages(_pixels[..(count * Channels * Height * Width)], _labels[..count], Channels, Height, Width, Classes, Scale);
    }
}

/// <summary>Maps a byte to <c>(value / 255 - Mean) / Deviation</c>.</summary>
/// <param name="Mean">The mean of the training images, between 0 and 1.</param>
/// <param name="Deviation">Their standard deviation, above 0.</param>
public readonly record struct PixelScale(float Mean, float Deviation)
{
    /// <summary>The normalised value of a byte.</summary>
    public float Apply(byte value) => ((value / 255f) - Mean) / Deviation;
}
