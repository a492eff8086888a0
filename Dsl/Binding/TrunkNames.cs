using Notochord.Dsl.Ir;

namespace Notochord.Dsl.Binding;

/// <summary>What is known of a trunk's levels before it runs: static lists under the name of the module, <c>body.channels</c>.</summary>
public static class TrunkNames
{
    /// <summary>Channels of each level.</summary>
    public const string Channels = "channels";

    /// <summary>How much smaller than the image each level is.</summary>
    public const string Reductions = "reductions";

    /// <summary>The static names that a trunk of this name brings.</summary>
    public static IEnumerable<string> Of(string module) => [$"{module}.{Channels}", $"{module}.{Reductions}"];

    /// <summary>The module and the list that a static name means; null when it means another thing.</summary>
    public static (string Module, string List)? Parse(string name)
        => name.LastIndexOf('.') is > 0 and var dot && name.Substring(dot + 1) is Channels or Reductions ? (name.Substring(0, dot), name.Substring(dot + 1)) : null;

    /// <summary>Whether a plan makes a trunk: an architecture's, or that of a parameter.</summary>
    public static bool IsTrunk(ModulePlan plan) => plan switch
    {
        Construct c => c.Target.Applied is { IsTrunk: true },
        ConstructParam c => c.IsTrunk,
        Choose c => IsTrunk(c.Then) && IsTrunk(c.Else),
        _ => false,
    };
}
