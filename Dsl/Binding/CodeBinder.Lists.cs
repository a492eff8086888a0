using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

// Lists of tensors. How many tensors one holds follows from the parameters, so a list is gone once they are known: instantiation sees its elements only.
internal sealed partial class CodeBinder
{
    /// <summary>Whether an expression is a list of tensors. An empty list is: in a forward nothing can be done with one of numbers.</summary>
    private bool IsList(Expr e) => e switch
    {
        NameExpr n => _variables.TryGetValue(n.Name, out var local) && local.IsSeveral,
        ListExpr l => l.Items.Count == 0 || l.Items.Any(i => i is SpreadExpr s ? IsList(s.Operand) || IsTensor(s.Operand) : IsTensor(i)),
        IndexExpr { Indices.Count: 1 } i => i.Indices[0] is RangeExpr && IsList(i.Target),
        ConditionalExpr c => IsList(c.Then) || IsList(c.Else),
        CallExpr c => Signature(c) is { Lists: { Count: 1 } lists } && lists[0],
        _ => false,
    };

    // A spread says itself that its operand is a list, which tells what a block gives that a parameter brings.
    private bool IsSpreadable(Expr e) => IsList(e) || (e is CallExpr c && CallIsTensor(c));

    /// <summary>What is known of what a call gives.</summary>
    private ChildSignature? Signature(CallExpr c)
    {
        if (Path(c.Callee) is { } path) return _children(path);
        return c.Callee is NameExpr n && !StaticFunctions.Names.Contains(n.Name) && PrimitiveTable.Find(n.Name)?.ResultCount is not null ? new ChildSignature(default, [true]) : null;
    }

    // The child that a call means, without a look at its indices.
    private ModulePath? Path(Expr callee)
    {
        var steps = new Stack<PathStep>();
        while (true)
        {
            switch (callee)
            {
                case NameExpr n: return _names.Modules.Contains(n.Name) ? new ModulePath(n.Name, steps.ToEquatableArray()) : null;
                case IndexExpr { Indices.Count: 1 } i:
                    steps.Push(new PathStep(i.Indices[0], null));
                    callee = i.Target;
                    break;
                case MemberExpr m:
                    steps.Push(new PathStep(null, m.Name));
                    callee = m.Target;
                    break;
                default: return null;
            }
        }
    }

    /// <summary>A tensor or a list.</summary>
    private Local? Value(Expr e, string? name, Local? place = null) => IsList(e) ? List(e, name, place) : Tensor(e, name, place);

    /// <summary>Binds a list; its value ends in <paramref name="place"/> where that is given.</summary>
    private Local? List(Expr e, string? name, Local? place = null)
    {
        switch (e)
        {
            case NameExpr or IndexExpr when IsList(e):
                if (Reference(e) is { } source) return place is null ? source : Stored(place, source, e.Span);
                return e is IndexExpr i ? Range(i, place) : null;
            case ListExpr { Items: { Count: 1 } only } when only[0] is SpreadExpr { Operand: CallExpr } spread:
                return List(spread.Operand, name, place);
            case ListExpr list:
                if (Tensors(list) is not { } items) return null;
                var made = place ?? NewLocal(name ?? "list", LocalKind.Result, isList: true);
                Emit(new MakeList(made, items, e.Span));
                return made;
            case ConditionalExpr c:
                return Conditional(c, name, place, isList: true);
            case CallExpr c:
                var result = place ?? NewLocal(name ?? ResultName(c), LocalKind.Result, isList: true);
                return Call(c, [result]) ? result : null;
            default:
                Fail(Rules.Type, e.Span, "A list of tensors is expected: [a, b], the name of one, or a range of one.");
                return null;
        }
    }

