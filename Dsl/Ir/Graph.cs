using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Ir;

/// <summary>A block with the values of its parameters: what one module is. Modules of equal block and arguments share one.</summary>
public sealed class ModuleType
{
    private Dictionary<string, Child>? _named;
    private Dictionary<(string Group, long? Index), Child>? _grouped;

    internal ModuleType(Block? block, IReadOnlyDictionary<string, Value> arguments, IReadOnlyList<Child> children, IReadOnlyList<TensorSpec> tensors, IReadOnlyList<FeatureLevel>? levels = null)
        => (Block, Arguments, Children, Tensors, Levels) = (block, arguments, children, tensors, levels);

    /// <summary>The block; null for a chain or a repetition, which only holds children and calls them in sequence.</summary>
    public Block? Block { get; }

    /// <summary>Value of each parameter and definition.</summary>
    public IReadOnlyDictionary<string, Value> Arguments { get; }

    /// <summary>Children in state-dict order.</summary>
    public IReadOnlyList<Child> Children { get; }

    /// <summary>Parameters, then buffers, then constants.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>The levels that the trunk of an architecture gives, in order; null for another module.</summary>
    public IReadOnlyList<FeatureLevel>? Levels { get; }

    /// <summary>The child of that name; null when it is absent (<c>none</c>) or unknown.</summary>
    public ModuleType? Find(string name) => Child(name)?.Type;

    internal Child? Child(string name) => Named.TryGetValue(name, out var child) ? child : null;

    /// <summary>Whether a template-named repetition is called by that name.</summary>
    internal bool HasGroup(string name) => Grouped.ContainsKey((name, null));

    /// <summary>An element of a template-named repetition; null when it is absent.</summary>
    internal Child? Element(string group, long index) => Grouped.TryGetValue((group, index), out var child) ? child : null;

    private Dictionary<string, Child> Named => _named ??= Index();

    private Dictionary<(string Group, long? Index), Child> Grouped => _grouped ??= IndexGroups();

    /// <summary>Forward for inputs of these ranks, by signature ("4" or "3,3") and mode. One that is the same in both modes stands under both.</summary>
    internal Dictionary<(string Ranks, bool IsTraining), Graph?> Graphs { get; } = [];

    /// <summary>Of a trunk: what leads to each level from the one before, where it is called level by level.</summary>
    internal Dictionary<long, TrunkPiece> Pieces { get; } = [];

    /// <summary>How messages call it: <c>swin_block(dim=96, heads=3)</c>.</summary>
    public string Display => Block is null ? "chain" : $"{Block.Name}({string.Join(", ", Block.Params.Where(p => Arguments.ContainsKey(p.Name)).Select(p => $"{p.Name}={Arguments[p.Name]}"))})";

    private Dictionary<string, Child> Index()
    {
        var result = new Dictionary<string, Child>();
        foreach (var child in Children) result[child.Name] = child;
        return result;
    }

    private Dictionary<(string Group, long? Index), Child> IndexGroups()
    {
        var result = new Dictionary<(string Group, long? Index), Child>();
        foreach (var child in Children.Where(c => c.Group is not null))
        {
            result[(child.Group!, null)] = child;
            result[(child.Group!, child.GroupIndex)] = child;
        }

        return result;
    }
}

/// <summary>A named child. A template-named repetition has put its elements here one by one; <paramref name="Group"/> is then the name that forward
/// calls them by and <paramref name="GroupIndex"/> the index.</summary>
/// <param name="Given">The arguments as the parent gave them, in the parent's names: what the child calls <c>out_features</c> may be <c>3*dim</c> here.</param>
public sealed record Child(string Name, ModuleType Type, IReadOnlyDictionary<string, Value> Given, string? Group = null, int GroupIndex = 0);

/// <summary>A tensor that a module holds.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="Role">What it is.</param>
/// <param name="Shape">Its sizes, all known.</param>
/// <param name="Initializer">Name of the initialiser, such as <c>trunc_normal</c>; empty for a constant.</param>
/// <param name="InitializerArguments">Its arguments by name.</param>
/// <param name="Constant">How a constant, or a buffer or parameter that code stands for, is computed; null otherwise.</param>
/// <param name="Span">Its declaration.</param>
public sealed record TensorSpec(
    string Name, TensorRole Role, Shape Shape, string Initializer, IReadOnlyDictionary<string, Value> InitializerArguments, Graph? Constant, SourceSpan Span);

