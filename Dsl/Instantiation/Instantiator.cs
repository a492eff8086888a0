using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
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
        if (builder.Build(declaration.Body, values, architecture.Body) is not { } root) return null;
        var shapes = declaration.Body.Inputs.Select(i => Shape.Of(i.Axes.Select((_, k) => Dim.Symbol($"n{k}")))).ToList();
        if (GraphBuilder.Build(binder, builder, _context, root, shapes, architecture.Body) is not { } graph) return null;
        var environment = builder.EnvironmentOf(root);
        if (Features(architecture, builder, root, graph) is not { } features) return null;
        var model = new ModelInstance(architecture, variant ?? declaration.Name, root, graph, features, environment.ToDictionary(e => e.Key, e => e.Value));
        CheckDeclaredSize(model);
        return model;
    }

    // Modules that are initialised in the same way can be shared; a search over many models must not keep them all.
    private ModuleBuilder Builder(Dictionary<(string Block, string Tensor), (string Initializer, IReadOnlyDictionary<string, Value> Arguments)> inits)
    {
        var key = string.Join("\n", inits.Select(i => $"{i.Key.Block}.{i.Key.Tensor}={i.Value.Initializer}({string.Join(",", i.Value.Arguments.Select(a => $"{a.Key}={a.Value}"))})"));
        if (!_builders.TryGetValue(key, out var builder) || builder.Count > TypeLimit) _builders[key] = builder = new ModuleBuilder(binder, _context) { Inits = inits, ShapesOnly = shapesOnly };
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

    private Dictionary<(string Block, string Tensor), (string Initializer, IReadOnlyDictionary<string, Value> Arguments)>? Inits(BoundArchitecture architecture, Dictionary<string, Value> values)
    {
        var result = new Dictionary<(string Block, string Tensor), (string Initializer, IReadOnlyDictionary<string, Value> Arguments)>();
        var builder = new ModuleBuilder(binder, _context);
        if (builder.Statics(architecture.Body, values) is not { } statics) return null;
        foreach (var init in architecture.Inits)
        {
            if (builder.Evaluate(init.Arguments, statics) is not { } arguments) return null;
            result[(init.Block, init.Tensor)] = (init.Initializer, arguments);
        }

        return result;
    }

    private List<FeatureLevel>? Features(BoundArchitecture architecture, ModuleBuilder builder, ModuleType root, Graph graph)
    {
        var result = new List<FeatureLevel>();
        var large = graph.Inputs[0].Shape.Axes.SelectMany(a => a.FreeSymbols).Distinct().ToList();
        // Far above any window or padding, and divisible by all usual ones: ratios of sizes are the reductions.
        const long Probe = 2L * 3 * 5 * 7 * 4096;
        foreach (var feature in graph.Features.OrderBy(f => f.Level))
        {
            Graph? map = null;
            var shape = feature.Value.Shape;
            if (architecture.FeatureAs is { } code)
            {
                map = new GraphBuilder(binder, builder, _context).Expression(root, code, feature.Value.Shape, builder.EnvironmentOf(root));
                if (map is null) return null;
                shape = map.Outputs[0].Shape;
            }

            long Size(Dim d) => d.Evaluate(s => s == large.FirstOrDefault() ? 1 : Probe);
            var channelsLast = shape.Rank == 4 && shape[3].Value is not null && shape[1].Value is null;
            var (channels, height) = shape.Rank == 4 ? (shape[channelsLast ? 3 : 1], shape[channelsLast ? 1 : 2]) : (shape[-1], Dim.Zero);
            // A map of known size (a fixed grid of positions) is compared with the declared image.
            var reduction = shape.Rank != 4 ? 0
                : height.Value is not { } known ? (long)Math.Round((double)Probe / Math.Max(1, Size(height)))
                : ModelInstance.Size(builder.EnvironmentOf(root)) is { } image ? (long)Math.Round((double)image.Height / Math.Max(1, known)) : 0;
            result.Add(new FeatureLevel(feature.Level, feature.Path, shape, channels.Value ?? 0, reduction, channelsLast, feature.Value, map));
        }

        return result;
    }

    // What img_size declares must pass the guards.
    private void CheckDeclaredSize(ModelInstance model)
    {
        if (model.ImageSize is null || model.Graph.Inputs.Count == 0) return;
        var (symbols, problem) = model.Graph.BindSymbols([.. model.Graph.Inputs.Select(_ => model.InputSizes())]);
        if (symbols is null)
        {
            _context.Report(Rules.GuardFails, model.Architecture.Architecture.Body.Inputs[0].Span, $"img_size {model.Values["img_size"]} does not fit the input: {problem}.");
            return;
        }

        foreach (var guard in model.Graph.AllGuards)
        {
            if (!guard.Holds(s => symbols[s])) _context.Report(Rules.GuardFails, guard.Span, $"{guard.Reason}: {guard} does not hold for img_size {model.Values["img_size"]}.");
        }
    }
}
