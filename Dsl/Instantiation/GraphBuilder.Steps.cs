using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

internal sealed partial class GraphBuilder
{
    private static readonly Dictionary<string, Dim> NoAxes = [];
    private static readonly NodeArgument NoArgument = new(null, null, null);

    // Stops at the first error of a body: what follows would only repeat it.
    private void Run(EquatableArray<Instruction> body)
    {
        foreach (var instruction in body)
        {
            if (_failed || _results is not null) return;
            if (_nodes.Count > NodeLimit)
            {
                Fail(Rules.Limit, instruction.Span, $"More than {NodeLimit} operations.");
                return;
            }

            switch (instruction)
            {
                case Apply a: RunPrimitive(a); break;
                case CallModule c: RunModule(c); break;
                case Alias a: RunAlias(a); break;
                case MakeList m: RunList(m); break;
                case SetStatic s:
                    if (Evaluate(s.Value) is { } value) _statics[s.Name] = value;
                    break;
                case Branch b:
                    if (Evaluate(b.Condition) is BoolValue condition) Run(condition.Flag ? b.Then : b.Else);
                    break;
                case Loop l: RunLoop(l); break;
                case Return r:
                    if (ReadAll(r.Values, r.Span) is { } results)
                    {
                        _results = [.. results];
                        _counts = [.. r.Values.Select(v => v.IsSeveral ? (int?)Several(v).Count : null)];
                    }

                    break;
            }
        }
    }

    private GraphValue? Read(Local local, SourceSpan span)
    {
        try
        {
            if (Value(local) is { } value) return value;
            Fail(Rules.Type, span, local.Kind == LocalKind.State ? $"'{local.Name}' does not exist in {_type.Display}: its condition is false."
                : local.IsOptional ? $"'{local.Name}' is none here; 'if ({local.Name} != none)' asks for it first." : $"'{local.Name}' has no value here.");
        }
        catch (EvaluationException e)
        {
            Fail(e.Rule, local.Part?.Span ?? span, $"'{local.Name}' has no such part: {e.Message}.");
        }

        return null;
    }

    private static Shape[] Shapes(IReadOnlyList<GraphValue> values)
    {
        var shapes = new Shape[values.Count];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = values[i].Shape;
        return shapes;
    }

    /// <summary>The tensors of these variables, lists one by one; null after a diagnostic.</summary>
    private List<GraphValue>? ReadAll(EquatableArray<Local> locals, SourceSpan span)
    {
        var result = new List<GraphValue>();
        foreach (var local in locals)
        {
            if (!local.IsSeveral)
            {
                if (Read(local, span) is not { } value) return null;
                result.Add(value);
                continue;
            }

            try
            {
                result.AddRange(Several(local));
            }
            catch (EvaluationException e)
            {
                Fail(e.Rule, local.Part?.Span ?? span, $"'{local.Name}' has no such part: {e.Message}.");
                return null;
            }
        }

        return result;
    }

    // Elements are values like any others, and a list is nothing but which they are.
    private void RunList(MakeList m)
    {
        if (ReadAll(m.Items, m.Span) is not { } items) return;
        if (items.Count > ListLimit)
        {
            Fail(Rules.Limit, m.Span, $"A list of {items.Count} tensors (at most {ListLimit}).");
            return;
        }

        SetList(m.Target, items, m.Span);
    }

    private void SetList(Local target, IReadOnlyList<GraphValue> items, SourceSpan span)
    {
        _lists[target.Id] = items;
        _listShapes.Add(new ListValues(target.Id, span, [.. items.Select(i => i.Shape)]));
    }

    private void RunLoop(Loop l)
    {
        if (Evaluate(l.From) is not IntValue { Dim.Value: { } from } || Evaluate(l.To) is not IntValue { Dim.Value: { } to }) return;
        if (to - from > LoopLimit)
        {
            Fail(Rules.Limit, l.Span, $"A loop of {to - from} rounds (at most {LoopLimit}).");
            return;
        }

        for (var i = from; i < to && !_failed && _results is null; i++)
        {
            _statics[l.Index] = new IntValue(i);
            Run(l.Body);
        }
    }

