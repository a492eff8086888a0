using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Runs the code of a module with the values of its parameters and the shapes of its contract: control flow unrolls, shapes follow, what only the
/// input can decide becomes a guard.</summary>
internal sealed partial class GraphBuilder
{
    private const int LoopLimit = 10_000;
    private const int NodeLimit = 1_000_000;
    private const int ListLimit = 10_000;

    private readonly Binder _binder;
    private readonly ModuleBuilder _modules;
    private readonly InstantiationContext _context;
    private readonly Facts _facts = new();
    private readonly List<Node> _nodes = [];
    private readonly List<Guard> _guards = [];
    private readonly List<Guard> _inherited = [];
    private readonly List<FeatureValue> _features = [];
    private readonly Dictionary<FeatureValue, (int Own, int Inherited)> _guardsAt = [];
    private readonly Dictionary<int, GraphValue> _locals = [];
    private readonly Dictionary<int, IReadOnlyList<GraphValue>> _lists = [];
    private readonly List<ListValues> _listShapes = [];
    private readonly Dictionary<string, Value> _statics = [];
    private readonly Dictionary<string, GraphValue> _state = [];
    private Evaluator? _evaluator;
    private ModuleType _type = null!;
    private GraphValue[]? _results;
    private IReadOnlyList<int?> _counts = [];
    private bool _failed;
    private bool _isTraining;
    private bool _isModal;

    public GraphBuilder(Binder binder, ModuleBuilder modules, InstantiationContext context) => (_binder, _modules, _context) = (binder, modules, context);

    /// <summary>The forward of a module for inputs of these shapes: their ranks count, and for a module without a contract (a chain) their known sizes too.
    /// Null after a diagnostic.</summary>
    public static Graph? Build(
        Binder binder, ModuleBuilder modules, InstantiationContext context, ModuleType type, IReadOnlyList<InputShape> shapes, BoundBlock? bound = null, bool isTraining = false)
    {
        var key = (Ranks: Key(type, shapes), IsTraining: isTraining);
        if (type.Graphs.TryGetValue(key, out var known)) return known;
        // Errors in here are reported once; whoever calls again sees the null.
        type.Graphs[key] = null;
        if (Make(binder, modules, context, type, shapes, bound, isTraining) is not { } graph) return null;
        var other = key with { IsTraining = !isTraining };
        if (!graph.IsModal) type.Graphs[other] = graph;
        else if (type.Graphs.TryGetValue(other, out var counterpart) && counterpart is not null) (graph.Counterpart, counterpart.Counterpart) = (counterpart, graph);
        return type.Graphs[key] = graph;
    }

    private static Graph? Make(Binder binder, ModuleBuilder modules, InstantiationContext context, ModuleType type, IReadOnlyList<InputShape> shapes, BoundBlock? bound, bool isTraining)
    {
        GraphBuilder New() => new(binder, modules, context) { _type = type, _isTraining = isTraining };
        if (type.Block is null) return New().Chain(shapes);
        bound ??= binder.Bind(type.Block)!;
        var graph = New().Forward(bound.Block, bound.Forward, shapes);
        if (graph is null || bound.Inverse is not { } inverse) return graph;
        using var step = context.Enter(() => $"the inverse of {type.Display}");
        var kept = graph.Inputs.Where((_, i) => !inverse.Recovered.Contains(i));
        var back = New().Forward(inverse.Block, inverse.Code, [.. graph.Outputs.Concat(kept).Select(v => InputShape.Of(v.Shape))]);
        if (back is null) return null;
        graph.Inverse = new InverseGraph(back, [.. inverse.Recovered]);
        return graph;
    }

    /// <summary>What tells the forwards of one module apart.</summary>
    public static string Key(ModuleType type, IReadOnlyList<InputShape> shapes)
        => shapes.Count == 1 ? shapes[0].Key(withSizes: type.Block is null) : string.Join(";", shapes.Select(s => s.Key(withSizes: type.Block is null)));

