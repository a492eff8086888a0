using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

internal sealed partial class CodeBinder
{
    private static readonly Dictionary<string, string> Operators = new()
    {
        ["+"] = "add",
        ["-"] = "sub",
        ["*"] = "mul",
        ["/"] = "div",
        ["=="] = "eq",
        ["!="] = "ne",
        ["<"] = "lt",
        ["<="] = "le",
        [">"] = "gt",
        [">="] = "ge",
    };

    private bool IsTensor(Expr e) => e switch
    {
        NameExpr n => _variables.TryGetValue(n.Name, out var local) ? !local.IsSeveral : (_names.States.Contains(n.Name) && !_names.Statics.ContainsKey(n.Name) && !_indices.ContainsKey(n.Name)),
        UnaryExpr u => IsTensor(u.Operand),
        BinaryExpr { Left: NoneLiteral } or BinaryExpr { Right: NoneLiteral } => false,
        BinaryExpr b => IsTensor(b.Left) || IsTensor(b.Right),
        ConditionalExpr c => IsTensor(c.Then) || IsTensor(c.Else),
        IndexExpr i => IsTensor(i.Target) || (IsList(i.Target) && !IsList(i)),
        CallExpr c => CallIsTensor(c),
        _ => false,
    };

    // A name may be both a static function and a primitive (max, sqrt, sum): the arguments decide.
    private bool CallIsTensor(CallExpr c) => c.Callee is not NameExpr n || _names.Modules.Contains(n.Name)
        || !StaticFunctions.Names.Contains(n.Name) || c.Arguments.Any(a => IsTensor(a.Value) || (IsList(a.Value) && n.Name != "len" && a.Value is not ListExpr { Items.Count: 0 }));

    /// <summary>Binds a tensor expression; its value ends in <paramref name="place"/> where that is given.</summary>
    private Local? Tensor(Expr e, string? name, Local? place = null)
    {
        switch (e)
        {
            case NameExpr n:
                var source = Name(n);
                if (source is { IsSeveral: true })
                {
                    Fail(Rules.Type, n.Span, $"A tensor is expected; '{n.Name}' is a list of tensors.", $"One of them is {n.Name}[i]; cat({n.Name}, axis) joins them.");
                    return null;
                }

                if (source is not null && place is not null && source != place) Emit(new Alias(place, source, e.Span));
                return place ?? source;
            case UnaryExpr { Op: "-" } u: return Primitive("neg", [new Argument(null, u.Operand, u.Operand.Span)], e.Span, name, place);
            case BinaryExpr b when Operators.TryGetValue(b.Op, out var op):
                return Primitive(op, [new Argument(null, b.Left, b.Left.Span), new Argument(null, b.Right, b.Right.Span)], e.Span, name, place);
            case ConditionalExpr c: return Conditional(c, name, place, isList: false);
            case IndexExpr i when IsList(i.Target): return Element(i, place);
            case IndexExpr i when IsTensor(i.Target): return Slice(i, name, place);
            case CallExpr c when IsList(c):
                Fail(Rules.Type, c.Span, "A tensor is expected; this gives a list of tensors.", "Give it a name and take one: parts[i].");
                return null;
            case CallExpr c:
                var result = place ?? NewLocal(name ?? ResultName(c), LocalKind.Result, isMutable: c.Callee is NameExpr callee && _levels(callee.Name) is { Count: not null });
                return Call(c, [result]) ? result : null;
            default:
                Fail(Rules.Type, e.Span, "A tensor is expected here.");
                return null;
        }
    }

    private static string ResultName(CallExpr c) => c.Callee switch
    {
        NameExpr n => n.Name + "_out",
        IndexExpr { Target: NameExpr n } => n.Name + "_out",
        MemberExpr m => m.Name + "_out",
        _ => "out",
    };

    private Local? Name(NameExpr n)
    {
        if (_variables.TryGetValue(n.Name, out var local)) return local;
        if (_names.States.Contains(n.Name))
        {
            _usedStates.Add(n.Name);
            return StateLocal(n.Name);
        }

        var known = _variables.Keys.Concat(_names.States);
        if (_names.Modules.Contains(n.Name)) Fail(Rules.Type, n.Span, $"'{n.Name}' is a module; call it: {n.Name}(x).");
        else if (StaticType(n.Name) is { } type) Fail(Rules.Type, n.Span, $"A tensor is expected; '{n.Name}' is {TypeNames.Of(type)}.");
        else Fail(Rules.UnknownName, n.Span, $"'{n.Name}' is no variable, parameter or constant in scope.", Suggest.Nearest(n.Name, known));
        return null;
    }