    private void RunAlias(Alias a)
    {
        if (a.Source.IsSeveral)
        {
            if (ReadAll([a.Source], a.Span) is { } items) SetList(a.Target, items, a.Span);
            return;
        }

        if (Read(a.Source, a.Span) is not { } source) return;
        var result = new GraphValue(a.Target.Name, source.Shape, LocalKind.Result, a.Target.Id);
        _nodes.Add(new AliasNode(source, [result], a.Span));
        _locals[a.Target.Id] = result;
    }

    private void RunPrimitive(Apply a)
    {
        var arguments = new NodeArgument[a.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Argument(a, i) is not { } argument) return;
            arguments[i] = argument;
        }

        var axes = NoAxes;
        if (a.Axes.Count > 0)
        {
            axes = [];
            foreach (var axis in a.Axes)
            {
                if (Evaluate(axis.Size) is not IntValue size) return;
                axes[axis.Name] = size.Dim;
            }
        }

        if (Infer(a, arguments, axes) is not { } shapes) return;
        if (a.Results.Count == 1 && a.Results[0].IsList)
        {
            var list = a.Results[0];
            var parts = shapes.Select(s => new GraphValue(list.Name, s, LocalKind.Result, list.Id)).ToList();
            _nodes.Add(new PrimitiveNode(a.Primitive, arguments, axes, parts, a.Span));
            SetList(list, parts, a.Span);
            return;
        }

        if (shapes.Length != a.Results.Count)
        {
            Fail(Rules.Arguments, a.Span, $"{a.Primitive.Name} gives {shapes.Length} results here; {a.Results.Count} are taken.");
            return;
        }

        var results = new GraphValue[shapes.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var target = a.Results[i];
            _locals[target.Id] = results[i] = new GraphValue(target.Name, shapes[i], LocalKind.Result, target.Id);
        }

