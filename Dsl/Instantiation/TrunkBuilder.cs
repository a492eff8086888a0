using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Cuts an architecture behind the last level that is wanted: what its forward calls later is not there, as with timm's <c>features_only</c>.</summary>
internal sealed class TrunkBuilder(Binder binder, ModuleBuilder modules, InstantiationContext context, BoundBlock bound, ModuleType whole)
{
    /// <summary>The trunk, with its forward. Null after a diagnostic.</summary>
    /// <param name="outIndices">Which levels: from 0, or from -1 for the last; all of them when empty.</param>
    /// <param name="at">Where it is applied.</param>
    public ModuleType? Build(ListValue outIndices, SourceSpan at)
    {
        var shapes = ContractBinder.Ranks(bound.Block);
        if (GraphBuilder.Build(binder, modules, context, whole, shapes, bound) is not { } graph) return null;
        if (FeatureLevels.Of(bound.Applied!, binder, modules, context, whole, graph) is not { } levels) return null;
        if (Wanted(outIndices, levels, at) is not { } wanted) return null;
        if (Forward(shapes, wanted, isTraining: false) is not { } forward || Forward(shapes, wanted, isTraining: true) is not { } training) return null;
        var called = forward.Nodes.Concat(training.Nodes).OfType<ModuleNode>().Select(n => n.Path).Distinct().ToList();
        var trunk = new ModuleType(whole.Block, whole.Arguments, Kept(whole.Children, "", called), whole.Tensors, wanted);
        var key = GraphBuilder.Key(trunk, shapes);
        if (!forward.IsModal) training = forward;
        else (forward.Counterpart, training.Counterpart) = (training, forward);
        (trunk.Graphs[(key, false)], trunk.Graphs[(key, true)]) = (forward, training);
        return trunk;
    }

    private Graph? Forward(IReadOnlyList<InputShape> shapes, List<FeatureLevel> wanted, bool isTraining) => new GraphBuilder(binder, modules, context).Trunk(whole, bound, shapes, wanted, isTraining);

    private List<FeatureLevel>? Wanted(ListValue outIndices, List<FeatureLevel> levels, SourceSpan at)
    {
        if (outIndices.Items.Count == 0) return levels;
        var wanted = new List<FeatureLevel>();
        foreach (var item in outIndices.Items)
        {
            var index = StaticFunctions.Int(item);
            var level = index < -levels.Count || index >= levels.Count ? null : levels[(int)(index < 0 ? index + levels.Count : index)];
            if (level is null || wanted.Contains(level))
            {
                context.Report(Rules.Arguments, at, level is null
                    ? $"{bound.Block.Name} has no level {index}; they are {string.Join(", ", levels.Select(l => $"{l.Index} ({l.Path})"))}, and -1 is the last."
                    : $"{AppliedArchitecture.OutIndices} asks twice for level {level.Index} ({level.Path}).");
                return null;
            }

            wanted.Add(level);
        }

        return wanted;
    }

    // A child that is called stays whole; of a chain that is called link by link, the links that are.
    private static List<Child> Kept(IEnumerable<Child> children, string prefix, List<string> called)
    {
        var kept = new List<Child>();
        foreach (var child in children)
        {
            var path = prefix + child.Name;
            if (called.Contains(path)) kept.Add(child);
            else if (called.Exists(c => c.StartsWith(path + ".", StringComparison.Ordinal)))
            {
                var type = child.Type;
                kept.Add(child with { Type = new ModuleType(type.Block, type.Arguments, Kept(type.Children, path + ".", called), type.Tensors, type.Levels) });
            }
        }

        return kept;
    }
}