    // Each parameter, buffer or constant is one local, with a number below zero that no result has.
    private int State(string name) => -1 - _names.States.OrderBy(s => s, StringComparer.Ordinal).ToList().IndexOf(name);

    private Local StateLocal(string name) => new(State(name), name, LocalKind.State, IsOptional: IsConditional(name));

    private bool IsConditional(string state) => _names.Block.Parameters.Concat(_names.Block.Buffers).Any(t => t.Name == state && t.Value is ConditionalExpr)
        || _names.Block.Constants.Any(c => c.Name == state && c.Condition is not null);

    private Local? Conditional(ConditionalExpr c, string? name, Local? place, bool isList)
    {
        if (Condition(c.Condition) is not { } condition) return null;
        var result = place ?? NewLocal(name ?? "chosen", LocalKind.Result, isMutable: true, isList);
        var (output, then) = (_output, new List<Instruction>());
        _output = then;
        var ok = (isList ? List(c.Then, name, result) : Tensor(c.Then, name, result)) is not null;
        var otherwise = _output = [];
        ok &= (isList ? List(c.Else, name, result) : Tensor(c.Else, name, result)) is not null;
        _output = output;
        if (!ok) return null;
        Emit(new Branch(condition, then.ToEquatableArray(), otherwise.ToEquatableArray(), c.Span));
        return result;
    }

    // x[.., 1..k, i] is one slice or select an axis. Selects remove their axis, so later axes move down.
    private Local? Slice(IndexExpr i, string? name, Local? place)
    {
        if (Tensor(i.Target, null) is not { } current) return null;
        var axis = 0;
        for (var k = 0; k < i.Indices.Count; k++)
        {
            var index = i.Indices[k];
            if (index is RangeExpr { From: null, To: null })
            {
                axis++;
                continue;
            }

            var result = NewLocal(name ?? "part", LocalKind.Result);
            if (index is RangeExpr range)
            {
                var start = range.From is null ? null : Position(range.From, current, axis);
                var stop = range.To is null ? null : Position(range.To, current, axis);
                if ((range.From is not null && start is null) || (range.To is not null && stop is null)) return null;
                EmitPart("slice", result, current, i.Span, ("axis", new IntLiteral(axis, index.Span)), ("start", start), ("stop", stop));
                axis++;
            }
            else
            {
                if (Position(index, current, axis) is not { } position) return null;
                EmitPart("select", result, current, i.Span, ("axis", new IntLiteral(axis, index.Span)), ("index", position));
            }

            current = result;
        }

        if (place is null) return current;
        Emit(new Alias(place, current, i.Span));
        return place;
    }

    // The first parameter is the tensor; static ones that are not given take their defaults.
    private void EmitPart(string name, Local result, Local tensor, SourceSpan span, params (string Name, Expr? Value)[] statics)
    {
        var primitive = Find(name);
        var operands = primitive.Parameters.Skip(1).Select(p => (Operand)new StaticOperand(Array.Find(statics, x => x.Name == p.Name).Value ?? p.Default!));
        Emit(new Apply([result], primitive, operands.Prepend(new TensorOperand(tensor)).ToEquatableArray(), default, span));
    }

    private Expr? Position(Expr e, Local tensor, int axis)
    {
        if (e is not FromEndExpr end) return Statics.BindAs(e, ParamType.Int, "An index");
        return Statics.BindAs(end.Operand, ParamType.Int, "An index") is { } operand ? new BinaryExpr("-", new AxisExpr(tensor, axis, e.Span), operand, e.Span) : null;
    }

    private static Primitive Find(string name) => PrimitiveTable.Find(name) ?? throw new InvalidOperationException($"No primitive '{name}'.");

    private bool Call(CallExpr c, EquatableArray<Local> results)
    {
        if (Module(c.Callee) is { } path) return CallChild(c, path, results);
        if (c.Callee is not NameExpr n)
        {
            Fail(Rules.Unsupported, c.Callee.Span, "Only a module or a primitive can be called.");
            return false;
        }

        if (PrimitiveTable.Find(n.Name) is { } primitive) return Apply(primitive, c.Arguments, results, c.Span);
        var known = _names.Modules.Concat(PrimitiveTable.All.Select(p => p.Name));
        Fail(Rules.UnknownName, n.Span, $"'{n.Name}' is neither a module of {_names.Block.Name} nor a primitive.", Suggest.Nearest(n.Name, known) ?? "A block is used by declaring it in modules: and calling it by its name there.");
        return false;
    }