    /// <summary>The forward of an architecture up to the last of these levels; its results are the levels as maps [B, C, H, W], in this order.</summary>
    public Graph? Trunk(ModuleType whole, BoundBlock bound, IReadOnlyList<InputShape> shapes, IReadOnlyList<FeatureLevel> levels, bool isTraining)
    {
        (_type, _isTraining) = (whole, isTraining);
        if (Forward(bound.Block, bound.Forward, shapes) is not { } graph) return null;
        var found = graph.Levels.ToDictionary(l => l.Level);
        if (_features.Count > 0) EndBehind([.. levels.Select(l => found[l.Index])]);
        var maps = new List<GraphValue>();
        for (var i = 0; i < levels.Count; i++)
        {
            if (Map(found[levels[i].Index].Value, levels[i], bound) is not { } map) return null;
            maps.Add(map);
        }

        return new Graph(graph.Inputs, _nodes, maps, _guards, _inherited, []) { OutputCounts = [maps.Count], IsModal = _isModal, IsTraining = _isTraining };
    }

    // What comes after the last of these features is not computed, and asks nothing of the input.
    private void EndBehind(List<FeatureValue> features)
    {
        var last = features.Max(f => _nodes.FindIndex(n => n.Results.Contains(f.Value)));
        _nodes.RemoveRange(last + 1, _nodes.Count - last - 1);
        var (own, inherited) = (features.Max(f => _guardsAt[f].Own), features.Max(f => _guardsAt[f].Inherited));
        _guards.RemoveRange(own, _guards.Count - own);
        _inherited.RemoveRange(inherited, _inherited.Count - inherited);
    }

    private GraphValue? Map(GraphValue value, FeatureLevel level, BoundBlock bound)
    {
        if (bound.Applied!.FeatureAs is { } code)
        {
            _results = null;
            _locals[code.Inputs[0].Id] = value;
            Run(code.Body);
            if (_failed || _results is null) return null;
            value = _results[0];
        }

        return level.ChannelsLast ? Permuted(value, ChannelsFirst(value.Shape.Rank), bound.Block.Span) : value;
    }

    private GraphValue Permuted(GraphValue value, ListExpr axes, SourceSpan span, int localId = -2)
    {
        var (input, output) = (new Local(-1, value.Name, LocalKind.Input), new Local(localId, value.Name, LocalKind.Result));
        _locals[input.Id] = value;
        RunPrimitive(new Apply([output], PrimitiveTable.Find("permute")!, [new TensorOperand(input), new StaticOperand(axes)], default, span));
        return _locals[output.Id];
    }

    // 0, 3, 1, 2
    private static ListExpr ChannelsFirst(int rank) => Axes(Enumerable.Range(1, rank - 2).Prepend(rank - 1).Prepend(0));

    // 0, 2, 3, 1
    private static ListExpr ChannelsLast(int rank) => Axes(Enumerable.Range(2, rank - 2).Prepend(0).Append(1));

    private static ListExpr Axes(IEnumerable<int> axes) => new(axes.Select(axis => (Expr)new IntLiteral(axis, SourceSpan.None)).ToEquatableArray(), SourceSpan.None);

    /// <summary>The code of a constant.</summary>
    public Graph? Constant(ModuleType type, BoundConstant constant, IReadOnlyDictionary<string, Value> environment, IReadOnlyList<TensorSpec> tensors)
    {
        _type = type;
        foreach (var v in environment) _statics[v.Key] = v.Value;
        foreach (var t in tensors.Where(t => t.Constant is not null)) _state[t.Name] = new GraphValue(t.Name, t.Shape, LocalKind.State);
        using (_context.Enter(() => $"constant {constant.Name} of {type.Display}")) Run(constant.Code.Body);
        if (_failed || _results is null) return null;
        if (_results.Length != 1 || _results[0].Shape.Axes.Any(a => a.Value is null))
        {
            _context.Report(Rules.Contract, constant.Span, $"A constant is one tensor of known sizes; found {string.Join(", ", _results.Select(r => r.Shape.Describe()))}.");
            return null;
        }

        return new Graph([], _nodes, _results, _guards, _inherited, []);
    }

