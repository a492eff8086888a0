using Notochord.Dsl.Ir;
using Notochord.Execution.Kernels;
using Notochord.Guards;
using static TorchSharp.torch;

namespace Notochord.Execution;

/// <summary>Where a running graph finds what is not in it.</summary>
internal interface IGraphScope
{
    /// <summary>The module, for messages; null for code of its own.</summary>
    ModuleType? Type { get; }

    /// <summary>The module as TorchSharp knows it.</summary>
    nn.Module Owner { get; }

    /// <summary>A parameter, buffer or constant.</summary>
    Tensor State(string name);

    /// <summary>A child, or a child's child: <c>blocks.3</c>.</summary>
    IGraphScope Child(string path);
}

/// <summary>Sees the values of a run.</summary>
/// <param name="Feature">Told of each feature level of the outermost graph as it comes; true ends the run, which then has no results.</param>
/// <param name="Module">Told of each module's path and first result, innermost first.</param>
internal sealed record RunObserver(
    Func<FeatureValue, Tensor, IReadOnlyDictionary<string, long>, bool>? Feature = null, Action<string, Tensor>? Module = null, string Path = "")
{
    public RunObserver? Inside(string path) => Module is null ? null : new RunObserver(null, Module, Path + path + ".");
}

/// <summary>Runs graphs, one node after the other; releases each value after its last use.</summary>
internal static class GraphRunner
{
    /// <summary>Runs a graph. The caller owns the results and keeps the inputs.</summary>
    /// <param name="graph">What is run.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="scope">Its module.</param>
    /// <param name="observer">Who looks on.</param>
    /// <exception cref="ShapeGuardException">The inputs do not fit.</exception>
    /// <exception cref="ExecutionException">An operation failed.</exception>
    public static Tensor[] Run(Graph graph, IReadOnlyList<Tensor> inputs, IGraphScope scope, RunObserver? observer = null)
    {
        var program = GraphProgram.Of(graph);
        return new Execution(program, program.Specialize([.. inputs.Select(x => x.shape)], scope.Type), scope, inputs, observer).Run();
    }

    /// <summary>Calls a module with a graph: as <see cref="Run(Graph, IReadOnlyList{Tensor}, IGraphScope, RunObserver?)"/>, and so that backward computes it
    /// again where that is wanted.</summary>
    public static Tensor[] Call(Graph graph, Tensor[] inputs, IGraphScope scope, RunObserver? observer = null)
    {
        if (graph.Inverse is not { } inverse || !Recomputation.IsWanted(scope.Owner)) return Run(graph, inputs, scope, observer);
        return Recomputation.Call(
            scope.Owner,
            inputs,
            x => Run(graph, x, scope, observer),
            new Inverse([.. inverse.Recovered], (outputs, kept) => Run(inverse.Graph, [.. outputs, .. kept], scope)));
    }

    /// <summary>Runs code with one input whose symbols are known from elsewhere.</summary>
    public static Tensor[] Run(Graph graph, Tensor input, IReadOnlyDictionary<string, long> symbols, IGraphScope scope)
        => new Execution(GraphProgram.Of(graph), new GraphProgram.Specialization(graph, symbols, [input.shape]), scope, [input], null).Run();

    private sealed class Execution(GraphProgram program, GraphProgram.Specialization values, IGraphScope scope, IReadOnlyList<Tensor> inputs, RunObserver? observer)
    {
        private readonly Tensor?[] _slots = new Tensor?[program.SlotCount];

        public Tensor[] Run()
        {
            var graph = program.Graph;
            for (var i = 0; i < inputs.Count; i++) _slots[program.SlotOf(graph.Inputs[i])] = inputs[i];
            try
            {
                for (var i = 0; i < graph.Nodes.Count; i++)
                {
                    Step(graph.Nodes[i], i);
                    if (observer?.Feature is { } feature && Ends(graph.Nodes[i], feature)) return [];
                    foreach (var slot in program.Released[i]) Release(slot);
                }

                return Results();
            }
            finally
            {
                for (var slot = 0; slot < _slots.Length; slot++) Release(slot);
            }
        }

