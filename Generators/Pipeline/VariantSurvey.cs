using Notochord.Dsl.Binding;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Pipeline;

/// <summary>What follows from the values of an architecture's variants: their feature levels, shapes for comments, and findings.</summary>
internal sealed class VariantSurvey
{
    // Following shapes is nearly all of a file's time, and variants do not depend on each other.
    private const int Workers = 2;

    private readonly Dictionary<string, IReadOnlyList<LevelInfo>> _levels = [];
    private readonly Dictionary<(string File, string Block), KnownShapes> _shapes = [];
    private readonly List<Diagnostic> _diagnostics = [];

    // What variants share is looked at once.
    private readonly HashSet<Graph> _seen = [];

    private VariantSurvey()
    {
    }

    /// <summary>Levels by variant; those of the declared defaults under the architecture's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<LevelInfo>> Levels => _levels;

    /// <summary>Findings, in the order of the variants.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>Shapes in an architecture's or a block's forward, of the first instance that was met, with the guards of all; null where there was none.</summary>
    public KnownShapes? Shapes(Block block, bool isArchitecture) => _shapes.TryGetValue(Key(block, isArchitecture), out var found) ? found : null;

    /// <summary>Follows the shapes of the declared defaults and of every variant.</summary>
    /// <param name="bound">The architecture.</param>
    /// <param name="binder">What bound it; each worker has a fork.</param>
    /// <param name="withDefaults">Whether the declared defaults count as a variant.</param>
    /// <param name="cancel">Stops between two variants.</param>
    public static VariantSurvey Of(BoundArchitecture bound, Binder binder, bool withDefaults, CancellationToken cancel)
    {
        var architecture = bound.Architecture;
        // One that sets nothing is the declared defaults again.
        var names = architecture.Variants.Where(v => v.Overrides.Count > 0 || !withDefaults).Select(v => (string?)v.Name).ToList();
        if (withDefaults) names.Insert(0, null);
        var parts = new VariantSurvey[Math.Min(Workers, names.Count)];
        Parallel.For(0, parts.Length, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            var (from, to) = (names.Count * i / parts.Length, names.Count * (i + 1) / parts.Length);
            parts[i] = new VariantSurvey();
            parts[i].Follow(bound, binder, names.GetRange(from, to - from), cancel);
        });

        var survey = new VariantSurvey();
        foreach (var part in parts) survey.Add(part);
        if (survey._levels.TryGetValue(architecture.Name, out var standard))
        {
            foreach (var variant in architecture.Variants.Where(v => v.Overrides.Count == 0)) survey._levels[variant.Name] = standard;
        }

        return survey;
    }

    private void Follow(BoundArchitecture architecture, Binder binder, List<string?> variants, CancellationToken cancel)
    {
        var bag = new DiagnosticBag();
        var instantiator = new Instantiator(binder.Fork(bag), shapesOnly: true);
        foreach (var variant in variants)
        {
            cancel.ThrowIfCancellationRequested();
            if (instantiator.Instantiate(architecture, variant) is not { } model) continue;
            _levels[variant ?? architecture.Architecture.Name] = [.. model.Features.Select(f => new LevelInfo(f.Path, f.Channels, f.Reduction, f.ChannelsLast, f.IsMap, f.Reductions))];
            Collect(model);
        }

        _diagnostics.AddRange(bag.Items);
    }

    private void Collect(ModelInstance model)
    {
        Collect(Key(model.Architecture.Body.Block, isArchitecture: true), model.Graph);
        if (model.TrainingGraph != model.Graph) Collect(Key(model.Architecture.Body.Block, isArchitecture: true), model.TrainingGraph);
        var open = new Stack<Graph>([model.TrainingGraph, model.Graph]);
        while (open.Count > 0)
        {
            foreach (var step in open.Pop().Nodes)
            {
                if (step is not ModuleNode node) continue;
                if (!_seen.Add(node.Graph)) continue;
                if (node.Type.Block is { } block) Collect(Key(block, isArchitecture: false), node.Graph);
                open.Push(node.Graph);
            }
        }
    }

    // What one instance proves of its sizes, another may have to guard.
    private void Collect((string File, string Block) key, Graph graph)
    {
        if (_shapes.TryGetValue(key, out var known)) known.AddGuards(graph);
        else _shapes[key] = new KnownShapes(graph);
    }

    private void Add(VariantSurvey part)
    {
        foreach (var level in part._levels) _levels[level.Key] = level.Value;
        foreach (var shape in part._shapes)
        {
            if (_shapes.TryGetValue(shape.Key, out var known)) known.AddGuards(shape.Value);
            else _shapes.Add(shape.Key, shape.Value);
        }

        _diagnostics.AddRange(part._diagnostics);
    }

    private static (string, string) Key(Block block, bool isArchitecture) => (block.Span.File, isArchitecture ? "arch:" : block.Name);
}