    /// <summary>Code with one input of this shape, in the scope of a module.</summary>
    public Graph? Expression(ModuleType type, Code code, Shape shape, IReadOnlyDictionary<string, Value> environment)
    {
        _type = type;
        foreach (var v in environment) _statics[v.Key] = v.Value;
        foreach (var symbol in shape.Axes.SelectMany(a => a.FreeSymbols)) _statics[symbol] = new IntValue(Dim.Symbol(symbol));
        var input = _locals[code.Inputs[0].Id] = new GraphValue(code.Inputs[0].Name, shape, LocalKind.Input);
        Run(code.Body);
        return _failed || _results is null ? null : new Graph([input], _nodes, _results, _guards, _inherited, []);
    }

    private Graph? Chain(IReadOnlyList<InputShape> shapes)
    {
        if (shapes.Count != 1 || shapes[0] is not { Kind: InputKind.Tensor, Only: var only })
        {
            _context.Report(Rules.Arguments, SourceSpan.None, $"A chain takes one tensor; found {string.Join(", ", shapes)}.");
            return null;
        }

        var input = new GraphValue("x", new Shape(only.Axes.Select((a, i) => a.Value is null ? Dim.Symbol($"n{i}") : a).ToEquatableArray(), only.Type), LocalKind.Input);
        var current = input;
        foreach (var child in _type.Children)
        {
            var shape = current.Shape;
            using var step = _context.Enter(() => $"{child.Name}: {child.Type.Display} on {shape.Describe()}");
            if (Call(child.Name, child.Type, [GraphInput.Of(current)], [new Local(-1, child.Name, LocalKind.Result)], child.Type.Block?.Span ?? SourceSpan.None, child.Given) is not { } results) return null;
            current = results[0];
        }

        if (_type.Children.Count == 0)
        {
            var copy = new GraphValue("x", input.Shape, LocalKind.Result);
            _nodes.Add(new AliasNode(input, [copy], SourceSpan.None));
            current = copy;
        }

        return new Graph([input], _nodes, [current], _guards, _inherited, _features) { IsModal = _isModal, IsTraining = _isTraining };
    }

    private Graph? Forward(Block block, Code code, IReadOnlyList<InputShape> shapes)
    {
        foreach (var v in _type.Arguments) _statics[v.Key] = v.Value;
        foreach (var t in _type.Tensors) _state[t.Name] = new GraphValue(t.Name, t.Shape, LocalKind.State);
        if (shapes.Count != block.Inputs.Count)
        {
            _context.Report(Rules.Arguments, block.Span, $"{block.Name} takes {block.Inputs.Count} tensors; found {shapes.Count}.");
            return null;
        }

        var inputs = ContractBinder.Inputs(block, shapes, _statics, _context);
        if (inputs is null) return null;
        for (var i = 0; i < inputs.Count; i++)
        {
            var local = code.Inputs[i];
            if (local.IsList) _lists[local.Id] = inputs[i];
            else if (inputs[i].Count > 0) _locals[local.Id] = inputs[i][0];
        }

        Run(code.Body);
        if (_failed || _results is null) return null;
        if (!CheckOutputs(block)) return null;
        // As a module, an architecture gives its output alone.
        if (block.Applied is { IsTrunk: false }) (_results, _counts) = ([_results[_results.Length - 1]], [null]);
        return new Graph([.. inputs.SelectMany(i => i)], _nodes, _results, _guards, _inherited, _features)
        {
            OutputCounts = _counts,
            Lists = _listShapes,
            GivesOutputs = code.GivesOutputs,
            IsModal = _isModal,
            IsTraining = _isTraining,
        };
    }

