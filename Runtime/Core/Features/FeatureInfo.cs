namespace Notochord;

/// <summary>What is known of a feature level before any image: the same for every input.</summary>
/// <param name="Name">The module that makes it, as <c>layers.2</c>.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Reduction">Its stride: the image's height and width over the level's.</param>
/// <param name="Layout">How the model holds it.</param>
public sealed record FeatureInfo(string Name, int Channels, int Reduction, FeatureLayout Layout = FeatureLayout.ChannelsFirst)
{
    /// <summary>Its number among the levels of the whole model, where others of them are gone; -1: its place.</summary>
    public int Level { get; init; } = -1;
}
