using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>Walks how children are made.</summary>
internal static class Plans
{
    /// <summary>The plan and those inside it.</summary>
    public static IEnumerable<ModulePlan> All(ModulePlan plan) => (plan switch
    {
        Choose c => All(c.Then).Concat(All(c.Else)),
        ChainPlan c => c.Children.SelectMany(x => All(x.Plan)),
        RepeatPlan r => All(r.Body),
        _ => [],
    }).Prepend(plan);

    /// <summary>The blocks that it makes directly.</summary>
    public static IEnumerable<Construct> Constructs(ModulePlan plan) => All(plan).OfType<Construct>();

    /// <summary>The repetitions that it may be, where all put their elements into the parent under names of their own; else none.</summary>
    public static IReadOnlyList<RepeatPlan> Named(ModulePlan plan) => plan switch
    {
        RepeatPlan { Names: not null } r => [r],
        Choose c when Named(c.Then) is { Count: > 0 } then && Named(c.Else) is { Count: > 0 } otherwise => [.. then, .. otherwise],
        _ => [],
    };

    /// <summary>The static names that it reads.</summary>
    public static IEnumerable<string> Names(ModulePlan plan) => All(plan).SelectMany(p => Expressions(p).SelectMany(ExprTree.Names).Concat(Blocks(p)));

    // Parameters of type block that a plan applies or hands on.
    private static IEnumerable<string> Blocks(ModulePlan plan) => plan switch
    {
        ConstructParam c => [c.Param],
        Construct c => c.Arguments.SelectMany(a => Blocks(a.Value)),
        _ => [],
    };

    private static IEnumerable<string> Blocks(BoundArgumentValue value) => value switch
    {
        ForwardedBlock f => [f.Param],
        BlockArgument b => b.Arguments.SelectMany(a => Blocks(a.Value)),
        ChosenBlock c => Blocks(c.Then).Concat(Blocks(c.Else)),
        _ => [],
    };

    private static IEnumerable<Expr> Expressions(ModulePlan plan) => plan switch
    {
        Choose c => [c.Condition],
        RepeatPlan r => r.Names is null ? [r.Count] : [r.Count, r.Names],
        Construct c => c.Arguments.SelectMany(a => Expressions(a.Value)),
        ConstructParam c => c.Arguments,
        _ => [],
    };

    private static IEnumerable<Expr> Expressions(BoundArgumentValue value) => value switch
    {
        StaticArgument s => [s.Value],
        BlockArgument b => b.Arguments.SelectMany(a => Expressions(a.Value)),
        ChosenBlock c => Expressions(c.Then).Concat(Expressions(c.Else)).Prepend(c.Condition),
        _ => [],
    };
}
