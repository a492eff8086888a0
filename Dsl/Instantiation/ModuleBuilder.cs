using System.Globalization;
using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Makes <see cref="ModuleType"/>s: blocks with values for their parameters. Equal ones are made once.</summary>
internal sealed class ModuleBuilder
{
    private const int RepeatLimit = 10_000;
    private const int ModuleLimit = 200_000;
    private const int DepthLimit = 64;

    private readonly Binder _binder;
    private readonly InstantiationContext _context;
    private readonly Dictionary<TypeKey, ModuleType?> _types = [];
    private readonly Dictionary<TypeKey, ModuleType?> _given = [];
    private static readonly IReadOnlyDictionary<string, Value> Nothing = new Dictionary<string, Value>();
    private readonly Evaluator _evaluator;
    private IReadOnlyDictionary<string, Value> _names = Nothing;
    private int _modules;
    private int _depth;

    public ModuleBuilder(Binder binder, InstantiationContext context)
    {
        (_binder, _context) = (binder, context);
        _evaluator = new(n => _names[n], a => throw new EvaluationException($"{a.Tensor.Name} has no size here"));
    }

    /// <summary>Initialisers that the architecture puts in place of those of blocks.</summary>
    public InitTable Inits { get; init; } = new();

    /// <summary>Whether modules that cannot differ in shape are one: enough to check, not to run.</summary>
    public bool ShapesOnly { get; init; }

    /// <summary>How many types it keeps.</summary>
    public int Count => _types.Count;

    /// <summary>From here on the modules of another model are counted.</summary>
    public void Begin() => _modules = 0;

    /// <summary>The builder for other initialisers: an architecture applied as a module has its own.</summary>
    public Func<InitTable, ModuleBuilder>? Sibling { get; init; }

    /// <summary>The block with these arguments; the others take their defaults. Null after a diagnostic.</summary>
    /// <param name="block">The block.</param>
    /// <param name="arguments">Values of some of its parameters.</param>
    /// <param name="at">Where it is applied, for findings about the arguments.</param>
    /// <param name="known">The block, bound, where the caller has it.</param>
    public ModuleType? Build(Block block, IReadOnlyDictionary<string, Value> arguments, SourceSpan at, BoundBlock? known = null)
    {
        if ((known ?? _binder.Bind(block)) is not { } bound) return null;
        var opaque = ShapesOnly ? _binder.Opaque(bound) : null;
        // The blocks of a stage are given the same, and the rest follows from that.
        var given = new TypeKey(block, arguments, opaque);
        if (_given.TryGetValue(given, out var type)) return type;
        if (Statics(bound, arguments) is not { } environment) return null;
        if (bound.Applied is not { } applied || Sibling is null) type = Build(bound, environment, opaque, at);
        else type = InitTable.Of(applied, this, environment) is { } inits ? Sibling(inits).Build(bound, environment, opaque, at) : null;
        return _given[given] = type;
    }

    private ModuleType? Build(BoundBlock bound, Dictionary<string, Value> environment, HashSet<string>? opaque, SourceSpan at)
    {
        var key = new TypeKey(bound.Block, environment, opaque);
        if (_types.TryGetValue(key, out var type)) return type;
        if (_depth == DepthLimit)
        {
            _context.Report(Rules.Limit, bound.Block.Span, $"Blocks within blocks deeper than {DepthLimit}: {bound.Block.Name} contains itself and its condition does not end it.");
            return null;
        }

        _depth++;
        type = bound.Block.Applied is { IsTrunk: true } ? Trunk(bound, environment, at) : Make(bound, environment);
        _depth--;
        return _types[key] = type;
    }

    // The whole architecture, then what its forward needs up to the last level that is wanted.
    private ModuleType? Trunk(BoundBlock bound, Dictionary<string, Value> environment, SourceSpan at)
        => Make(bound, environment) is { } whole ? new TrunkBuilder(_binder, this, _context, bound, whole).Build((ListValue)environment[AppliedArchitecture.OutIndices], at) : null;

