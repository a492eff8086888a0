namespace Notochord;

/// <summary>How a model holds the tensor of a feature level.</summary>
public enum FeatureLayout
{
    /// <summary>[B, C, H, W]; of inputs that are no images [B, C, L], [B, C, T, H, W].</summary>
    ChannelsFirst,

    /// <summary>[B, H, W, C], given out as a [B, C, H, W] view; likewise [B, T, H, W, C].</summary>
    ChannelsLast,

    /// <summary>[B, N, C] tokens (or any other shape), given out as they are.</summary>
    Tokens,
}
