using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Shapes of the variables of one forward, as one instance of it has them: for comments, and for emissions that need a rank.</summary>
internal sealed class KnownShapes
{
    private readonly Dictionary<(int Id, SourceSpan Span), Shape> _shapes = [];
    private readonly Dictionary<(SourceSpan Call, int Argument), int?> _ranks = [];
    private readonly HashSet<SourceSpan> _guarded = [];

    /// <param name="graph">The first instance of the forward that was met.</param>
    public KnownShapes(Graph graph)
    {
        AddGuards(graph);
        AddShapes(graph, _ => true);
        // Where the modes differ, one computes what the other does not.
        if (graph.Counterpart is not { } other) return;
        var known = new HashSet<(int, SourceSpan)>(_shapes.Keys);
        AddGuards(other);
        AddShapes(other, key => !known.Contains(key));
    }

    private void AddShapes(Graph graph, Func<(int Id, SourceSpan Span), bool> isWanted)
    {
        void AddWanted(int id, SourceSpan span, Shape shape)
        {
            if (isWanted((id, span))) Add(id, span, shape);
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var value in node.Results.Where(v => v.LocalId is not null)) AddWanted(value.LocalId!.Value, node.Span, value.Shape);
            if (node is PrimitiveNode call) AddRanks(call);
        }

        // Of a list what its elements have in common.
        foreach (var (id, span, shapes) in graph.Lists)
        {
            foreach (var shape in shapes) AddWanted(id, span, shape);
        }
    }

    // The step of a loop has a shape each round: what changes is '_'.
    private void Add(int local, SourceSpan span, Shape shape)
    {
        var key = (local, span);
        _shapes[key] = _shapes.TryGetValue(key, out var before) ? Common(before, shape) : shape;
    }

    private void AddRanks(PrimitiveNode call)
    {
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            if (call.Arguments[i].Tensor is not { Shape.Rank: var rank }) continue;
            var key = (call.Span, i);
            _ranks[key] = _ranks.TryGetValue(key, out var before) && before != rank ? null : rank;
        }
    }

    /// <summary>Adds what another instance needs of the input's sizes.</summary>
    public void AddGuards(Graph graph)
    {
        foreach (var guard in graph.Guards.Where(g => g.Kind == GuardKind.Multiple)) _guarded.Add(guard.Span);
    }

    /// <summary>Adds what the instances seen by another need.</summary>
    public void AddGuards(KnownShapes other) => _guarded.UnionWith(other._guarded);

    /// <summary>Whether some instance of the step at <paramref name="span"/> needs a size to be a multiple that only the input can make one.</summary>
    public bool IsGuarded(SourceSpan span) => _guarded.Contains(span);

    /// <summary>The shape of what the step at <paramref name="span"/> puts into a variable; null where it is not known.</summary>
    public Shape? At(Local local, SourceSpan span) => _shapes.TryGetValue((local.Id, span), out var shape) ? shape : null;

    /// <summary>How many axes an argument of the call at <paramref name="span"/> has, each time it is made; null where that differs.</summary>
    public int? Rank(SourceSpan span, int argument) => _ranks.TryGetValue((span, argument), out var rank) ? rank : null;

    private static Shape Common(Shape a, Shape b)
        => a.Rank != b.Rank ? b : b with { Axes = b.Axes.Select((d, i) => d.Equals(a[i]) ? d : Dim.Symbol("_")).ToEquatableArray() };
}