    private Value? Default(BoundBlock bound, Param p, Dictionary<string, Value> environment)
    {
        if (p.Type == ParamType.Block) return bound.BlockDefaults.TryGetValue(p.Name, out var b) ? Argument(b, environment) : null;
        return p.Default is null ? null : Try(p.Default, environment, p.Type);
    }

    // Inside a module a known integer keeps its name, so that shapes read [B, N, dim] and still are numbers.
    private static Value Named(string name, Value value) => value is IntValue { Dim.Value: { } v } ? new IntValue(Dim.Symbol(name, v)) : Plain(value);

    // The elements of a list and the arguments of a block are plain numbers: a name of the caller's would mean something else in here, and in the next caller that shares the type.
    private static Value Plain(Value value) => value switch
    {
        IntValue { Dim.Value: { } v } => new IntValue(v),
        ListValue list => new ListValue(list.Items.Select(Plain).ToEquatableArray()),
        BlockValue { Bound.Count: > 0 } block => block with { Bound = block.Bound.Select(b => (b.Name, Plain(b.Value))).ToEquatableArray() },
        _ => value,
    };

    /// <summary>Values of all parameters and definitions of a block with these arguments. Null after a diagnostic.</summary>
    public Dictionary<string, Value>? Statics(BoundBlock bound, IReadOnlyDictionary<string, Value> arguments)
    {
        var environment = new Dictionary<string, Value>();
        foreach (var p in bound.Block.Params)
        {
            if ((arguments.TryGetValue(p.Name, out var given) ? given : Default(bound, p, environment)) is not { } value) return null;
            environment[p.Name] = Named(p.Name, value);
        }

        foreach (var d in bound.Block.Definitions)
        {
            if (Try(d.Value, environment, bound.StaticTypes[d.Name]) is not { } value) return null;
            environment[d.Name] = Named(d.Name, value);
        }

        return environment;
    }

    private ModuleType? Make(BoundBlock bound, Dictionary<string, Value> environment)
    {
        var children = new List<Child>();
        foreach (var entry in bound.Modules)
        {
            if (!Add(children, entry.Name, entry.Plan, bound, environment)) return null;
            if (!TrunkNames.HasLevels(entry.Plan)) continue;
            var trunk = children.Find(c => c.Name == entry.Name)?.Type;
            var levels = (trunk is { Levels: null, Children: { Count: > 0 } side } ? side[0].Type : trunk)?.Levels ?? [];
            environment[$"{entry.Name}.{TrunkNames.Channels}"] = new ListValue(levels.Select(l => (Value)new IntValue(l.Channels)).ToEquatableArray());
            environment[$"{entry.Name}.{TrunkNames.Reductions}"] = new ListValue(levels.Select(l => (Value)new IntValue(l.Reduction)).ToEquatableArray());
        }

        foreach (var init in Inits.Where(i => i.Key.Block == bound.Block.Name && i.Key.Tensor.Contains(".")))
        {
            for (var i = 0; i < children.Count; i++) children[i] = children[i] with { Type = WithInit(children[i].Type, children[i].Name, init.Key.Tensor, init.Value) };
        }

        var tensors = new List<TensorSpec>();
        foreach (var t in bound.Tensors)
        {
            if (!Tensors(t, bound.Block, environment, tensors)) return null;
        }

        var type = new ModuleType(bound.Block, environment, children, tensors);
        foreach (var c in bound.Constants)
        {
            if (c.Condition is { } condition)
            {
                if (Try(condition, environment) is not BoolValue exists) return null;
                if (!exists.Flag) continue;
            }

            if (new GraphBuilder(_binder, this, _context).Constant(type, c, environment, tensors) is not { } graph) return null;
            if (c.Role == TensorRole.Parameter && graph.Outputs[0].Shape.Type != ElementType.Float)
            {
                _context.Report(Rules.Type, c.Span, $"The parameter '{c.Name}' would hold integers or truth values, which cannot be trained.", suggestion: "Compute it with cast(.., \"float\"), or declare a buffer.");
                return null;
            }

            tensors.Add(new TensorSpec(c.Name, c.Role, graph.Outputs[0].Shape, "", new Dictionary<string, Value>(), graph, c.Span));
        }

        return type;
    }