    private Local? Primitive(string primitive, EquatableArray<Argument> arguments, SourceSpan span, string? name, Local? place)
    {
        var result = place ?? NewLocal(name ?? primitive + "_out", LocalKind.Result);
        return Apply(Find(primitive), arguments, [result], span) ? result : null;
    }

    private ModulePath? Module(Expr callee)
    {
        var steps = new Stack<PathStep>();
        while (true)
        {
            switch (callee)
            {
                case NameExpr n when _names.Modules.Contains(n.Name):
                    _usedModules.Add(n.Name);
                    return new ModulePath(n.Name, steps.ToEquatableArray());
                case IndexExpr { Indices.Count: 1 } i:
                    if (Statics.BindAs(i.Indices[0], ParamType.Int, "A module's index") is not { } index || !IsStatic(index)) return null;
                    steps.Push(new PathStep(index, null));
                    callee = i.Target;
                    break;
                case MemberExpr m:
                    steps.Push(new PathStep(null, m.Name));
                    callee = m.Target;
                    break;
                default:
                    return null;
            }
        }
    }

    private bool CallChild(CallExpr c, ModulePath path, EquatableArray<Local> results)
    {
        var arguments = new List<Operand>();
        foreach (var a in c.Arguments)
        {
            if (a.Name is not null) Fail(Rules.Arguments, a.Span, "Inputs of a module are positional.");
            if (Input(a.Value) is not { } argument) return false;
            arguments.Add(argument);
        }

        // Optional inputs at the end may be left out.
        if (_children(path) is { } known) arguments.AddRange(known.Inputs.Skip(arguments.Count).TakeWhile(i => i.IsOptional).Select(_ => new AbsentOperand()));
        var level = _levels(path.Name);
        var whole = path.Steps.Count == 0;
        if (level is { Count: { } count } && whole && arguments.Count == 1 && arguments[0] is TensorOperand { Local: var only } && results.Count == 1)
        {
            // The whole repetition is called, and its elements are levels: call them one by one.
            var place = results[0];
            var index = FreeIndex();
            if (place != only) Emit(new Alias(place, only, c.Span));
            var element = new ModulePath(path.Name, [new PathStep(new NameExpr(index, c.Span), null)]);
            Emit(new Loop(index, new IntLiteral(0, c.Span), count, [new CallModule([place], element, [new TensorOperand(place)], level.Level(new NameExpr(index, c.Span)), c.Span)], c.Span));
            return true;
        }

        if (level is { Chain: { } chain } && whole && arguments.Count == 1 && results.Count == 1)
        {
            // Likewise a chain that has levels inside.
            var value = arguments[0];
            foreach (var child in chain.Children)
            {
                var next = child == chain.Children[chain.Children.Count - 1] ? results[0] : NewLocal(results[0].Name, LocalKind.Result);
                Emit(new CallModule([next], new ModulePath(path.Name, [new PathStep(null, child.Name)]), [value], level.Children.TryGetValue(child.Name, out var l) ? l : null, c.Span));
                value = new TensorOperand(next);
            }

            return true;
        }

        var at = level switch
        {
            null => null,
            { Count: not null } => path.Steps.Count == 1 && path.Steps[0].Index is { } i ? level.Level(i) : null,
            { Chain: not null } => path.Steps.Count == 1 && Child(path.Steps[0]) is { } name && level.Children.TryGetValue(name, out var l) ? l : null,
            _ => whole ? level.Level(new IntLiteral(0, c.Span)) : null,
        };
        Emit(new CallModule(results, path, arguments.ToEquatableArray(), at, c.Span));
        return true;
    }

    private static string? Child(PathStep step) => step.Member ?? (step.Index as IntLiteral)?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string FreeIndex(ICollection<string>? taken = null)
    {
        foreach (var name in new[] { "i", "j", "k", "stage", "level" })
        {
            if (taken?.Contains(name) != true && StaticType(name) is null && !_variables.ContainsKey(name) && !_names.States.Contains(name) && !_names.Modules.Contains(name)) return name;
        }

        return "index_" + _nextId;
    }

