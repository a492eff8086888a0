namespace Notochord.Generators.Emit;

/// <summary>A feature level of a variant, as far as generated code states it.</summary>
/// <param name="Name">The module that makes it.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Reduction">Its stride.</param>
/// <param name="ChannelsLast">Whether the module gives [B, H, W, C].</param>
/// <param name="IsMap">Whether it has height and width.</param>
internal sealed record LevelInfo(string Name, long Channels, long Reduction, bool ChannelsLast, bool IsMap)
{
    /// <summary>The C# that makes the <c>FeatureInfo</c>.</summary>
    public string CSharp()
    {
        var layout = !IsMap ? "Tokens" : ChannelsLast ? "ChannelsLast" : null;
        return $"new({Naming.Literal(Name)}, {Channels}, {Reduction}{(layout is null ? "" : $", FeatureLayout.{layout}")})";
    }
}
