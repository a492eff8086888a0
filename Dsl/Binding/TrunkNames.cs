using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

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

    /// <summary>Whether the levels of what a plan makes have static names: of a trunk, and of trunks side by side (those of the first).</summary>
    public static bool HasLevels(ModulePlan plan) => IsTrunk(plan) || plan is RepeatPlan { Names: null, Body: var body } && IsTrunk(body);

    /// <summary>What leads from one level of a trunk to the next, in a path that calls it: the trunk's path and the level. Null for another path.</summary>
    /// <param name="plan">How the child of the path's name is made.</param>
    /// <param name="path">The path.</param>
    public static (ModulePath Trunk, Expr Level)? Piece(ModulePlan plan, ModulePath path)
    {
        for (var i = 0; i < path.Steps.Count; i++)
        {
            if (IsTrunk(plan)) return i == path.Steps.Count - 1 && path.Steps[i].Index is { } level ? (path with { Steps = path.Steps.Take(i).ToEquatableArray() }, level) : null;
            if (Inside(plan, path.Steps[i]) is not { } inner) return null;
            plan = inner;
        }

        return null;
    }

    /// <summary>How what a path means is made, where the plan of the child of its name tells.</summary>
    public static ModulePlan? At(ModulePlan plan, ModulePath path) => path.Steps.Aggregate((ModulePlan?)plan, (p, step) => p is null ? null : Inside(p, step));

    /// <summary>How a child of what a plan makes is made; null where the plan does not tell.</summary>
    public static ModulePlan? Inside(ModulePlan plan, PathStep step) => plan switch
    {
        RepeatPlan r => r.Body,
        ChainPlan c => step.Member is { } name ? c.Children.FirstOrDefault(x => x.Name == name)?.Plan : c.Children.Count > 0 ? c.Children[0].Plan : null,
        Choose c => Inside(c.Then, step) ?? Inside(c.Else, step),
        _ => null,
    };

    /// <summary>Whether a plan makes a trunk: an architecture's, or that of a parameter.</summary>
    public static bool IsTrunk(ModulePlan plan) => plan switch
    {
        Construct c => c.Target.Applied is { IsTrunk: true },
        ConstructParam c => c.IsTrunk,
        Choose c => IsTrunk(c.Then) && IsTrunk(c.Else),
        _ => false,
    };
}
