using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>The names of one generated class: what each name of the block is called in its members, and which of them are fields.</summary>
internal sealed class BlockContext
{
    private readonly Dictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _statics = new(StringComparer.Ordinal);

    /// <param name="bound">The block.</param>
    /// <param name="className">Its class.</param>
    /// <param name="isBackbone">Whether it is an architecture.</param>
    /// <param name="levelMap">What turns a level of an architecture into a map, or null.</param>
    public BlockContext(BoundBlock bound, string className, bool isBackbone, Code? levelMap = null)
    {
        Bound = bound;
        ClassName = className;
        IsBackbone = isBackbone;
        Members = new NameScope();
        foreach (var name in ReservedNames.Types) Members.Reserve(name);
        foreach (var name in isBackbone ? ReservedNames.Backbone : ReservedNames.Module) Members.Reserve(name);
        Members.Reserve(className);
        foreach (var t in bound.Tensors) _states[t.Name] = Members.Take(t.Name);
        foreach (var c in bound.Constants) _states[c.Name] = Members.Take(c.Name);
        foreach (var m in bound.Modules) _modules[m.Name] = Members.Take(m.Name);
        // A child may bear the name of a static value; the static one is then the private field with a number.
        foreach (var name in StoredStatics(bound, isBackbone, levelMap)) _statics[name] = Members.Take(name);
    }

    public BoundBlock Bound { get; }

    public string ClassName { get; }

    public bool IsBackbone { get; }

    /// <summary>The names that members of the class have taken.</summary>
    public NameScope Members { get; }

    /// <summary>Static values that methods read, and so are fields: declared name and identifier.</summary>
    public IReadOnlyDictionary<string, string> Stored => _statics;

    /// <summary>The field of a child.</summary>
    public string Module(string name) => _modules[name];

    /// <summary>The C# of a child, or of one inside it.</summary>
    /// <param name="path">Which.</param>
    /// <param name="printer">Prints its indices.</param>
    /// <param name="type">The type of what is called there.</param>
    public string ModuleText(ModulePath path, ExpressionPrinter printer, string type)
    {
        var (text, plan) = (Module(path.Name), (ModulePlan?)Bound.Modules.First(m => m.Name == path.Name).Plan);
        for (var i = 0; i < path.Steps.Count; i++)
        {
            var step = path.Steps[i];
            var key = step.Index is { } index ? printer.Int(index) : Naming.Literal(step.Member!);
            var child = Inside(plan, step);
            // A chain gives its children as modules of one tensor each; others, and chains in it, have their type said.
            var wanted = i == path.Steps.Count - 1 ? type : child is ChainPlan ? "Chain" : TensorTypes.Module(null);
            text += plan is ChainPlan && wanted != TensorTypes.Module(null) ? $".Child<{wanted}>({key})" : $"[{key}]";
            plan = child;
        }

        return text;
    }

    // What is made there; null where the path alone does not tell.
    private static ModulePlan? Inside(ModulePlan? plan, PathStep step) => plan switch
    {
        RepeatPlan r => r.Body,
        ChainPlan c when step.Index is IntLiteral { Value: var index } && index >= 0 && index < c.Children.Count => c.Children[(int)index].Plan,
        ChainPlan c when step.Member is { } name => c.Children.FirstOrDefault(m => m.Name == name)?.Plan,
        _ => null,
    };

    /// <summary>Whether a child is the trunk of an architecture, which gives a list of levels.</summary>
    public bool IsTrunk(ModulePath path) => TrunkNames.At(Plan(path), path) is { } plan && TrunkNames.IsTrunk(plan);

    /// <summary>Where a path calls what leads to one level of a trunk: the trunk, and which level.</summary>
    public (ModulePath Trunk, Expr Level)? Piece(ModulePath path) => TrunkNames.Piece(Plan(path), path);

    private ModulePlan Plan(ModulePath path) => Bound.Modules.First(m => m.Name == path.Name).Plan;

    /// <summary>The field of a parameter, buffer or constant.</summary>
    public string State(string name) => _states[name];

    /// <summary>The type of a static name; what is no parameter, definition or variable is an index or an axis.</summary>
    public StaticKind Kind(string name) => Bound.StaticTypes.TryGetValue(name, out var type) ? StaticKinds.Of(type) : StaticKind.Int64;

    /// <summary>The symbols that the input contract defines: by a lone name, or by <c>H * step</c> with a static factor.</summary>
    /// <param name="inputs">The contract; null: that of the forward.</param>
    public IEnumerable<ContractAxis> Axes(IEnumerable<TensorContract>? inputs = null)
    {
        var seen = new HashSet<string>();
        // A list may be empty, and what is absent has no sizes.
        foreach (var input in (inputs ?? Bound.Block.Inputs).Where(i => !i.IsOptional).OrderBy(i => i.List is not null))
        {
            var rest = input.Axes.ToList().FindIndex(a => a is RangeExpr);
            for (var i = 0; i < input.Axes.Count; i++)
            {
                if (Symbol(input.Axes[i], input.List?.Index) is not var (name, factor) || !seen.Add(name)) continue;
                yield return new ContractAxis(name, factor, input, rest >= 0 && i > rest ? i - input.Axes.Count : i);
            }
        }
    }

    // What stands in an axis: a new name, alone or times something static.
    private (string Name, Expr? Factor)? Symbol(Expr axis, string? index) => axis switch
    {
        NameExpr n => IsStatic(n, index) ? null : (n.Name, null),
        BinaryExpr { Op: "*", Left: NameExpr n, Right: var factor } when !IsStatic(n, index) && IsStatic(factor, index) => (n.Name, factor),
        BinaryExpr { Op: "*", Left: var factor, Right: NameExpr n } when !IsStatic(n, index) && IsStatic(factor, index) => (n.Name, factor),
        _ => null,
    };

    private bool IsStatic(Expr expr, string? index) => ExprTree.Names(expr).All(n => n == index || Bound.StaticTypes.ContainsKey(n));

    /// <summary>Parameters and definitions that the forward, a constant or the map of a level reads.</summary>
    private IEnumerable<string> StoredStatics(BoundBlock bound, bool isBackbone, Code? levelMap)
    {
        var read = new HashSet<string>(
            bound.Constants.Select(c => c.Code).Append(bound.Forward).Concat(bound.Inverse is { } inverse ? [inverse.Code] : []).Concat(levelMap is null ? [] : [levelMap])
                .SelectMany(c => Reads.Nested(c.Body)).SelectMany(Reads.Statics).SelectMany(ExprTree.Names));
        read.UnionWith(Axes(bound.Block.Inputs.Concat(bound.Inverse?.Block.Inputs ?? default)).Where(a => a.Factor is not null).SelectMany(a => ExprTree.Names(a.Factor!)));
        // A backbone checks its input; blocks get what their callers made.
        if (isBackbone) read.UnionWith(bound.Block.Inputs.SelectMany(i => i.Axes).Where(a => a is not RangeExpr).SelectMany(ExprTree.Names));
        return bound.Block.Params.Select(p => p.Name).Concat(bound.Block.Definitions.Select(d => d.Name)).Where(read.Contains);
    }
}

/// <summary>A symbol of an input contract.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Factor">What it is multiplied by in the contract, or null.</param>
/// <param name="Input">The tensor, or the list whose first element it is.</param>
/// <param name="Axis">The axis; negative from the end.</param>
internal sealed record ContractAxis(string Name, Expr? Factor, TensorContract Input, int Axis);