/// <summary>Straight-line code of one module for inputs of given ranks: control flow is unrolled, static values are values; sizes may depend on the
/// symbols of the inputs.</summary>
public sealed class Graph
{
    internal Graph(
        IReadOnlyList<GraphValue> inputs, IReadOnlyList<Node> nodes, IReadOnlyList<GraphValue> outputs,
        IReadOnlyList<Guard> guards, IReadOnlyList<Guard> inherited, IReadOnlyList<FeatureValue> features)
        => (Inputs, Nodes, Outputs, Guards, InheritedGuards, Features) = (inputs, nodes, outputs, guards, inherited, features);

    /// <summary>Inputs; <see cref="BindSymbols"/> tells their symbols from actual sizes.</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>Steps in order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Whether it is the forward of one mode alone: its code, or that of a module it calls, asks for <c>training</c>.</summary>
    public bool IsModal { get; init; }

    /// <summary>Of one mode: whether that is training.</summary>
    public bool IsTraining { get; init; }

    /// <summary>The forward of the other mode, where both were made; the same in both modes: null.</summary>
    public Graph? Counterpart { get; internal set; }

    /// <summary>This forward in a mode.</summary>
    public Graph For(bool training) => IsModal && IsTraining != training && Counterpart is { } other ? other : this;

    /// <summary>Results; the elements of a list one by one.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>For each result as the code returns it how many of <see cref="Outputs"/> it is; null for a tensor that is no list.</summary>
    public IReadOnlyList<int?> OutputCounts { get; init; } = [];

    /// <summary>Whether a list that it gives is outputs, the last of them the model's, and no levels.</summary>
    public bool GivesOutputs { get; init; }

    /// <summary>Lists that the code makes, for those who show shapes: variable, step, shapes of the elements.</summary>
    public IReadOnlyList<ListValues> Lists { get; init; } = [];

    /// <summary>What its own code needs of the input's sizes and could not be decided.</summary>
    public IReadOnlyList<Guard> Guards { get; }

    /// <summary>The same of the modules that it calls, in its own symbols; each module checks its own when it runs.</summary>
    public IReadOnlyList<Guard> InheritedGuards { get; }

    /// <summary>Own and inherited.</summary>
    public IEnumerable<Guard> AllGuards => Guards.Concat(InheritedGuards);

    /// <summary>Values that are feature levels.</summary>
    public IReadOnlyList<FeatureValue> Features { get; }

    /// <summary>How inputs are recovered from the outputs, or null.</summary>
    public InverseGraph? Inverse { get; internal set; }

    /// <summary>The levels of an architecture: its features, or the tensors of the list that it gives.</summary>
    public IReadOnlyList<FeatureValue> Levels => Features.Count > 0 || GivesOutputs || OutputCounts.Count != 1 || OutputCounts[0] is null ? Features : [.. Outputs.Select((o, i) => new FeatureValue(i, PathOf(o, i), o))];

    // The module that made it; of several results, which.
    private string PathOf(GraphValue value, int index)
    {
        var module = Nodes.OfType<ModuleNode>().LastOrDefault(n => n.Results.Contains(value));
        return module is null ? $"out{index}" : module.Results.Count == 1 ? module.Path : $"{module.Path}.{module.Results.ToList().IndexOf(value)}";
    }

    /// <summary>The symbols of the inputs when they have these sizes; or what does not fit.</summary>
    public (IReadOnlyDictionary<string, long>? Symbols, string? Problem) BindSymbols(IReadOnlyList<long[]> sizes)
    {
        var bindings = new Dictionary<string, Dim>();
        for (var i = 0; i < Inputs.Count; i++)
        {
            var problem = ContractBinder.Bind(Inputs[i].Shape, Shape.Of(sizes[i].Select(Dim.Of)), bindings, new Facts(), (_, _) => { });
            if (problem is not null) return (null, $"'{Inputs[i].Name}' is {Inputs[i].Shape.Describe()}; found [{string.Join(", ", sizes[i])}]: {problem}");
        }

        return (bindings.ToDictionary(b => b.Key, b => b.Value.Value!.Value), null);
    }
}

/// <summary>How inputs of a graph are recovered.</summary>
/// <param name="Graph">From the outputs and the inputs that are kept to the recovered ones.</param>
/// <param name="Recovered">The positions of the recovered inputs, in the order of its outputs.</param>
public sealed record InverseGraph(Graph Graph, IReadOnlyList<int> Recovered);