    private bool CheckOutputs(Block block)
    {
        if (block.Outputs.Count == 0) return true;
        if (block.Outputs.Count != _counts.Count)
        {
            _context.Report(Rules.Contract, block.Outputs[0].Span, $"{block.Name} returns {_counts.Count} results; its output line has {block.Outputs.Count}.");
            return false;
        }

        var at = 0;
        for (var i = 0; i < _counts.Count; i++)
        {
            var shapes = _results!.Skip(at).Take(_counts[i] ?? 1).Select(r => r.Shape).ToList();
            at += shapes.Count;
            if (ContractBinder.Output(block.Outputs[i], shapes, _counts[i] is not null, _statics, _facts) is not { } problem) continue;
            _context.Report(Rules.Contract, block.Outputs[i].Span, $"{block.Name} returns {string.Join(", ", shapes.Select(s => s.Describe()))}: {problem}.", Trail());
            return false;
        }

        return true;
    }

    // The last shapes before an error, oldest first.
    private IEnumerable<string> Trail()
    {
        var shown = _nodes.Skip(Math.Max(0, _nodes.Count - 6)).ToList();
        foreach (var n in shown)
        {
            var what = n switch { PrimitiveNode p => p.Primitive.Name, ModuleNode m => m.Path, _ => "=" };
            yield return $"{n.Span.Short}: {what} gives {string.Join(", ", n.Results.Select(r => r.Shape.Describe()))}";
        }
    }

    private Evaluator Evaluator => _evaluator ??= new(n => _statics.TryGetValue(n, out var v) ? v : throw new EvaluationException($"'{n}' has no value here"), Fact, Mode);

    private bool Mode()
    {
        _isModal = true;
        return _isTraining;
    }

    private Value Fact(TensorFact fact) => fact switch
    {
        AxisExpr a => Value(a.Tensor) is { } v && a.Axis < v.Shape.Rank && a.Axis >= -v.Shape.Rank ? new IntValue(v.Shape[a.Axis])
            : throw new EvaluationException($"{a.Tensor.Name} has no axis {a.Axis}", Rules.Shape),
        LengthExpr l => new IntValue(Several(l.Tensor).Count),
        PresenceExpr p => new BoolValue(Value(p.Tensor) is null == p.Negated),
        _ => throw new InvalidOperationException(fact.GetType().Name),
    };

    /// <summary>The value of a variable, or of an element of a list; null when it is absent.</summary>
    /// <exception cref="EvaluationException">The list has no such element.</exception>
    private GraphValue? Value(Local local)
    {
        if (local.Part is { } index)
        {
            var list = Whole(local);
            return list[Evaluator.At(index, list.Count)];
        }

        return local.Kind == LocalKind.State ? (_state.TryGetValue(local.Name, out var s) ? s : null) : _locals.TryGetValue(local.Id, out var v) ? v : null;
    }

    /// <summary>The values of a list or a range of one.</summary>
    /// <exception cref="EvaluationException">The range is outside the list.</exception>
    private IReadOnlyList<GraphValue> Several(Local local)
    {
        var list = Whole(local);
        if (local.Part is not RangeExpr range) return list;
        var (from, to) = Evaluator.Bounds(range, list.Count);
        return [.. list.Skip(from).Take(to - from)];
    }

    private IReadOnlyList<GraphValue> Whole(Local local) => local.Kind == LocalKind.State
        ? [.. _type.Tensors.Where(t => t.Name.StartsWith(local.Name + ".", StringComparison.Ordinal)).Select(t => _state[t.Name])]
        : _lists.TryGetValue(local.Id, out var list) ? list : throw new EvaluationException($"'{local.Name}' has no value here");

    private Value? Evaluate(Expr e, ParamType? type = null)
    {
        try
        {
            return type is { } t ? Evaluator.Evaluate(e, t) : Evaluator.Evaluate(e);
        }
        catch (EvaluationException x)
        {
            Fail(x.Rule, e.Span, $"This has no value: {x.Message}.");
            return null;
        }
    }

    private void Fail(DiagnosticRule rule, SourceSpan span, string message)
    {
        _failed = true;
        _context.Report(rule, span, message, Trail());
    }
}
