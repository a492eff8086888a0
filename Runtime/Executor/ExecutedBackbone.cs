using System.Collections.Immutable;
using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;
using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Execution;

/// <summary>A declared backbone, run without generating code. State-dict names, results and errors are those of the generated class.</summary>
public sealed class ExecutedBackbone : Backbone
{
    private const string Classes = "num_classes";

    private readonly ModuleBody _body;
    private readonly Func<IReadOnlyDictionary<string, Value>, ModelInstance>? _instantiate;
    private BackboneInfo _info;

    /// <param name="model">The variant.</param>
    /// <param name="instantiate">The same variant with other values of some parameters, for <see cref="ResetClassifier"/>; null where that is not needed.</param>
    public ExecutedBackbone(ModelInstance model, Func<IReadOnlyDictionary<string, Value>, ModelInstance>? instantiate = null)
        : base(model.Variant)
    {
        (Model, _instantiate) = (model, instantiate);
        _info = Describe(model);
        _body = new ModuleBody(this, model.Root);
    }

    /// <summary>The variant with its values.</summary>
    public ModelInstance Model { get; private set; }

    /// <inheritdoc/>
    public override BackboneInfo Info => _info;

    // What it does in the mode that it is in.
    private Graph Graph => Model.Graph.For(training);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Op.last(GraphRunner.Run(Graph, [Whole(input)], _body));

    /// <summary>Runs the whole model and shows the first result of each module that is called.</summary>
    /// <param name="image">As for <see cref="Backbone.Forward"/>.</param>
    /// <param name="seen">Gets the path of a module and its result, inner modules before outer ones; the tensor is not the callback's to keep.</param>
    /// <returns>The output; the caller owns it.</returns>
    public Tensor Trace(Tensor image, Action<string, Tensor> seen) => Op.last(GraphRunner.Run(Graph, [image], _body, new RunObserver(null, seen)));

    /// <inheritdoc/>
    public override void ResetClassifier(int numClasses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numClasses);
        if (_instantiate is null || !Model.Values.TryGetValue(Classes, out var value) || value is not IntValue { Dim.Value: { } classes })
        {
            base.ResetClassifier(numClasses);
            return;
        }

        // The classifier is what would differ with one class more.
        var rebuilt = Differences(Model.Root, With(classes + 1).Root, "");
        var model = With(numClasses);
        if (!SameTensors(Model.Root, model.Root)) throw new NotSupportedException($"{Model.Variant} holds its classifier in tensors of its own; only modules can be replaced.");
        rebuilt.UnionWith(Differences(Model.Root, model.Root, ""));
        Model = model;
        _body.Replace(Model.Root, "", rebuilt.Contains);
        _info = Describe(Model);
    }

    /// <inheritdoc/>
    protected override Tensor[] forward_outputs(Tensor image) => GraphRunner.Run(Graph, [Whole(image)], _body);

    /// <inheritdoc/>
    protected override void forward_features(Tensor image, FeatureSink sink)
    {
        if (Graph.Features.Count == 0 && Model.Features.Count > 0) sink.AddAll(GraphRunner.Run(Graph, [image], _body));
        else foreach (var result in GraphRunner.Run(Graph, [image], _body, new RunObserver(Offer))) result.Dispose();

        bool Offer(FeatureValue feature, Tensor value, IReadOnlyDictionary<string, long> symbols)
        {
            if (!sink.Wants(feature.Level)) return sink.IsComplete;
            var level = Model.Features.First(f => f.Index == feature.Level);
            if (level.As is null) return sink.Add(level.Index, value);
            using var map = GraphRunner.Run(level.As, value, symbols, _body)[0];
            return sink.Add(level.Index, map);
        }
    }

    /// <inheritdoc/>
    protected override void KeepFeatures(IReadOnlyList<FeatureInfo> levels, int last)
    {
        _info = _info with { Features = [.. levels], NumClasses = 0, ParameterCount = null };
        // A list of levels needs all that there is.
        if (Model.Graph.Features.Count == 0) return;
        var used = new HashSet<string>();
        foreach (var graph in new[] { Model.Graph, Model.TrainingGraph })
        {
            var end = graph.Levels.First(l => l.Level == last).Value;
            foreach (var node in graph.Nodes)
            {
                if (node is ModuleNode module) used.Add(module.Path);
                if (node.Results.Contains(end)) break;
            }
        }

        Prune(used.Select(_body.Module));
    }

    private ModelInstance With(long classes) => _instantiate!(new Dictionary<string, Value> { [Classes] = new IntValue(classes) });

    // Paths of the deepest modules whose own tensors or children's names differ.
    private static HashSet<string> Differences(ModuleType a, ModuleType b, string prefix)
    {
        var result = new HashSet<string>();
        foreach (var child in a.Children.Concat(b.Children).Select(c => c.Name).Distinct())
        {
            var (x, y) = (a.Find(child), b.Find(child));
            if (x is null || y is null || !SameTensors(x, y)) result.Add(prefix + child);
            else result.UnionWith(Differences(x, y, $"{prefix}{child}."));
        }

        return result;
    }

    private static bool SameTensors(ModuleType a, ModuleType b)
        => a.Tensors.Count == b.Tensors.Count && a.Tensors.Zip(b.Tensors, (x, y) => x.Name == y.Name && x.Shape.Axes.Select(d => d.Value).SequenceEqual(y.Shape.Axes.Select(d => d.Value))).All(same => same);

    private static BackboneInfo Describe(ModelInstance model) => new()
    {
        Architecture = model.Architecture.Architecture.Name,
        Variant = model.Variant,
        Paper = model.Architecture.Architecture.Body.Paper ?? "",
        // As generated code says it: numbers where the parameters decide, the declared letters where the input does.
        Input = [.. model.Graph.Inputs[0].Shape.Axes.Zip(model.Architecture.Architecture.Body.Inputs[0].Axes, Axis)],
        Sizes = model.Sizes.ToImmutableSortedDictionary(StringComparer.Ordinal),
        ImageSize = model.ImageSize is { } size ? ((int)size.Height, (int)size.Width) : null,
        Features = [.. model.Features.Select(f => Level(f))],
        NumClasses = model.Values.TryGetValue(Classes, out var classes) && classes is IntValue { Dim.Value: { } count } ? (int)count : 0,
        ParameterCount = model.ParameterCount,
    };

    // A multiple of a size, of which the parameters know the factor, is written with its value: 2 * T.
    private static string Axis(Dim axis, Expr written)
    {
        if (axis.Value is { } known) return known.ToString(CultureInfo.InvariantCulture);
        if (written is NameExpr || axis.FreeSymbols.Count != 1) return ExprText.Of(written);
        var factor = axis.Evaluate(_ => 1);
        return axis.Evaluate(_ => 2) == 2 * factor && axis.Evaluate(_ => 0) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{factor} * {axis.FreeSymbols[0]}") : ExprText.Of(written);
    }

    private static FeatureInfo Level(FeatureLevel level)
    {
        var layout = !level.IsMap ? FeatureLayout.Tokens : level.ChannelsLast ? FeatureLayout.ChannelsLast : FeatureLayout.ChannelsFirst;
        var info = new FeatureInfo(level.Path, (int)level.Channels, (int)level.Reduction, layout);
        return level.Reduction == 0 ? info : info with { Reductions = [.. level.Reductions.Select(r => (int)r)] };
    }
}
