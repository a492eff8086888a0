using System.Collections.Immutable;

namespace Notochord;

/// <summary>What is known of a feature level before any input: the same for every one.</summary>
/// <param name="Name">The module that makes it, as <c>layers.2</c>.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Reduction">Its stride: the image's height and width over the level's; of another input that of its only axis, or of the last but one; 0 where it has none.</param>
/// <param name="Layout">How the model holds it.</param>
public sealed record FeatureInfo(string Name, int Channels, int Reduction, FeatureLayout Layout = FeatureLayout.ChannelsFirst)
{
    private readonly ImmutableArray<int> reductions;

    /// <summary>Its strides, axis by axis without batch and channels: [16, 16] of an image's map, [2, 16, 16] of a clip's.</summary>
    public ImmutableArray<int> Reductions
    {
        get => !reductions.IsDefault ? reductions : Layout == FeatureLayout.Tokens ? [Reduction] : [Reduction, Reduction];
        init => reductions = value;
    }

    /// <summary>Its number among the levels of the whole model, where others of them are gone; -1: its place.</summary>
    public int Level { get; init; } = -1;

    /// <inheritdoc/>
    public bool Equals(FeatureInfo? other) =>
        other is not null && (Name, Channels, Reduction, Layout, Level) == (other.Name, other.Channels, other.Reduction, other.Layout, other.Level) && Reductions.AsSpan().SequenceEqual(other.Reductions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Channels, Reduction, Layout, Level);
}
