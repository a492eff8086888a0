using System.Collections.Immutable;

namespace Notochord;

/// <summary>What a declaration says of a model.</summary>
public sealed record BackboneInfo
{
    /// <summary>The architecture, as <c>swin</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The variant, as <c>swin_tiny_patch4_window7_224</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>Where it was published; empty if the declaration does not say.</summary>
    public string Paper { get; init; } = string.Empty;

    /// <summary>The axes of the input as declared, as B, 3, H, W.</summary>
    public required ImmutableArray<string> Input { get; init; }

    /// <summary>The image that the published weights were made for, in pixels; null where any does.</summary>
    public (int Height, int Width)? ImageSize { get; init; }

    /// <summary>The feature levels, from the finest to the coarsest.</summary>
    public ImmutableArray<FeatureInfo> Features { get; init; } = [];

    /// <summary>The classes of the classifier; 0 where there is none.</summary>
    public int NumClasses { get; init; }

    /// <summary>The number of trainable numbers with this many classes, where it is known without building the model.</summary>
    public long? ParameterCount { get; init; }
}
