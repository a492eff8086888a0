namespace Notochord;

/// <summary>How a model holds the tensor of a feature level.</summary>
public enum FeatureLayout
{
    /// <summary>[B, C, H, W].</summary>
    ChannelsFirst,

    /// <summary>[B, H, W, C], given out as a [B, C, H, W] view.</summary>
    ChannelsLast,

    /// <summary>[B, N, C] tokens (or any other shape), given out as they are.</summary>
    Tokens,
}