    /// <summary>Tensors that are read where they are; a list among them stands for its elements.</summary>
    private EquatableArray<Local>? Tensors(Expr e)
    {
        if (e is not ListExpr list) return List(e, null) is { } whole ? [whole] : null;
        var items = new List<Local>();
        foreach (var item in list.Items)
        {
            if (item is SpreadExpr s)
            {
                if (!IsSpreadable(s.Operand))
                {
                    // Names that are nothing have their own message.
                    if (s.Operand is NameExpr n && !IsTensor(n) && StaticType(n.Name) is null) _ = Name(n);
                    else Fail(Rules.Type, s.Span, "Only a list can be spread.", "Without '..' it is one element.");
                    return null;
                }

                if (List(s.Operand, null) is not { } several) return null;
                items.Add(several);
                continue;
            }

            if (IsList(item))
            {
                Fail(Rules.Type, item.Span, "A list within a list.", $"'..{ExprText.Of(item)}' puts its elements here.");
                return null;
            }

            if (Tensor(item, null) is not { } tensor) return null;
            items.Add(tensor);
        }

        return items.ToEquatableArray();
    }

    /// <summary>An argument of a child.</summary>
    private Operand? Input(Expr e)
    {
        if (e is NoneLiteral) return new AbsentOperand();
        if (e is ListExpr || IsList(e)) return Tensors(e) is { } several ? new TensorsOperand(several) : null;
        return Tensor(e, null) is { } local ? new TensorOperand(local) : null;
    }

    /// <summary>The variable that an expression mentions, or the part of a list: nothing is computed for it. Null when it is something else.</summary>
    private Local? Reference(Expr e)
    {
        switch (e)
        {
            case NameExpr n when _variables.TryGetValue(n.Name, out var local):
                return local;
            case NameExpr n when _names.States.Contains(n.Name) && StaticType(n.Name) is null:
                _usedStates.Add(n.Name);
                return StateLocal(n.Name);
            case IndexExpr { Target: NameExpr n } i when _variables.TryGetValue(n.Name, out var list) && list is { IsList: true, Part: null }:
                return Statics.Part(i) is { } part && IsStatic(part) ? list with { Part = part } : null;
            default:
                return null;
        }
    }

    // One of a list. A list that is no variable becomes one first.
    private Local? Element(IndexExpr i, Local? place)
    {
        if (Whole(i.Target) is not { } list || Statics.Part(i) is not { } part || !IsStatic(part)) return null;
        var element = list with { Part = part };
        return place is null ? element : Stored(place, element, i.Span);
    }

    private Local? Range(IndexExpr i, Local? place)
    {
        if (i.Target is NameExpr || Whole(i.Target) is not { } list || Statics.Part(i) is not { } part || !IsStatic(part)) return null;
        var range = list with { Part = part };
        return place is null ? range : Stored(place, range, i.Span);
    }

    private Local? Whole(Expr e) => List(e, null) is { } list ? list.Part is null ? list : Copied(list, list.Name, e.Span) : null;

    private Local Stored(Local place, Local source, SourceSpan span)
    {
        if (source != place) Emit(new Alias(place, source, span));
        return place;
    }

    /// <summary>A variable of its own with another handle of each tensor.</summary>
    private Local Copied(Local source, string name, SourceSpan span) => Stored(NewLocal(name, LocalKind.Result, isList: source.IsSeveral), source, span);

    // y = x names what x holds now. Where x may change, or is a part of what may, y gets a handle of its own.
    private Local Settled(Local value, string name, Expr e)
        => (value.IsMutable && e is NameExpr or IndexExpr) || (value.Part is { } part && Changes(part)) ? Copied(value, name, e.Span) : value;

    private bool Changes(Expr part) => ExprWalker.Find(part, e => e is NameExpr n && _staticVariables.ContainsKey(n.Name)) is not null;

    private void WrongKind(string name, Local place, SourceSpan span)
        => Fail(Rules.Type, span, $"'{name}' is {(place.IsList ? "a list of tensors" : "a tensor")} outside this branch or loop and must stay one.", "Use another name.");

