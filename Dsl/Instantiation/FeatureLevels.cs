using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Instantiation;

/// <summary>What is known of the levels of an architecture: channels and strides, from the shapes.</summary>
internal static class FeatureLevels
{
    /// <summary>The levels of an architecture in a graph of its forward, as maps. Null after a diagnostic.</summary>
    public static List<FeatureLevel>? Of(BoundArchitecture architecture, Binder binder, ModuleBuilder builder, InstantiationContext context, ModuleType root, Graph graph)
    {
        var result = new List<FeatureLevel>();
        var large = graph.Inputs[0].Shape.Axes.SelectMany(a => a.FreeSymbols).Distinct().ToList();
        // Far above any window or padding, and divisible by all usual ones: ratios of sizes are the reductions.
        const long Probe = 2L * 3 * 5 * 7 * 4096;
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

            long Size(Dim d) => d.Evaluate(s => s == large.FirstOrDefault() ? 1 : Probe);
            var channelsLast = shape.Rank == 4 && shape[3].Value is not null && shape[1].Value is null;
            var (channels, height) = shape.Rank == 4 ? (shape[channelsLast ? 3 : 1], shape[channelsLast ? 1 : 2]) : (shape[-1], Dim.Zero);
            // A map of known size (a fixed grid of positions) is compared with the declared image.
            var reduction = shape.Rank != 4 ? 0
                : height.Value is not { } known ? (long)Math.Round((double)Probe / Math.Max(1, Size(height)))
                : ModelInstance.Size(root.Arguments) is { } image ? (long)Math.Round((double)image.Height / Math.Max(1, known)) : 0;
            result.Add(new FeatureLevel(feature.Level, feature.Path, shape, channels.Value ?? 0, reduction, channelsLast, feature.Value, map));
        }

        return result;
    }
}