    private bool Add(List<Child> children, string name, ModulePlan plan, BoundBlock owner, Dictionary<string, Value> environment)
    {
        if (plan is Choose choose)
        {
            return Try(choose.Condition, environment) is BoolValue condition
                && Add(children, name, condition.Flag ? choose.Then : choose.Else, owner, environment);
        }

        if (plan is RepeatPlan { Names: { } template } repeat)
        {
            return Repeat(repeat, environment, (index, inner, body) =>
            {
                if (Try(template, inner) is not StringValue childName || !Make(body, owner, inner, out var child, out var given)) return false;
                if (children.Exists(c => c.Name == childName.Text))
                {
                    _context.Report(Rules.DuplicateName, template.Span, $"Two modules would be named '{childName.Text}'.");
                    return false;
                }

                if (child is not null) children.Add(new Child(childName.Text, child, given, name, index));
                return true;
            });
        }

        if (!Make(plan, owner, environment, out var type, out var given)) return false;
        if (type is not null) children.Add(new Child(name, type, given));
        return true;
    }

    private bool Repeat(RepeatPlan plan, Dictionary<string, Value> environment, Func<int, Dictionary<string, Value>, ModulePlan, bool> each)
    {
        if (Try(plan.Count, environment) is not IntValue { Dim.Value: { } count }) return false;
        if (count is < 0 or > RepeatLimit)
        {
            _context.Report(Rules.Limit, plan.Span, $"A repetition of {count} modules (0 to {RepeatLimit} are allowed).");
            return false;
        }

        var inner = new Dictionary<string, Value>(environment);
        for (var i = 0; i < count; i++)
        {
            inner[plan.Index] = new IntValue(i);
            if (!each(i, inner, plan.Body)) return false;
        }

        return true;
    }

    // False after a diagnostic; a type of null is an absent module.
    private bool Make(ModulePlan plan, BoundBlock owner, Dictionary<string, Value> environment, out ModuleType? type, out IReadOnlyDictionary<string, Value> given)
    {
        type = null;
        given = Nothing;
        if (++_modules > ModuleLimit)
        {
            _context.Report(Rules.Limit, plan.Span, $"More than {ModuleLimit} modules.");
            return false;
        }

        switch (plan)
        {
            case AbsentModule:
                return true;
            case Choose c:
                return Try(c.Condition, environment) is BoolValue condition && Make(condition.Flag ? c.Then : c.Else, owner, environment, out type, out given);
            case Construct c:
                if (Arguments(c.Arguments, environment) is not { } arguments) return false;
                given = arguments;
                using (_context.Enter(c.Span)) return (type = Build(c.Target, arguments, c.Span)) is not null;
            case ConstructParam c:
                return Apply(c, owner, environment, out type, out given);
            case ChainPlan c:
                var children = new List<Child>();
                foreach (var child in c.Children)
                {
                    if (!Add(children, child.Name, child.Plan, owner, environment)) return false;
                }

                type = Chain(children);
                return true;
            case RepeatPlan r:
                var items = new List<Child>();
                if (!Repeat(r, environment, (i, inner, body) =>
                {
                    if (!Make(body, owner, inner, out var item, out var itemGiven)) return false;
                    if (item is not null) items.Add(new Child(i.ToString(CultureInfo.InvariantCulture), item, itemGiven));
                    return true;
                })) return false;
                type = Chain(items);
                return true;
            default:
                throw new InvalidOperationException(plan.GetType().Name);
        }
    }

