using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Gives an architecture's parameters values and follows its shapes. What variants have in common (a block with the same arguments) is made once, so
/// that a second variant costs little: keep one instantiator for a project.</summary>
/// <param name="binder">The project's binder.</param>
/// <param name="shapesOnly">Only shapes, features and findings are wanted: modules that differ in rates and epsilons alone are made once. Such a model must not run.</param>
public sealed class Instantiator(Binder binder, bool shapesOnly = false)
{
    private const int TypeLimit = 20_000;

    private readonly InstantiationContext _context = new(binder.Diagnostics);
    private readonly Dictionary<string, ModuleBuilder> _builders = [];

    /// <summary>A variant (null: the declared defaults), with parameters overridden. Null after a diagnostic.</summary>
    /// <exception cref="ArgumentException">There is no such variant or parameter, or a value has the wrong type: the caller's mistake, not the file's.</exception>
    public ModelInstance? Instantiate(BoundArchitecture architecture, string? variant = null, IReadOnlyDictionary<string, Value>? overrides = null)
    {
        var declaration = architecture.Architecture;
        var chosen = declaration.Variants.FirstOrDefault(v => v.Name == variant);
        if (variant is not null && chosen is null) throw new ArgumentException($"{declaration.Name} has no variant '{variant}'.", nameof(variant));
        using var step = _context.Enter(() => $"in {variant ?? declaration.Name}");
        if (Values(architecture, chosen, overrides) is not { } values) return null;
        if (Inits(architecture, values) is not { } inits) return null;
        var builder = Builder(inits);
        if (builder.Build(declaration.Body, values, declaration.Span, architecture.Body) is not { } root) return null;
        if (GraphBuilder.Build(binder, builder, _context, root, ContractBinder.Ranks(declaration.Body), architecture.Body) is not { } graph) return null;
        if (graph.IsModal && GraphBuilder.Build(binder, builder, _context, root, ContractBinder.Ranks(declaration.Body), architecture.Body, isTraining: true) is null) return null;
        if (FeatureLevels.Of(architecture, binder, builder, _context, root, graph) is not { } features) return null;
        if (Sizes(architecture, root.Arguments) is not { } sizes) return null;
        var model = new ModelInstance(architecture, variant ?? declaration.Name, root, graph, features, root.Arguments.ToDictionary(e => e.Key, e => e.Value), sizes);
        CheckDeclaredSize(model);
        return model;
    }

    // Modules that are initialised in the same way can be shared; a search over many models must not keep them all.
    private ModuleBuilder Builder(InitTable inits)
    {
        var key = inits.Key;
        if (!_builders.TryGetValue(key, out var builder) || builder.Count > TypeLimit) _builders[key] = builder = new ModuleBuilder(binder, _context) { Inits = inits, ShapesOnly = shapesOnly, Sibling = Builder };
        builder.Begin();
        return builder;
    }

    private Dictionary<string, Value>? Values(BoundArchitecture architecture, Variant? variant, IReadOnlyDictionary<string, Value>? overrides)
    {
        var block = architecture.Architecture.Body;
        var result = new Dictionary<string, Value>();
        var ok = true;
        foreach (var o in variant?.Overrides ?? default)
        {
            var p = block.Params.FirstOrDefault(p => p.Name == o.Name);
            // The reader has reported an unknown name.
            if (p is null) continue;
            if (Override(o, p, block) is { } value) result[o.Name] = value;
            else ok = false;
        }

        foreach (var o in overrides ?? new Dictionary<string, Value>())
        {
            if (block.Params.FirstOrDefault(p => p.Name == o.Key) is not { } p) throw new ArgumentException($"{block.Name} has no parameter '{o.Key}'. {Suggest.Nearest(o.Key, block.Params.Select(x => x.Name))}", nameof(overrides));
            result[o.Key] = Evaluator.Convert(o.Value, p.Type);
        }

        return ok ? result : null;
    }

    private Value? Override(ParamOverride o, Param p, Block block)
    {
        var bag = new DiagnosticBag();
        Value? value = null;
        if (p.Type == ParamType.Block)
        {
            var bound = new ModuleBinder(new BlockNames(block with { Params = default }, new DiagnosticBag()), binder.ScopeOf(block.Span.File), bag).BindBlockValue(o.Value);
            value = bound switch { BlockArgument b => new BlockValue(b.Target, BlockArguments(b)), NoBlock => new NoneValue(), _ => null };
        }
        else if (new StaticBinder(_ => null, () => [], _ => null, bag).BindAs(o.Value, p.Type, $"'{p.Name}'") is { } e)
        {
            try
            {
                value = new Evaluator(_ => throw new InvalidOperationException(), _ => throw new InvalidOperationException()).Evaluate(e, p.Type);
            }
            catch (EvaluationException x)
            {
                bag.Add(x.Rule, o.Span, $"This has no value: {x.Message}.");
            }
        }

        binder.Diagnostics.AddRange(bag.Items);
        return value;
    }

    private static EquatableArray<(string, Value)> BlockArguments(BlockArgument b) => b.Arguments.Select(a => (a.Param.Name, a.Value switch
    {
        StaticArgument s => new Evaluator(_ => throw new EvaluationException("a name"), _ => throw new EvaluationException("a size")).Evaluate(s.Value, a.Param.Type),
        BlockArgument inner => new BlockValue(inner.Target, BlockArguments(inner)),
        _ => new NoneValue(),
    })).ToEquatableArray();

    private InitTable? Inits(BoundArchitecture architecture, Dictionary<string, Value> values)
    {
        var builder = new ModuleBuilder(binder, _context);
        return builder.Statics(architecture.Body, values) is { } statics ? InitTable.Of(architecture, builder, statics) : null;
    }

    private Dictionary<string, long>? Sizes(BoundArchitecture architecture, IReadOnlyDictionary<string, Value> values)
    {
        var result = new Dictionary<string, long>();
        foreach (var size in architecture.Sizes)
        {
            try
            {
                var value = new Evaluator(n => values[n], _ => throw new EvaluationException("a size")).Known(size.Value);
                if (value <= 0) throw new EvaluationException($"a size is 1 or more; found {value}");
                result[size.Name] = value;
            }
            catch (EvaluationException e)
            {
                _context.Report(e.Rule, size.Value.Span, $"'{size.Name}' has no size: {e.Message}.");
                return null;
            }
        }

        return result;
    }

    // What img_size and sizes declare must pass the guards.
    private void CheckDeclaredSize(ModelInstance model)
    {
        if ((model.ImageSize is null && model.Sizes.Count == 0) || model.FindInputSizes().Sizes is not { } sizes) return;
        var declared = string.Join(", ", model.Sizes.Select(s => $"{s.Key}={s.Value}"));
        if (model.ImageSize is not null) declared = $"img_size {model.Values["img_size"]}{(declared.Length > 0 ? " and " + declared : "")}";
        var (symbols, problem) = model.Graph.BindSymbols([sizes]);
        if (symbols is null)
        {
            _context.Report(Rules.GuardFails, model.Architecture.Architecture.Body.Inputs[0].Span, $"{declared} does not fit the input: {problem}.");
            return;
        }

        foreach (var guard in model.Guards)
        {
            if (!guard.Holds(s => symbols[s])) _context.Report(Rules.GuardFails, guard.Span, $"{guard.Reason}: {guard} does not hold for {declared}.");
        }
    }
}
