using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>What leads to one level of a trunk from the one before.</summary>
/// <param name="Chain">Its modules, by their paths in the trunk.</param>
/// <param name="TakesChannelsLast">Whether they take [B, H, W, C], where a map is given.</param>
/// <param name="GivesChannelsLast">Whether they give that.</param>
internal sealed record TrunkPiece(ModuleType Chain, bool TakesChannelsLast, bool GivesChannelsLast);

/// <summary>A trunk called level by level: <c>body[1](x)</c> is what leads from level 0 to level 1, so that a model can do something in between (composite
/// backbones: Liang et al. 2021, arXiv:2107.00420). It is a chain of the trunk's modules, which share their parameters with the whole.</summary>
internal static class TrunkPieces
{
    /// <summary>The chain of modules that leads to a level, or why there is none.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="level">The level among those of the trunk; 0 starts at the image.</param>
    public static (TrunkPiece? Piece, string? Problem, SourceSpan At) Of(ModuleType trunk, long level)
    {
        var levels = trunk.Levels!;
        if (level < 0 || level >= levels.Count) return (null, $"there is no level {level}; the trunk has {levels.Count}, from 0", SourceSpan.None);
        if (trunk.Pieces.TryGetValue(level, out var known)) return (known, null, SourceSpan.None);
        var graph = trunk.Graphs.Values.First(g => g is not null)!;
        if (graph.IsModal) return (null, "it is another one in training", SourceSpan.None);
        if (levels.FirstOrDefault(l => l.As is not null) is { } shown) return (null, $"level {shown.Index} ({shown.Path}) is no map inside of it", SourceSpan.None);
        var value = level == 0 ? graph.Inputs[0] : Inside(graph, levels, (int)level - 1);
        var end = Inside(graph, levels, (int)level);
        var children = new List<Child>();
        foreach (var node in graph.Nodes.Skip(level == 0 ? 0 : graph.Nodes.ToList().FindIndex(n => n.Results.Contains(value)) + 1))
        {
            if (value == end) break;
            switch (node)
            {
                case ModuleNode { Arguments: { Count: 1 } arguments, Results: { Count: 1 } results } call when arguments[0] == value:
                    children.Add(new Child(call.Path, call.Type, new Dictionary<string, Value>()));
                    value = results[0];
                    break;
                case AliasNode alias when alias.Source == value:
                    value = alias.Results[0];
                    break;
                default:
                    return (null, $"it does more on the way to level {level} than to call modules one after the other", node.Span);
            }
        }

        if (value != end) return (null, $"level {level} does not follow from the one before it alone", SourceSpan.None);
        var chain = new ModuleType(null, new Dictionary<string, Value>(), children, []);
        return (trunk.Pieces[level] = new TrunkPiece(chain, level > 0 && levels[(int)level - 1].ChannelsLast, levels[(int)level].ChannelsLast), null, SourceSpan.None);
    }

    // A level as the modules have it; where that is [B, H, W, C], the last step of the trunk has made a map of it.
    private static GraphValue Inside(Graph graph, IReadOnlyList<FeatureLevel> levels, int level)
    {
        var map = graph.Outputs[level];
        return levels[level].ChannelsLast ? ((PrimitiveNode)graph.Nodes.First(n => n.Results.Contains(map))).Arguments[0].Tensor! : map;
    }
}
