using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Instantiation;

/// <summary>A variant of an architecture, with every value known: what runs, is costed and is summarised.</summary>
public sealed class ModelInstance
{
    internal ModelInstance(BoundArchitecture architecture, string variant, ModuleType root, Graph graph, IReadOnlyList<FeatureLevel> features, IReadOnlyDictionary<string, Value> values)
        => (Architecture, Variant, Root, Graph, Features, Values) = (architecture, variant, root, graph, features, values);

    /// <summary>The architecture.</summary>
    public BoundArchitecture Architecture { get; }

    /// <summary>Name of the variant; the architecture's own when none was asked for.</summary>
    public string Variant { get; }

    /// <summary>The module.</summary>
    public ModuleType Root { get; }

    /// <summary>Its forward.</summary>
    public Graph Graph { get; }

    /// <summary>Feature levels, in order.</summary>
    public IReadOnlyList<FeatureLevel> Features { get; }

    /// <summary>Values of the architecture's parameters and definitions.</summary>
    public IReadOnlyDictionary<string, Value> Values { get; }

    /// <summary>Height and width that <c>img_size</c> declares (an int, or a list of two), or null.</summary>
    public (long Height, long Width)? ImageSize => Size(Values);

    /// <summary>Sizes of the first input for a batch: known axes as they are, the first free one the batch, the next two the image size.</summary>
    public long[] InputSizes(long batch = 1, (long Height, long Width)? size = null)
    {
        var (height, width) = size ?? ImageSize ?? (224, 224);
        var free = new Queue<long>([batch, height, width]);
        return [.. Graph.Inputs[0].Shape.Axes.Select(a => a.Value ?? (free.Count > 0 ? free.Dequeue() : 1))];
    }

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
/// <param name="Reduction">Input size over map size, rounded.</param>
/// <param name="ChannelsLast">Whether the map is [B, H, W, C].</param>
/// <param name="Value">The value in the architecture's graph, before <c>as</c>.</param>
/// <param name="As">The code that makes it a map, or null.</param>
public sealed record FeatureLevel(int Index, string Path, Shape Shape, long Channels, long Reduction, bool ChannelsLast, GraphValue Value, Graph? As);
