using System.Runtime.CompilerServices;
using Notochord.Dsl.Ir;
using Notochord.Execution.Kernels;
using Notochord.Guards;

namespace Notochord.Execution;

/// <summary>A graph made ready to run: each value has a slot, each step knows which values it is the last to use. Numbers that depend on the
/// input's sizes are evaluated once for each combination of sizes.</summary>
internal sealed class GraphProgram
{
    private const int MostSpecializations = 16;

    private static readonly ConditionalWeakTable<Graph, GraphProgram> Programs = [];

    private readonly Dictionary<GraphValue, int> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _lock = new();
    private readonly List<Specialization> _specializations = [];

    private GraphProgram(Graph graph)
    {
        Graph = graph;
        foreach (var input in graph.Inputs) _ = Slot(input);
        foreach (var result in graph.Nodes.SelectMany(n => n.Results)) _ = Slot(result);
        Released = LastUses(graph);
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Number of slots.</summary>
    public int SlotCount => _slots.Count;

    /// <summary>For each node the slots that are done after it.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Released { get; }

    /// <summary>The program of a graph, made once.</summary>
    public static GraphProgram Of(Graph graph) => Programs.GetValue(graph, static g => new GraphProgram(g));

    /// <summary>The slot of a value; -1 for a parameter, buffer or constant.</summary>
    public int SlotOf(GraphValue value) => value.Kind == LocalKind.State ? -1 : _slots[value];

    /// <summary>The program for inputs of these sizes, its contract and guards checked.</summary>
    /// <param name="sizes">Sizes of each input.</param>
    /// <param name="owner">The module, for messages.</param>
    /// <exception cref="ShapeGuardException">The sizes do not fit the contract or fail a guard.</exception>
    public Specialization Specialize(IReadOnlyList<long[]> sizes, ModuleType? owner)
    {
        lock (_lock)
        {
            var known = _specializations.Find(s => s.Fits(sizes));
            if (known is not null) return known;
        }

        var (symbols, problem) = Graph.BindSymbols(sizes);
        if (symbols is null)
        {
            var where = owner?.Block is { } block ? (block.Inputs.Count > 0 ? block.Inputs[0].Span : block.Span).Short : "chain";
            throw new ShapeGuardException(where, null, $"what {owner?.Display ?? "the code"} takes", problem!, [.. sizes.Count > 0 ? sizes[0] : []]);
        }

        foreach (var guard in Graph.Guards) Check(guard, symbols, sizes);
        var made = new Specialization(Graph, symbols, sizes);
        lock (_lock)
        {
            if (_specializations.Count == MostSpecializations) _specializations.RemoveAt(0);
            _specializations.Add(made);
        }

        return made;
    }

    private static void Check(Dsl.Ir.Guard guard, IReadOnlyDictionary<string, long> symbols, IReadOnlyList<long[]> sizes)
    {
        var (left, right) = (guard.Left.Evaluate(s => symbols[s]), guard.Right.Evaluate(s => symbols[s]));
        var holds = guard.Kind switch
        {
            GuardKind.Multiple => right != 0 && left % right == 0,
            GuardKind.Equal => left == right,
            _ => left >= right,
        };
        if (!holds) throw new ShapeGuardException(guard.Span.Short, null, $"{guard} ({guard.Reason})", $"{left} and {right}", [.. sizes.Count > 0 ? sizes[0] : []]);
    }

    private int Slot(GraphValue value)
    {
        if (!_slots.TryGetValue(value, out var slot)) _slots[value] = slot = _slots.Count;
        return slot;
    }

    private List<IReadOnlyList<int>> LastUses(Graph graph)
    {
        var last = new Dictionary<int, int>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var value in Uses(graph.Nodes[i]).Concat(graph.Nodes[i].Results).Where(v => v.Kind == LocalKind.Result)) last[_slots[value]] = i;
        }

        // What is returned lives to the end.
        foreach (var value in graph.Outputs.Where(v => v.Kind == LocalKind.Result)) last.Remove(_slots[value]);
        return [.. Enumerable.Range(0, graph.Nodes.Count).Select(i => (IReadOnlyList<int>)[.. last.Where(l => l.Value == i).Select(l => l.Key)])];
    }

    private static IEnumerable<GraphValue> Uses(Node node) => node switch
    {
        PrimitiveNode p => p.Arguments.SelectMany(a => a.Tensor is { } t ? [t] : a.Tensors ?? []),
        ModuleNode m => m.Arguments,
        AliasNode a => [a.Source],
        _ => [],
    };

    /// <summary>A program for inputs of given sizes: static arguments evaluated.</summary>
    internal sealed class Specialization
    {
        private readonly IReadOnlyList<long[]> _sizes;

        public Specialization(Graph graph, IReadOnlyDictionary<string, long> symbols, IReadOnlyList<long[]> sizes)
        {
            _sizes = sizes;
            Symbols = symbols;
            Statics = [.. graph.Nodes.Select(n => n is PrimitiveNode p ? Evaluate(p, symbols) : null)];
            Axes = [.. graph.Nodes.Select(n => n is PrimitiveNode p ? p.Axes.ToDictionary(a => a.Key, a => a.Value.Evaluate(s => symbols[s])) : null)];
        }

        /// <summary>Sizes of the axes that the contract names.</summary>
        public IReadOnlyDictionary<string, long> Symbols { get; }

        /// <summary>For each node of a primitive its static arguments, null for tensors.</summary>
        public IReadOnlyList<object?[]?> Statics { get; }

        /// <summary>For each node of a primitive the sizes given to axes.</summary>
        public IReadOnlyList<IReadOnlyDictionary<string, long>?> Axes { get; }

        public bool Fits(IReadOnlyList<long[]> sizes) => sizes.Count == _sizes.Count && sizes.Zip(_sizes, (a, b) => a.AsSpan().SequenceEqual(b)).All(same => same);

        private static object?[] Evaluate(PrimitiveNode node, IReadOnlyDictionary<string, long> symbols)
            => [.. node.Arguments.Select((a, i) => KernelCall.Value(a.Static, node.Primitive.Parameters[i].Type, s => symbols[s]))];
    }
}
