using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>What is known of the levels of an architecture: channels and strides, from the shapes.</summary>
internal static class FeatureLevels
{
    // Far above any window or padding, and divisible by all usual ones: ratios of sizes are the reductions.
    private const long Probe = 2L * 3 * 5 * 7 * 4096;

    /// <summary>The levels of an architecture in a graph of its forward, as maps. Null after a diagnostic.</summary>
    public static List<FeatureLevel>? Of(BoundArchitecture architecture, Binder binder, ModuleBuilder builder, InstantiationContext context, ModuleType root, Graph graph)
    {
        var result = new List<FeatureLevel>();
        // The blocks of an isotropic model all give the same.
        var maps = new Dictionary<Shape, Graph>();
        foreach (var feature in graph.Levels.OrderBy(f => f.Level))
        {
            Graph? map = null;
            var shape = feature.Value.Shape;
            if (architecture.FeatureAs is { } code)
            {
                if (!maps.TryGetValue(shape, out map))
                {
                    map = new GraphBuilder(binder, builder, context).Expression(root, code, shape, root.Arguments);
                    if (map is null) return null;
                    maps.Add(shape, map);
                }

                shape = map.Outputs[0].Shape;
            }

            var channels = shape.Rank > 1 ? shape[ChannelAxis(shape)].Value ?? 0 : 0;
            result.Add(new FeatureLevel(feature.Level, feature.Path, shape, channels, Reductions(graph.Inputs[0].Shape, shape, ModelInstance.Size(root.Arguments)), feature.Value, map));
        }

        return result;
    }

    /// <summary>Where the channels stand: behind the batch or at the end, where a size is known and the other axis' is not; else as maps and tokens have them.</summary>
    public static int ChannelAxis(Shape shape)
    {
        if (shape.Rank < 3) return shape.Rank - 1;
        var (second, last) = (shape[1].Value is not null, shape[-1].Value is not null);
        return second == last ? shape.Rank == 3 ? 2 : 1 : second ? 1 : shape.Rank - 1;
    }

    // Axes are compared by place: an image's tokens have one where the image has two, of which nothing is said.
    private static EquatableArray<long> Reductions(Shape input, Shape level, (long Height, long Width)? image)
    {
        var (of, to) = (Extents(input), Extents(level));
        var batch = input.Axes.SelectMany(a => a.FreeSymbols).FirstOrDefault();
        long Size(Dim d) => d.Evaluate(s => s == batch ? 1 : Probe);
        return to.Select((axis, i) =>
        {
            if (of.Count != to.Count) return 0;
            // A grid of known size in an input of any: compared with the declared image.
            var whole = axis.Value is null || of[i].Value is not null ? Size(of[i]) : image is { } size && to.Count == 2 ? (i == 0 ? size.Height : size.Width) : 0;
            return (long)Math.Round((double)whole / Math.Max(1, Size(axis)));
        }).ToEquatableArray();
    }

    private static List<Dim> Extents(Shape shape) => [.. shape.Axes.Where((_, i) => i > 0 && i != ChannelAxis(shape))];
}