        private bool Ends(Node node, Func<FeatureValue, Tensor, IReadOnlyDictionary<string, long>, bool> onFeature)
        {
            foreach (var feature in program.Graph.Features.Where(f => node.Results.Contains(f.Value)))
            {
                if (onFeature(feature, Read(feature.Value), values.Symbols)) return true;
            }

            return false;
        }

        private void Step(Node node, int index)
        {
            var results = node switch
            {
                PrimitiveNode p => Apply(p, index),
                ModuleNode m => Call(m, scope.Child(m.Path)),
                AliasNode a => [Renamed(a.Source, index)],
                _ => throw new InvalidOperationException($"{node.GetType().Name} is no step."),
            };
            for (var i = 0; i < results.Length; i++) _slots[program.SlotOf(node.Results[i])] = results[i];
            if (node is ModuleNode module && results.Length > 0) observer?.Module?.Invoke(observer.Path + module.Path, results[0]);
        }

        // A module can be in another mode than the one that holds it.
        private Tensor[] Call(ModuleNode node, IGraphScope child)
            => GraphRunner.Call(node.Graph.For(child.Owner.training), [.. node.Arguments.Select(Read)], child, observer?.Inside(node.Path));

        // A value that nothing else names any more keeps its handle.
        private Tensor Renamed(GraphValue source, int index)
        {
            var tensor = Read(source);
            if (source.Kind != LocalKind.Result || !program.Released[index].Contains(program.SlotOf(source))) return tensor.alias();
            _slots[program.SlotOf(source)] = null;
            return tensor;
        }

        private Tensor[] Apply(PrimitiveNode node, int index)
        {
            var arguments = node.Arguments.Select((a, i) => a.Tensor is { } t ? Read(t) : a.Tensors is { } ts ? ts.Select(Read).ToArray() : values.Statics[index]![i]).ToArray();
            var call = new KernelCall(node.Primitive, arguments, values.Axes[index]!, scope.Owner);
            try
            {
                // What a kernel makes on its way goes with the scope.
                using var temporaries = NewDisposeScope();
                var results = KernelTable.Find(node.Primitive.Name)(call);
                foreach (var result in results) _ = result.MoveToOuterDisposeScope();
                return results;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                var shapes = arguments.SelectMany(a => a switch { Tensor t => [t], Tensor[] ts => ts, _ => Array.Empty<Tensor>() }).Select(t => $"[{string.Join(", ", t.shape)}]");
                throw new ExecutionException($"{node.Span.Short}: {node.Primitive.Name} on {string.Join(", ", shapes)} failed: {e.Message}", e);
            }
        }

        private Tensor Read(GraphValue value)
            => value.Kind == LocalKind.State ? scope.State(value.Name) : _slots[program.SlotOf(value)] ?? throw new InvalidOperationException($"'{value.Name}' is used after its last use.");

        // The caller owns what it gets: an input, a parameter or a second mention is given as another handle.
        private Tensor[] Results()
        {
            var results = new Tensor[program.Graph.Outputs.Count];
            for (var i = 0; i < results.Length; i++)
            {
                var value = program.Graph.Outputs[i];
                var tensor = Read(value);
                var isOurs = value.Kind == LocalKind.Result && !Holds(results, tensor);
                results[i] = isOurs ? tensor : tensor.alias();
            }

            for (var slot = 0; slot < _slots.Length; slot++)
            {
                if (_slots[slot] is { } kept && Holds(results, kept)) _slots[slot] = null;
            }

            return results;
        }

        private void Release(int slot)
        {
            if (_slots[slot] is not { } tensor) return;
            _slots[slot] = null;
            if (!Holds(inputs, tensor)) tensor.Dispose();
        }

        // Handles, not values: Equals of a tensor compares its elements.
        private static bool Holds(IReadOnlyList<Tensor?> tensors, Tensor tensor)
        {
            for (var i = 0; i < tensors.Count; i++)
            {
                if (ReferenceEquals(tensors[i], tensor)) return true;
            }

            return false;
        }
    }
}