    private bool Apply(Primitive primitive, EquatableArray<Argument> arguments, EquatableArray<Local> results, SourceSpan span)
    {
        var given = new Expr?[primitive.Parameters.Count];
        var axes = new List<NamedAxis>();
        var position = 0;
        var ok = true;
        foreach (var a in arguments)
        {
            var index = a.Name is null ? position++ : primitive.Parameters.ToList().FindIndex(p => p.Name == a.Name);
            if (a.Name is not null && index < 0 && primitive.TakesAxes)
            {
                if (Statics.BindAs(a.Value, ParamType.Int, $"Axis '{a.Name}'") is { } size) axes.Add(new NamedAxis(a.Name, size));
                else ok = false;
            }
            else if (index < 0 || index >= given.Length)
            {
                Fail(Rules.Arguments, a.Span, a.Name is null ? $"Too many arguments; it is {primitive.Signature}." : $"{primitive.Name} has no parameter '{a.Name}'; it is {primitive.Signature}.",
                    a.Name is null ? null : Suggest.Nearest(a.Name, primitive.Parameters.Select(p => p.Name)));
                ok = false;
            }
            else if (given[index] is not null)
            {
                Fail(Rules.Arguments, a.Span, $"'{primitive.Parameters[index].Name}' of {primitive.Name} is given twice.");
                ok = false;
            }
            else if (primitive.Parameters[index].IsLiteral && a.Value is not (StringLiteral or IntLiteral or BoolLiteral))
            {
                Fail(Rules.NotStatic, a.Value.Span, $"'{primitive.Parameters[index].Name}' of {primitive.Name} must be written out here: the code that is generated depends on it.");
                ok = false;
            }
            else given[index] = a.Value;
        }

        var operands = new List<Operand>();
        for (var i = 0; i < given.Length; i++)
        {
            if (Operand(primitive, primitive.Parameters[i], given[i], span) is { } operand) operands.Add(operand);
            else ok = false;
        }

        if (ok) Emit(new Apply(results, primitive, operands.ToEquatableArray(), axes.ToEquatableArray(), span));
        return ok;
    }

    private Operand? Operand(Primitive primitive, PrimitiveParameter parameter, Expr? value, SourceSpan span)
    {
        if (value is null && parameter.Default is null)
        {
            Fail(Rules.Arguments, span, $"{primitive.Name} needs '{parameter.Name}'; it is {primitive.Signature}.");
            return null;
        }

        if (value is null or NoneLiteral && parameter.Default is { } standard && (value is null || standard is NoneLiteral))
        {
            return parameter.Type == OperandType.OptionalTensor ? new AbsentOperand() : new StaticOperand(standard);
        }

        switch (parameter.Type)
        {
            case OperandType.Tensor when parameter.IsState && !(value is NameExpr state && _names.States.Contains(state.Name) && !_variables.ContainsKey(state.Name)):
                Fail(Rules.Arguments, value!.Span, $"'{parameter.Name}' of {primitive.Name} is changed, so it must be a parameter or buffer of {_names.Block.Name} by its name.");
                return null;
            case OperandType.Tensor or OperandType.OptionalTensor:
                return Tensor(value!, null) is { } local ? new TensorOperand(local) : null;
            case OperandType.Tensors:
                if (value is ListExpr || IsList(value!)) return Tensors(value!) is { } several ? new TensorsOperand(several) : null;
                Fail(Rules.Type, value!.Span, $"'{parameter.Name}' of {primitive.Name} is a list of tensors: [a, b], or the name of one.");
                return null;
            case OperandType.TensorOrNumber:
                if (IsTensor(value!) || (value is NameExpr unknown && StaticType(unknown.Name) is null)) return Tensor(value!, null) is { } tensor ? new TensorOperand(tensor) : null;
                return Statics.Bind(value!) is not { } number ? null
                    : number.Type is ParamType.Int or ParamType.Double ? new StaticOperand(number.Expr)
                    : WrongNumber(primitive, parameter, value!, number.Type);
            default:
                return Statics.BindAs(value!, StaticTypeOf(parameter.Type), $"'{parameter.Name}' of {primitive.Name}") is { } bound ? new StaticOperand(bound) : null;
        }
    }

    private StaticOperand? WrongNumber(Primitive primitive, PrimitiveParameter parameter, Expr value, ParamType found)
    {
        Fail(Rules.Type, value.Span, $"'{parameter.Name}' of {primitive.Name} is a tensor or a number; found {TypeNames.Of(found)}.");
        return null;
    }

    internal static ParamType StaticTypeOf(OperandType type) => type switch
    {
        OperandType.Int => ParamType.Int,
        OperandType.Ints => ParamType.IntList,
        OperandType.Doubles => ParamType.DoubleList,
        OperandType.Bool => ParamType.Bool,
        OperandType.String => ParamType.String,
        _ => ParamType.Double,
    };
}
