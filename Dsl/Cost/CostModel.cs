using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Cost;

/// <summary>What a module costs for inputs of given sizes, with its children. Counted from the graph; no tensor is made.</summary>
/// <param name="Name">Its name in the parent; empty for the model.</param>
/// <param name="Type">Its block, or how a chain is called.</param>
/// <param name="Outputs">Sizes of its results at its last call.</param>
/// <param name="Parameters">Trained numbers, its own and its children's.</param>
/// <param name="Macs">Multiply-adds of matrix products and convolutions, biases not counted, over all its calls.</param>
/// <param name="Activations">Numbers written by its operations (views write none), over all its calls.</param>
/// <param name="Children">Its children, in state-dict order.</param>
public sealed record ModuleCost(string Name, string Type, IReadOnlyList<long[]> Outputs, long Parameters, long Macs, long Activations, IReadOnlyList<ModuleCost> Children);

/// <summary>Counts parameters, multiply-adds and activations.</summary>
public static class CostModel
{
    private static readonly Facts NoFacts = new();

    /// <summary>The cost of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Batch size.</param>
    /// <param name="sizes">Sizes of the input by symbol; the others are those that the model declares (<see cref="ModelInstance.InputSizes"/>).</param>
    /// <exception cref="ArgumentException">The model refuses that size, or a symbol has none; the message says why.</exception>
    public static ModuleCost Measure(ModelInstance model, long batch = 1, IReadOnlyDictionary<string, long>? sizes = null)
    {
        var (symbols, problem) = model.Graph.BindSymbols([model.InputSizes(batch, sizes)]);
        if (symbols is null) throw new ArgumentException(problem);
        foreach (var guard in model.Graph.AllGuards)
        {
            if (!guard.Holds(s => symbols[s])) throw new ArgumentException($"{guard.Reason}: {guard} does not hold ({guard.Span.Short}).");
        }

        var counter = new Counter();
        counter.Run(model.Graph, symbols, counter.Root);
        return counter.Root.Freeze("", model.Root);
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, Tally> _children = [];

        public long Macs { get; set; }

        public long Activations { get; set; }

        public IReadOnlyList<long[]> Outputs { get; set; } = [];

        // A path may lead through a chain that is called element by element: blocks.3.
        public Tally Child(string path)
        {
            var tally = this;
            foreach (var part in path.Split('.'))
            {
                if (!tally._children.TryGetValue(part, out var next)) tally._children[part] = next = new Tally();
                tally = next;
            }

            return tally;
        }

        public ModuleCost Freeze(string name, ModuleType type)
        {
            var children = type.Children.Select(c => (_children.TryGetValue(c.Name, out var t) ? t : new Tally()).Freeze(c.Name, c.Type)).ToList();
            var own = type.Tensors.Where(t => t.Role == TensorRole.Parameter).Sum(t => t.Shape.Count.Value!.Value);
            var outputs = Outputs.Count > 0 || children.Count == 0 ? Outputs : children[children.Count - 1].Outputs;
            return new ModuleCost(name, type.Block?.Name ?? "chain", outputs, own + children.Sum(c => c.Parameters), Macs + children.Sum(c => c.Macs), Activations + children.Sum(c => c.Activations), children);
        }
    }

    private sealed class Counter
    {
        public Tally Root { get; } = new();

        public void Run(Graph graph, IReadOnlyDictionary<string, long> symbols, Tally tally)
        {
            long Size(string symbol) => symbols[symbol];
            foreach (var node in graph.Nodes)
            {
                if (node is PrimitiveNode p)
                {
                    tally.Macs += p.Primitive.Macs(Site(p)).Evaluate(Size);
                    if (!p.Primitive.IsView) tally.Activations += p.Results.Sum(r => r.Shape.Count.Evaluate(Size));
                }
                else if (node is ModuleNode m)
                {
                    Run(m.Graph, m.Bindings.ToDictionary(b => b.Key, b => b.Value.Evaluate(Size)), tally.Child(m.Path));
                }
            }

            tally.Outputs = [.. graph.Outputs.Select(o => o.Shape.Axes.Select(a => a.Evaluate(Size)).ToArray())];
        }

        private static CallSite Site(PrimitiveNode p)
        {
            var arguments = p.Arguments.Select(a => new CallArgument(a.Tensor?.Shape, a.Tensors?.Select(t => t.Shape).ToList(), a.Static)).ToList();
            return new CallSite(p.Primitive, arguments, p.Axes, NoFacts, _ => { }, p.Span) { Results = [.. p.Results.Select(r => r.Shape)] };
        }
    }
}
