namespace Notochord.Training.Data;

/// <summary>Light changes of an image that keep its class, drawn anew each time that it is seen.</summary>
/// <param name="MaxShift">Largest shift in pixels, each direction and each axis on its own; what comes in is background (byte 0).</param>
/// <param name="Flip">Whether half of the images are mirrored left to right.</param>
public sealed record Augmentation(int MaxShift = 0, bool Flip = false)
{
    /// <summary>Images as they are.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>Draws one change and writes the changed image, normalised.</summary>
    internal void Write(ReadOnlySpan<byte> image, LabelledImages images, Span<float> target, ref SplitMix random)
    {
        var shiftX = MaxShift > 0 ? random.Next((2 * MaxShift) + 1) - MaxShift : 0;
        var shiftY = MaxShift > 0 ? random.Next((2 * MaxShift) + 1) - MaxShift : 0;
        var mirror = Flip && random.Next(2) == 1;
        var (height, width, values) = (images.Height, images.Width, images.Values);
        var background = values[0];
        for (var row = 0; row < images.Channels * height; row++)
        {
            var (channel, y) = (row / height, (row % height) - shiftY);
            var line = target.Slice(row * width, width);
            if (y < 0 || y >= height)
            {
                line.Fill(background);
                continue;
            }
            var source = image.Slice(((channel * height) + y) * width, width);
            for (var column = 0; column < width; column++)
            {
                var x = (mirror ? width - 1 - column : column) - shiftX;
                line[column] = (uint)x < (uint)width ? values[source[x]] : background;
            }
        }
    }
}