    // The child as it is under a parent that initialises one of its tensors in another way.
    private static ModuleType WithInit(ModuleType type, string name, string path, (string Initializer, IReadOnlyDictionary<string, Value> Arguments) init)
    {
        if (!path.StartsWith(name + ".", StringComparison.Ordinal)) return type;
        var rest = path.Substring(name.Length + 1);
        var changed = new ModuleType(
            type.Block,
            type.Arguments,
            [.. type.Children.Select(c => c with { Type = WithInit(c.Type, c.Name, rest, init) })],
            [.. type.Tensors.Select(t => t.Name == rest ? t with { Initializer = init.Initializer, InitializerArguments = init.Arguments, Constant = null } : t)],
            type.Levels);
        if (type.Levels is null) return changed;
        foreach (var graph in type.Graphs) changed.Graphs[graph.Key] = graph.Value;
        return changed;
    }

    private static ModuleType Chain(List<Child> children) => new(null, new Dictionary<string, Value>(), children, []);

    private bool Apply(ConstructParam plan, BoundBlock applier, Dictionary<string, Value> environment, out ModuleType? type, out IReadOnlyDictionary<string, Value> given)
    {
        type = null;
        given = Nothing;
        if (environment[plan.Param] is NoneValue) return true;
        if (environment[plan.Param] is not BlockValue value) return false;
        var block = value.Block;
        if (plan.IsTrunk)
        {
            if (block.Applied is not { IsTrunk: false })
            {
                _context.Report(Rules.Arguments, plan.Span, $"'{plan.Param}' is {value}, which is no architecture, so it has no '.{AppliedArchitecture.Features}'.");
                return false;
            }

            block = AppliedArchitecture.Trunk(block);
        }

        var arguments = value.Bound.ToDictionary(b => b.Name, b => b.Value);
        var open = block.Params.Where(p => !arguments.ContainsKey(p.Name)).ToList();
        if (plan.Arguments.Count > open.Count)
        {
            _context.Report(Rules.Arguments, plan.Span, $"'{plan.Param}' is {value}, which leaves {open.Count} parameters open; {plan.Arguments.Count} arguments are given.");
            return false;
        }

        var slots = applier.BlockParams[plan.Param];
        for (var i = 0; i < plan.Arguments.Count; i++)
        {
            var argument = plan.Arguments[i];
            var param = slots[i].Name is { } byName ? open.Find(p => p.Name == byName) : open[i];
            if (param is null)
            {
                _context.Report(Rules.Arguments, argument.Span, $"'{plan.Param}' is {value}, which has no open parameter '{slots[i].Name}': {TypeNames.Signature(block)}.");
                return false;
            }

            if (Try(argument, environment) is not { } v) return false;
            arguments[param.Name] = Evaluator.Convert(v, param.Type);
        }

        var missing = block.Params.Where(p => p.Default is null && !arguments.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        if (missing.Count > 0)
        {
            _context.Report(Rules.Arguments, plan.Span, $"{block.Name}, given for '{plan.Param}', still needs {string.Join(", ", missing)}.");
            return false;
        }

        given = arguments;
        using (_context.Enter(plan.Span)) return (type = Build(block, arguments, plan.Span)) is not null;
    }

    private Dictionary<string, Value>? Arguments(IEnumerable<BoundArgument> arguments, Dictionary<string, Value> environment)
    {
        var result = new Dictionary<string, Value>();
        foreach (var a in arguments)
        {
            var value = a.Value is StaticArgument s ? Try(s.Value, environment, a.Param.Type) : Argument(a.Value, environment);
            if (value is null) return null;
            if (value is IntValue { Dim: var dim } && dim.Value is null)
            {
                _context.Report(Rules.NotStatic, ((StaticArgument)a.Value).Value.Span, $"'{a.Param.Name}' would be {dim}, which depends on the size of the input.");
                return null;
            }

            result[a.Param.Name] = value;
        }

        return result;
    }

    private Value? Argument(BoundArgumentValue value, Dictionary<string, Value> environment)
    {
        switch (value)
        {
            case StaticArgument s: return Try(s.Value, environment);
            case NoBlock: return new NoneValue();
            case ForwardedBlock f: return environment[f.Param];
            case ChosenBlock c:
                return Try(c.Condition, environment) is BoolValue condition ? Argument(condition.Flag ? c.Then : c.Else, environment) : null;
            case BlockArgument b:
                return Arguments(b.Arguments, environment) is { } bound ? new BlockValue(b.Target, bound.Select(x => (x.Key, x.Value)).ToEquatableArray()) : null;
            default: throw new InvalidOperationException(value.GetType().Name);
        }
    }

    private bool Tensors(BoundTensor t, Block block, Dictionary<string, Value> environment, List<TensorSpec> tensors)
    {
        if (t.Count is null) return Tensor(t, t.Name, block, environment, tensors);
        if (Try(t.Count, environment) is not IntValue { Dim.Value: { } count }) return false;
        if (count is < 0 or > RepeatLimit)
        {
            _context.Report(Rules.Limit, t.Count.Span, $"A list of {count} tensors '{t.Name}' (0 to {RepeatLimit} are allowed).");
            return false;
        }

        for (var i = 0L; i < count; i++)
        {
            var inner = t.Index is null ? environment : new Dictionary<string, Value>(environment) { [t.Index] = new IntValue(i) };
            if (!Tensor(t, $"{t.Name}.{i}", block, inner, tensors)) return false;
        }

        return true;
    }

    private bool Tensor(BoundTensor t, string name, Block block, Dictionary<string, Value> environment, List<TensorSpec> tensors)
    {
        if (t.Condition is { } c)
        {
            if (Try(c, environment) is not BoolValue condition) return false;
            if (!condition.Flag) return true;
        }

        var axes = new List<Dim>();
        foreach (var axis in t.Axes)
        {
            if (Try(axis, environment) is not IntValue size) return false;
            if (size.Dim.Value is not > 0)
            {
                _context.Report(Rules.Shape, axis.Span, $"An axis of '{t.Name}' would be {size.Dim.Describe()}; it must be at least 1.");
                return false;
            }

            axes.Add(size.Dim);
        }

        try
        {
            _ = checked(8 * Shape.Of(axes).Count.Value);
        }
        catch (OverflowException)
        {
            _context.Report(Rules.Limit, t.Span, $"'{t.Name}' would be {Shape.Of(axes).Describe()}: more elements than fit.");
            return false;
        }

        var initializer = t.Initializer;
        if (Evaluate(t.Arguments, environment) is not { } arguments) return false;
        if (Inits.TryGetValue((block.Name, t.Name), out var init)) (initializer, arguments) = init;
        tensors.Add(new TensorSpec(name, t.Role, new Shape(axes.ToEquatableArray(), t.IsInteger ? ElementType.Int : ElementType.Float), initializer, arguments, null, t.Span));
        return true;
    }

    internal IReadOnlyDictionary<string, Value>? Evaluate(IEnumerable<NamedAxis> arguments, IReadOnlyDictionary<string, Value> environment)
    {
        var result = new Dictionary<string, Value>();
        foreach (var a in arguments)
        {
            if (Try(a.Size, environment) is not { } value) return null;
            result[a.Name] = value is IntValue ? Evaluator.Convert(value, ParamType.Double) : value;
        }

        return result;
    }

    private Value? Try(Expr at, IReadOnlyDictionary<string, Value> environment, ParamType? type = null)
    {
        _names = environment;
        try
        {
            return type is { } t ? _evaluator.Evaluate(at, t) : _evaluator.Evaluate(at);
        }
        catch (EvaluationException e)
        {
            _context.Report(e.Rule, at.Span, $"This has no value: {e.Message}.");
            return null;
        }
        catch (KeyNotFoundException)
        {
            // Its own declaration failed, which has been reported.
            if (!_context.Diagnostics.HasErrors) _context.Report(Rules.Internal, at.Span, "A name in this expression has no value.");
            return null;
        }
    }
}
