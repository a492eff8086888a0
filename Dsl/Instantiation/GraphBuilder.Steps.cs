using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
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
                case SetStatic s:
                    if (Evaluate(s.Value) is { } value) _statics[s.Name] = value;
                    break;
                case Branch b:
                    if (Evaluate(b.Condition) is BoolValue condition) Run(condition.Flag ? b.Then : b.Else);
                    break;
                case Loop l: RunLoop(l); break;
                case Return r:
                    if (Read(r.Values, r.Span) is { } results) _results = results;
                    break;
            }
        }
    }

    private GraphValue? Read(Local local, SourceSpan span)
    {
        if (Value(local) is { } value) return value;
        Fail(Rules.Type, span, local.Kind == LocalKind.State ? $"'{local.Name}' does not exist in {_type.Display}: its condition is false." : $"'{local.Name}' has no value here.");
        return null;
    }

    // All of them, or null after a diagnostic.
    private GraphValue[]? Read(EquatableArray<Local> locals, SourceSpan span)
    {
        var values = new GraphValue[locals.Count];
        var ok = true;
        for (var i = 0; i < values.Length; i++)
        {
            if (Read(locals[i], span) is { } value) values[i] = value;
            else ok = false;
        }

        return ok ? values : null;
    }

    private static Shape[] Shapes(IReadOnlyList<GraphValue> values)
    {
        var shapes = new Shape[values.Count];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = values[i].Shape;
        return shapes;
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
                // An absent parameter is a legal value of an optional operand.
                if (parameter.Type == OperandType.OptionalTensor && t.Local.Kind == LocalKind.State && Value(t.Local) is null) return NoArgument;
                return Read(t.Local, a.Span) is { } tensor ? new NodeArgument(tensor, null, null) : null;
            case TensorsOperand t:
                return Read(t.Locals, a.Span) is { } tensors ? new NodeArgument(null, tensors, null) : null;
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
        if (Read(c.Arguments, c.Span) is not { } arguments) return;
        if (!Resolve(c, out var path, out var type, out var given)) return;
        long? level = null;
        if (c.Level is not null)
        {
            if (Evaluate(c.Level) is not IntValue { Dim.Value: { } l }) return;
            level = l;
        }

        GraphValue[]? results;
        if (type is null)
        {
            if (arguments.Length != 1 || c.Results.Count != 1)
            {
                Fail(Rules.Arguments, c.Span, $"'{path}' is absent here, and only a module of one input and one output can be absent.");
                return;
            }

            results = [new GraphValue(c.Results[0].Name, arguments[0].Shape, LocalKind.Result, c.Results[0].Id)];
            _nodes.Add(new AliasNode(arguments[0], results, c.Span));
        }
        else
        {
            var (where, what) = (path, type);
            using var step = _context.Enter(() => $"{where}: {what.Display} on {string.Join(", ", arguments.Select(a => a.Shape.Describe()))} at {c.Span.Short}");
            results = Call(path, type, arguments, c.Results.Count, c.Results, c.Span, null, given);
            if (results is null)
            {
                _failed = true;
                return;
            }
        }

        for (var i = 0; i < results.Length; i++) _locals[c.Results[i].Id] = results[i];
        if (level is not >= 0) return;
        var feature = new FeatureValue((int)level, path, results[0]);
        _features.Add(feature);
        _guardsAt[feature] = (_guards.Count, _inherited.Count);
    }

    private bool Resolve(CallModule c, out string path, out ModuleType? type, out IReadOnlyDictionary<string, Value>? given)
    {
        path = c.Module.Name;
        var own = _type.Child(c.Module.Name);
        (type, given) = (own?.Type, own?.Given);
        var steps = c.Module.Steps.AsSpan();
        if (_type.HasGroup(c.Module.Name))
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
    private GraphValue[]? Call(string path, ModuleType type, IReadOnlyList<GraphValue> arguments, int count, EquatableArray<Local>? targets, SourceSpan span, string[]? names, IReadOnlyDictionary<string, Value>? given)
    {
        var shapes = Shapes(arguments);
        if (type.Block is { } block && ContractBinder.RankProblem(block, shapes) is { } contract)
        {
            _context.Report(Rules.Shape, span, $"{path} takes {contract} ({type.Display}); found {string.Join(", ", arguments.Select(a => a.Shape.Describe()))}.", Trail());
            return null;
        }

        if (Build(_binder, _modules, _context, type, shapes) is not { } graph) return null;
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
                _context.Report(Rules.Shape, guard.Span, $"{guard.Reason}: {here.Left.Describe()} and {here.Right.Describe()} do not satisfy {guard}.", Trail().Append($"called on {string.Join(", ", arguments.Select(a => a.Shape.Describe()))}"));
                return null;
            }

            HandUp(here with { Left = _facts.Simplify(here.Left), Right = _facts.Simplify(here.Right) });
        }

        if (graph.Outputs.Count != count)
        {
            _context.Report(Rules.Arguments, span, $"{path} gives {graph.Outputs.Count} results; {count} are taken.");
            return null;
        }

        var results = new GraphValue[count];
        for (var i = 0; i < count; i++) results[i] = new GraphValue(targets is { } t ? t[i].Name : names![i], _facts.Simplify(graph.Outputs[i].Shape.Substitute(Map)), LocalKind.Result, targets is { } ts ? ts[i].Id : null);
        _nodes.Add(new ModuleNode(path, type, graph, arguments, bindings, results, span));
        return results;
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
