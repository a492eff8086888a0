using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>A feature level of a variant, as far as generated code states it.</summary>
/// <param name="Name">The module that makes it.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Reduction">Its stride.</param>
/// <param name="ChannelsLast">Whether the module gives [B, H, W, C].</param>
/// <param name="IsMap">Whether it is a map, not tokens.</param>
/// <param name="Reductions">Its strides, axis by axis.</param>
internal sealed record LevelInfo(string Name, long Channels, long Reduction, bool ChannelsLast, bool IsMap, EquatableArray<long> Reductions)
{
    /// <summary>The C# that makes the <c>FeatureInfo</c>.</summary>
    public string CSharp()
    {
        var layout = !IsMap ? "Tokens" : ChannelsLast ? "ChannelsLast" : null;
        // The rule of FeatureInfo.
        long[] usual = IsMap ? [Reduction, Reduction] : [Reduction];
        var strides = usual.SequenceEqual(Reductions) || Reduction == 0 ? "" : $" {{ Reductions = [{string.Join(", ", Reductions)}] }}";
        return $"new({Naming.Literal(Name)}, {Channels}, {Reduction}{(layout is null ? "" : $", FeatureLayout.{layout}")}){strides}";
    }
}