/// <summary>A list that code made.</summary>
/// <param name="LocalId">The variable.</param>
/// <param name="Span">The step.</param>
/// <param name="Shapes">Shapes of the elements.</param>
public sealed record ListValues(int LocalId, SourceSpan Span, IReadOnlyList<Shape> Shapes);

/// <summary>A result that is a feature level.</summary>
/// <param name="Level">Its index, from 0.</param>
/// <param name="Path">The module that makes it.</param>
/// <param name="Value">The result.</param>
public sealed record FeatureValue(int Level, string Path, GraphValue Value);

/// <summary>A tensor in a graph.</summary>
public sealed class GraphValue
{
    internal GraphValue(string name, Shape shape, LocalKind kind, int? localId = null) => (Name, Shape, Kind, LocalId) = (name, shape, kind, localId);

    /// <summary>Name; of a parameter, buffer or constant for <see cref="LocalKind.State"/>.</summary>
    public string Name { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Where it comes from.</summary>
    public LocalKind Kind { get; }

    /// <summary>The <see cref="Local"/> of the block's <see cref="Code"/> that it is a value of.</summary>
    public int? LocalId { get; }
}

/// <summary>A step of a graph.</summary>
/// <param name="Results">What it makes.</param>
/// <param name="Span">Where it is declared.</param>
public abstract record Node(IReadOnlyList<GraphValue> Results, SourceSpan Span);

/// <summary>A primitive applied.</summary>
public sealed record PrimitiveNode(Primitive Primitive, IReadOnlyList<NodeArgument> Arguments, IReadOnlyDictionary<string, Dim> Axes, IReadOnlyList<GraphValue> Results, SourceSpan Span) : Node(Results, Span);

/// <summary>A child called. <paramref name="Path"/> is relative to the module (<c>blocks.3</c>).</summary>
/// <param name="Path">The child's path.</param>
/// <param name="Type">The child.</param>
/// <param name="Graph">Its forward for inputs of these ranks.</param>
/// <param name="Arguments">Inputs.</param>
/// <param name="Bindings">The child's symbols in terms of this graph's.</param>
/// <param name="Results">Outputs.</param>
/// <param name="Span">Where.</param>
public sealed record ModuleNode(string Path, ModuleType Type, Graph Graph, IReadOnlyList<GraphValue> Arguments, IReadOnlyDictionary<string, Dim> Bindings, IReadOnlyList<GraphValue> Results, SourceSpan Span) : Node(Results, Span);

/// <summary>Another name of a value (an absent child called, a variable copied).</summary>
public sealed record AliasNode(GraphValue Source, IReadOnlyList<GraphValue> Results, SourceSpan Span) : Node(Results, Span);

/// <summary>An argument of a primitive in a graph: a tensor, tensors, nothing, or a static value.</summary>
public sealed record NodeArgument(GraphValue? Tensor, IReadOnlyList<GraphValue>? Tensors, Value? Static);

/// <summary>A condition on the sizes of the input, checked when the model runs.</summary>
/// <param name="Kind">What must hold.</param>
/// <param name="Left">Dividend, or the one side.</param>
/// <param name="Right">Divisor, or the other side.</param>
/// <param name="Reason">For the message: what needs it.</param>
/// <param name="Span">Where it is needed.</param>
public sealed record Guard(GuardKind Kind, Dim Left, Dim Right, string Reason, SourceSpan Span)
{
    /// <summary>Whether it holds when the symbols have these values.</summary>
    public bool Holds(Func<string, long> symbols)
    {
        var (left, right) = (Left.Evaluate(symbols), Right.Evaluate(symbols));
        return Kind switch { GuardKind.Multiple => right != 0 && left % right == 0, GuardKind.Equal => left == right, _ => left >= right };
    }

    /// <summary><c>H % 7 == 0</c>.</summary>
    public override string ToString() => Kind switch
    {
        GuardKind.Multiple => $"{Left} % {Right} == 0",
        GuardKind.Equal => $"{Left} == {Right}",
        _ => $"{Left} >= {Right}",
    };
}

/// <summary>Kinds of guards.</summary>
public enum GuardKind
{
    /// <summary>Left is a multiple of right.</summary>
    Multiple,

    /// <summary>Both are equal.</summary>
    Equal,

    /// <summary>Left is at least right.</summary>
    AtLeast,
}