        _nodes.Add(new PrimitiveNode(a.Primitive, arguments, axes, results, a.Span));
    }

    // Null after a diagnostic.
    private NodeArgument? Argument(Apply a, int index)
    {
        var parameter = a.Primitive.Parameters[index];
        switch (a.Arguments[index])
        {
            case TensorOperand t:
                // An absent parameter or input is a legal value of an optional operand.
                if (parameter.Type == OperandType.OptionalTensor && IsAbsent(t.Local)) return NoArgument;
                return Read(t.Local, a.Span) is { } tensor ? new NodeArgument(tensor, null, null) : null;
            case TensorsOperand t:
                return ReadAll(t.Locals, a.Span) is { } tensors ? new NodeArgument(null, tensors, null) : null;
            case StaticOperand s:
                var value = s.Value is NoneLiteral ? new NoneValue()
                    : parameter.Type == OperandType.TensorOrNumber ? Evaluate(s.Value) : Evaluate(s.Value, CodeBinder.StaticTypeOf(parameter.Type));
                return value is null ? null : new NodeArgument(null, null, value);
            default:
                return NoArgument;
        }
    }

    private Shape[]? Infer(Apply a, NodeArgument[] arguments, Dictionary<string, Dim> axes)
    {
        try
        {
            var known = new CallArgument[arguments.Length];
            for (var i = 0; i < known.Length; i++) known[i] = new CallArgument(arguments[i].Tensor?.Shape, arguments[i].Tensors is { } tensors ? Shapes(tensors) : null, arguments[i].Static);
            var site = new CallSite(a.Primitive, known, axes, _facts, _guards.Add, a.Span);
            var shapes = a.Primitive.Infer(site);
            for (var i = 0; i < shapes.Length; i++)
            {
                shapes[i] = _facts.Simplify(shapes[i]);
                foreach (var axis in shapes[i].Axes)
                {
                    if (axis.Value < 0) throw new ShapeException($"{a.Primitive.Name} would give {shapes[i].Describe()}.");
                }
            }

            return shapes;
        }
        catch (ShapeException e)
        {
            Fail(e.Rule, a.Span, e.Message);
        }
        catch (EvaluationException e)
        {
            Fail(e.Rule, a.Span, $"{a.Primitive.Name}: {e.Message}.");
        }
        catch (OverflowException)
        {
            Fail(Rules.Evaluation, a.Span, $"{a.Primitive.Name}: a size does not fit 64 bits.");
        }
        catch (DivideByZeroException)
        {
            Fail(Rules.Evaluation, a.Span, $"{a.Primitive.Name}: division by zero.");
        }

        return null;
    }

    private void RunModule(CallModule c)
    {
        var arguments = c.Arguments.Select(o => Input(o, c.Span)).OfType<GraphInput>().ToList();
        if (arguments.Count < c.Arguments.Count) return;
        if (!Resolve(c, out var path, out var type, out var given, out var piece)) return;
        if (piece is not null && (arguments.Count != 1 || c.Results.Count != 1 || arguments[0].Kind != InputKind.Tensor || c.Results[0].IsList))
        {
            Fail(Rules.Arguments, c.Span, $"'{path}', called level by level, takes one tensor and gives one.");
            return;
        }

        if (piece is { TakesChannelsLast: true }) arguments = [GraphInput.Of(Permuted(arguments[0].Values[0], ChannelsLast(arguments[0].Values[0].Shape.Rank), c.Span))];
        long? level = null;
        if (c.Level is not null)
        {
            if (Evaluate(c.Level) is not IntValue { Dim.Value: { } l }) return;
            level = l;
        }

        GraphValue[]? results;
        if (type is null)
        {
            if (arguments.Count != 1 || c.Results.Count != 1 || arguments[0].Kind != InputKind.Tensor || c.Results[0].IsList)
            {
                Fail(Rules.Arguments, c.Span, $"'{path}' is absent here, and only a module of one input and one output can be absent.");
                return;
            }

            var only = arguments[0].Values[0];
            results = [new GraphValue(c.Results[0].Name, only.Shape, LocalKind.Result, c.Results[0].Id)];
            _nodes.Add(new AliasNode(only, results, c.Span));
            _locals[c.Results[0].Id] = results[0];
        }
        else
        {
            var (where, what) = (path, type);
            using var step = _context.Enter(() => $"{where}: {what.Display} on {string.Join(", ", arguments.Select(a => a.Shape))} at {c.Span.Short}");
            results = Call(path, type, arguments, piece is { GivesChannelsLast: true } ? [new Local(-3, c.Results[0].Name, LocalKind.Result)] : c.Results, c.Span, given);
            if (results is null)
            {
                _failed = true;
                return;
            }

            if (piece is { GivesChannelsLast: true }) results = [_locals[c.Results[0].Id] = Permuted(results[0], ChannelsFirst(results[0].Shape.Rank), c.Span, c.Results[0].Id)];
        }

        if (level is not >= 0) return;
        if (c.Results[0].IsList)
        {
            Fail(Rules.Type, c.Span, $"'{path}' is named in features:, where each module gives one tensor; it gives a list.");
            return;
        }

        var feature = new FeatureValue((int)level, path, results[0]);
        _features.Add(feature);
        _guardsAt[feature] = (_guards.Count, _inherited.Count);
    }

    // An argument of a child; null after a diagnostic.
    private GraphInput? Input(Operand operand, SourceSpan span) => operand switch
    {
        TensorOperand t when IsAbsent(t.Local) => GraphInput.Absent,
        TensorOperand t => Read(t.Local, span) is { } value ? GraphInput.Of(value) : null,
        TensorsOperand t => ReadAll(t.Locals, span) is { } values ? new GraphInput(InputKind.List, values) : null,
        _ => GraphInput.Absent,
    };

    private bool IsAbsent(Local local) => local is { Part: null, IsList: false } && (local.IsOptional || local.Kind == LocalKind.State) && Value(local) is null;

    private bool Resolve(CallModule c, out string path, out ModuleType? type, out IReadOnlyDictionary<string, Value>? given, out TrunkPiece? piece)
    {
        piece = null;
        path = c.Module.Name;
        var own = _type.Child(c.Module.Name);
        (type, given) = (own?.Type, own?.Given);
        var steps = c.Module.Steps.AsSpan();
        // All of a group may be absent.
        if (_type.HasGroup(c.Module.Name) || (own is null && _type.Block?.Modules.FirstOrDefault(m => m.Name == c.Module.Name)?.Entry is RepeatEntry { Names: not null }))
        {
            if (steps.Length == 0 || steps[0].Index is null || Evaluate(steps[0].Index!) is not IntValue { Dim.Value: { } at })
            {
                Fail(Rules.Type, c.Span, $"'{path}' is called one by one: {path}[i](x).");
                return false;
            }

            var child = _type.Element(c.Module.Name, at);
            (path, type, given) = child is null ? ($"{path}[{at}]", null, null) : (child.Name, child.Type, child.Given);
            steps = steps.Slice(1);
        }

        foreach (var step in steps)
        {
            if (type?.Levels is not null && step.Index is not null)
            {
                if (Evaluate(step.Index) is not IntValue { Dim.Value: { } level }) return false;
                (piece, var problem, var at) = TrunkPieces.Of(type, level);
                if (problem is not null)
                {
                    Fail(Rules.Unsupported, c.Span, $"'{path}' cannot be called level by level: {problem}{(at == SourceSpan.None ? "" : $" ({at.Short})")}.");
                    return false;
                }

                // Its modules are the trunk's: so is its path.
                (type, given) = (piece!.Chain, null);
                continue;
            }

            var name = step.Member;
            if (step.Index is not null)
            {
                if (Evaluate(step.Index) is not IntValue { Dim.Value: { } index }) return false;
                name = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            path += "." + name;
            var inner = type?.Child(name!);
            (type, given) = (inner?.Type, inner?.Given);
            if (type is null && step.Index is not null)
            {
                Fail(Rules.UnknownName, c.Span, $"There is no module '{path}' in {_type.Display}.");
                return false;
            }
        }

        return true;
    }

    // Calls a child on these values; its symbols are bound to our sizes, its guards are decided here or handed up.
    private GraphValue[]? Call(string path, ModuleType type, IReadOnlyList<GraphInput> inputs, EquatableArray<Local> targets, SourceSpan span, IReadOnlyDictionary<string, Value>? given)
    {
        var shapes = new InputShape[inputs.Count];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = inputs[i].Shape;
        if (type.Block is { } block && ContractBinder.Problem(block, shapes, type.Arguments) is { } contract)
        {
            _context.Report(Rules.Shape, span, $"{path} takes {contract} ({type.Display}); found {string.Join<InputShape>(", ", shapes)}.", Trail());
            return null;
        }

        if (Build(_binder, _modules, _context, type, shapes, isTraining: _isTraining) is not { } graph) return null;
        _isModal |= graph.IsModal;
        var arguments = inputs.Count == 1 ? inputs[0].Values : [.. inputs.SelectMany(i => i.Values)];
        // What the child calls by its parameters' names is said in ours.
        Dim? Known(string symbol) => given is not null && given.TryGetValue(symbol, out var g) && g is IntValue { Dim: var ours } ? ours
            : type.Arguments.TryGetValue(symbol, out var own) && own is IntValue { Dim.Value: { } value } ? Dim.Of(value) : null;
        var bindings = new Dictionary<string, Dim>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (ContractBinder.Bind(graph.Inputs[i].Shape.Substitute(Known), arguments[i].Shape, bindings, _facts, (a, b) => HandUp(new Guard(GuardKind.Equal, a, b, $"The size that {path} takes", span)), (a, b) => HandUp(new Guard(GuardKind.Multiple, a, b, $"The size that {path} takes", span))) is { } problem)
            {
                _context.Report(Rules.Shape, span, $"{path} takes {graph.Inputs[i].Shape.Describe()} ({type.Display}); found {arguments[i].Shape.Describe()}: {problem}.", Trail());
                return null;
            }
        }

        Dim? Map(string symbol) => bindings.TryGetValue(symbol, out var d) ? d : Known(symbol);
        foreach (var guard in graph.AllGuards)
        {
            var here = guard with { Left = guard.Left.Substitute(Map), Right = guard.Right.Substitute(Map) };
            if (Decide(here) is { } holds)
            {
                if (holds) continue;
                _context.Report(Rules.Shape, guard.Span, $"{guard.Reason}: {here.Left.Describe()} and {here.Right.Describe()} do not satisfy {guard}.", Trail().Append($"called on {string.Join<InputShape>(", ", shapes)}"));
                return null;
            }

            HandUp(here with { Left = _facts.Simplify(here.Left), Right = _facts.Simplify(here.Right) });
        }

        IReadOnlyList<int?> counts = graph.OutputCounts.Count > 0 ? graph.OutputCounts : [.. graph.Outputs.Select(_ => (int?)null)];
        if (counts.Count != targets.Count)
        {
            _context.Report(Rules.Arguments, span, $"{path} gives {counts.Count} results; {targets.Count} are taken.");
            return null;
        }

        var results = new List<GraphValue>();
        var taken = new List<(Local Target, int From, int Count)>();
        for (var i = 0; i < counts.Count; i++)
        {
            var target = targets[i];
            if (target.IsList != counts[i] is not null)
            {
                _context.Report(Rules.Type, span, $"{path} ({type.Display}) gives {(target.IsList ? "a tensor; a list is" : "a list of tensors; one tensor is")} taken.",
                    suggestion: target.IsList ? null : $"A block that a parameter brings gives a list where it is spread: [..{path}(x)]; one that contains itself, where its output line says so.");
                return null;
            }

            taken.Add((target, results.Count, counts[i] ?? 1));
            for (var (k, end) = (results.Count, results.Count + (counts[i] ?? 1)); k < end; k++)
            {
                // A chain has no variables.
                results.Add(new GraphValue(target.Name, _facts.Simplify(graph.Outputs[k].Shape.Substitute(Map)), LocalKind.Result, target.Id < 0 ? null : target.Id));
            }
        }

        _nodes.Add(new ModuleNode(path, type, graph, arguments, bindings, results, span));
        foreach (var (target, from, count) in taken)
        {
            if (target.IsList) SetList(target, [.. results.Skip(from).Take(count)], span);
            else _locals[target.Id] = results[from];
        }

        return [.. results];
    }

    private bool? Decide(Guard guard) => guard.Kind switch
    {
        GuardKind.Multiple => _facts.IsMultiple(guard.Left, guard.Right) ? true : guard.Left.Value is not null && guard.Right.Value is not null ? false : null,
        GuardKind.Equal => _facts.AreEqual(guard.Left, guard.Right),
        _ => guard.Left.Value is { } left && guard.Right.Value is { } right ? left >= right : (guard.Left - guard.Right).Concrete().Literal is { } d ? d >= 0 : null,
    };

    private void HandUp(Guard guard)
    {
        if (_inherited.Exists(g => g.Kind == guard.Kind && g.Left.Equals(guard.Left) && g.Right.Equals(guard.Right))) return;
        _inherited.Add(guard);
        if (guard.Kind == GuardKind.Multiple) _facts.AssumeMultiple(guard.Left, guard.Right);
    }
}
