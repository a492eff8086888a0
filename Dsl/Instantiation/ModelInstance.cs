using System.Globalization;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>A variant of an architecture, with every value known: what runs, is costed and is summarised.</summary>
public sealed class ModelInstance
{
    private const long UsualImage = 224;

    internal ModelInstance(BoundArchitecture architecture, string variant, ModuleType root, Graph graph, IReadOnlyList<FeatureLevel> features, IReadOnlyDictionary<string, Value> values, IReadOnlyDictionary<string, long> sizes)
        => (Architecture, Variant, Root, Graph, Features, Values, Sizes) = (architecture, variant, root, graph, features, values, sizes);

    /// <summary>The architecture.</summary>
    public BoundArchitecture Architecture { get; }

    /// <summary>Name of the variant; the architecture's own when none was asked for.</summary>
    public string Variant { get; }

    /// <summary>The module.</summary>
    public ModuleType Root { get; }

    /// <summary>Its forward, in evaluation.</summary>
    public Graph Graph { get; }

    /// <summary>Its forward in training: another one where it, or a module, asks for <c>training</c>.</summary>
    public Graph TrainingGraph => Graph.For(training: true);

    /// <summary>What the input must satisfy in both modes.</summary>
    public IEnumerable<Guard> Guards => TrainingGraph == Graph ? Graph.AllGuards : Graph.AllGuards.Concat(TrainingGraph.AllGuards);

    /// <summary>Feature levels, in order.</summary>
    public IReadOnlyList<FeatureLevel> Features { get; }

    /// <summary>Values of the architecture's parameters and definitions.</summary>
    public IReadOnlyDictionary<string, Value> Values { get; }

    /// <summary>Height and width that <c>img_size</c> declares (an int, or a list of two), or null.</summary>
    public (long Height, long Width)? ImageSize => Size(Values);

    /// <summary>The usual sizes of axes of the input that <c>sizes</c> declares, by name.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; }

    /// <summary>Names of the sizes that the input brings, in the order of its axes: B, H, W.</summary>
    public IReadOnlyList<string> Symbols => [.. Graph.Inputs[0].Shape.Axes.SelectMany(a => a.FreeSymbols).Distinct()];

    /// <summary>Height and width of an image, as sizes of this input: those of its symbols that are called so.</summary>
    public IReadOnlyDictionary<string, long> Image(long height, long width)
        => new[] { (Name: "H", Size: height), (Name: "W", Size: width) }.Where(s => Symbols.Contains(s.Name)).ToDictionary(s => s.Name, s => s.Size);

    /// <summary>Sizes of the input: known axes as they are, symbols as given, else as <see cref="Sizes"/> declares; of the others the first is the batch, and H and W are the usual image's.</summary>
    /// <param name="batch">Size of the first symbol, where it is not given.</param>
    /// <param name="given">Sizes by symbol.</param>
    /// <exception cref="ArgumentException">A symbol has no size, or what is given is none.</exception>
    public long[] InputSizes(long batch = 1, IReadOnlyDictionary<string, long>? given = null)
    {
        var (sizes, problem) = FindInputSizes(batch, given);
        return sizes ?? throw new ArgumentException(problem);
    }

    /// <summary>The same; or why there are none.</summary>
    public (long[]? Sizes, string? Problem) FindInputSizes(long batch = 1, IReadOnlyDictionary<string, long>? given = null)
    {
        var symbols = Symbols;
        var values = new Dictionary<string, long>();
        if (given?.Keys.FirstOrDefault(k => !symbols.Contains(k)) is { } unknown)
        {
            return (null, $"{Variant} takes {InputText}, which has no size '{unknown}'{(symbols.Count > 0 ? $"; its sizes are {string.Join(", ", symbols)}" : "")}.");
        }

        if (batch != 1 && (symbols.Count == 0 || Sizes.ContainsKey(symbols[0]))) return (null, $"The input {InputText} of {Variant} has no batch; {batch} is none of its sizes.");
        foreach (var symbol in symbols)
        {
            if (given is not null && given.TryGetValue(symbol, out var size)) values[symbol] = size;
            else if (Sizes.TryGetValue(symbol, out var declared)) values[symbol] = declared;
            else if (symbol == symbols[0]) values[symbol] = batch;
            else if (Usual(symbol) is { } usual) values[symbol] = usual;
            else return (null, $"'{symbol}' of the input {InputText} of {Variant} has no size: give --size {symbol}=196, or declare `sizes: {{ {symbol}: 196 }}`.");
        }

        return ([.. Graph.Inputs[0].Shape.Axes.Select(a => a.Evaluate(s => values[s]))], null);
    }