    private void ForEach(ForEachStatement f)
    {
        if (StaticType(f.Item) is not null || _variables.ContainsKey(f.Item))
        {
            Fail(Rules.DuplicateName, f.Span, $"'{f.Item}' hides another name.");
            return;
        }

        if (IsList(f.List))
        {
            if (Whole(f.List) is not { } list) return;
            // The rounds are those of the list as it is here, whatever the body makes of the variable.
            if (list.IsMutable) list = Copied(list, list.Name, f.List.Span);
            Each(f, new LengthExpr(list, f.List.Span), index => _variables[f.Item] = list with { Part = index });
            return;
        }

        if (Statics.Bind(f.List) is not { } statics || !IsStatic(statics.Expr)) return;
        if (TypeNames.ElementOf(statics.Type) is not { } element)
        {
            Fail(Rules.Type, f.List.Span, $"foreach goes through a list; found {TypeNames.Of(statics.Type)}.");
            return;
        }

        var count = new CallExpr(new NameExpr("len", f.List.Span), [new Argument(null, statics.Expr, f.List.Span)], f.List.Span);
        Each(f, count, index => StoreStatic(f.Item, new TypedExpr(new IndexExpr(statics.Expr, [index], f.List.Span), element), f.List.Span));
    }

    private void Each(ForEachStatement f, Expr count, Action<Expr> begin)
    {
        MakeMutable(Assigned(f.Body).Where(n => n != f.Item), f.Span);
        var index = FreeIndex(new HashSet<string>(Names(f.Body)) { f.Item });
        var (output, variables, indices) = (_output, _variables, _indices);
        _indices = new Dictionary<string, ParamType>(indices) { [index] = ParamType.Int };
        _variables = new Dictionary<string, Local>(variables);
        _output = [];
        begin(new NameExpr(index, f.List.Span));
        foreach (var s in f.Body) Statement(s);
        var body = _output;
        (_output, _variables, _indices) = (output, variables, indices);
        Emit(new Loop(index, new IntLiteral(0, f.Span), count, body.ToEquatableArray(), f.Span));
    }

    // Every name that statements mention.
    private static IEnumerable<string> Names(IEnumerable<Statement> statements) => statements.SelectMany(s => s switch
    {
        AssignStatement a => a.Targets.OfType<string>().Concat(Names(a.Value)),
        IfStatement i => Names(i.Condition).Concat(Names(i.Then)).Concat(Names(i.Else)),
        ForStatement f => Names(f.From).Concat(Names(f.To)).Concat(Names(f.Body)).Append(f.Index),
        ForEachStatement f => Names(f.List).Concat(Names(f.Body)).Append(f.Item),
        ReturnStatement r => Names(r.Value),
        _ => [],
    });

    private static IEnumerable<string> Names(Expr e) => e is NameExpr n ? [n.Name] : ExprWalker.Children(e).SelectMany(Names);

    // An architecture may return one tensor here and a list there: its output, and what auxiliary heads give before it.
    private bool IsMixed()
    {
        var returns = CodeWalker.Returns(_output).ToList();
        return returns.TrueForAll(r => r.Values.Count == 1) && returns.Exists(r => r.Values[0].IsSeveral) && returns.Exists(r => !r.Values[0].IsSeveral);
    }

    private List<Instruction> Listed(IEnumerable<Instruction> body)
    {
        var result = new List<Instruction>();
        foreach (var instruction in body)
        {
            switch (instruction)
            {
                case Return { Values: var values } r when !values[0].IsSeveral:
                    var list = NewLocal("outputs", LocalKind.Result, isList: true);
                    result.Add(new MakeList(list, values, r.Span));
                    result.Add(r with { Values = [list] });
                    break;
                case Branch b:
                    result.Add(b with { Then = Listed(b.Then).ToEquatableArray(), Else = Listed(b.Else).ToEquatableArray() });
                    break;
                case Loop l:
                    result.Add(l with { Body = Listed(l.Body).ToEquatableArray() });
                    break;
                default:
                    result.Add(instruction);
                    break;
            }
        }

        return result;
    }

    // All returns of a forward give the same: it is one method.
    private void CheckReturns()
    {
        var returns = CodeWalker.Returns(_output).ToList();
        foreach (var r in returns.Skip(1))
        {
            if (CodeWalker.Lists(r) == CodeWalker.Lists(returns[0])) continue;
            Fail(Rules.Type, r.Span, $"This return gives {Describe(r)}; another (line {returns[0].Span.Line}) gives {Describe(returns[0])}.");
            return;
        }
    }

    private static string Describe(Return r) => string.Join(", ", r.Values.Select(v => v.IsSeveral ? "a list" : "a tensor"));
}