    // What a size is where nobody says: only images have a usual one.
    private long? Usual(string symbol) => symbol switch
    {
        "H" => ImageSize?.Height ?? UsualImage,
        "W" => ImageSize?.Width ?? UsualImage,
        _ => null,
    };

    private string InputText => $"{Graph.Inputs[0].Name}[{string.Join(", ", Graph.Inputs[0].Shape.Axes)}]";

    /// <summary>All parameters, buffers and constants with their state-dict names, in order.</summary>
    public IEnumerable<(string Name, TensorSpec Tensor)> Tensors() => Tensors(Root, "");

    /// <summary>Number of trained numbers.</summary>
    public long ParameterCount => Tensors().Where(t => t.Tensor.Role == TensorRole.Parameter).Sum(t => t.Tensor.Shape.Count.Value!.Value);

    internal static (long Height, long Width)? Size(IReadOnlyDictionary<string, Value> values) => values.TryGetValue("img_size", out var v) ? v switch
    {
        IntValue { Dim.Value: { } size } => (size, size),
        ListValue { Items: { Count: 2 } items } when items[0] is IntValue { Dim.Value: { } h } && items[1] is IntValue { Dim.Value: { } w } => (h, w),
        ListValue { Items: { Count: 1 } items } when items[0] is IntValue { Dim.Value: { } s } => (s, s),
        _ => null,
    } : null;

    private static IEnumerable<(string Name, TensorSpec Tensor)> Tensors(ModuleType type, string prefix)
        => type.Tensors.Select(t => (prefix + t.Name, t)).Concat(type.Children.SelectMany(c => Tensors(c.Type, $"{prefix}{c.Name}.")));
}

/// <summary>A feature level.</summary>
/// <param name="Index">From 0, finest first as declared.</param>
/// <param name="Path">The module whose output it is.</param>
/// <param name="Shape">Its shape in the symbols of the input, after <c>as</c>.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Reductions">For each axis beside batch and channels the input's size over its own, rounded; 0 where they are not to be compared.</param>
/// <param name="Value">The value in the architecture's graph, before <c>as</c>.</param>
/// <param name="As">The code that makes it a map, or null.</param>
public sealed record FeatureLevel(int Index, string Path, Shape Shape, long Channels, EquatableArray<long> Reductions, GraphValue Value, Graph? As)
{
    /// <summary>The stride of a map: that of its height, or of its only axis; 0 where there is none.</summary>
    public long Reduction => Reductions.Count == 0 ? 0 : Reductions[Math.Max(0, Reductions.Count - 2)];

    /// <summary>Whether it is a map, [B, C, H, W] or with other axes behind the channels, or [B, H, W, C] and the like; and not tokens, [B, N, C].</summary>
    public bool IsMap => Shape.Rank > 3 || (Shape.Rank == 3 && FeatureLevels.ChannelAxis(Shape) == 1);

    /// <summary>Whether the map is [B, H, W, C].</summary>
    public bool ChannelsLast => IsMap && FeatureLevels.ChannelAxis(Shape) > 1;

    /// <summary>How the strides are written: <c>16</c>, or <c>2x16x16</c> where they differ.</summary>
    public string Strides => Reductions.Distinct().Count() <= 1 ? Reduction.ToString(CultureInfo.InvariantCulture) : string.Join("x", Reductions);
}
