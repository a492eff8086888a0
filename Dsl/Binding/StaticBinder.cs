using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>A static expression with its type.</summary>
internal readonly record struct TypedExpr(Expr Expr, ParamType Type);

/// <summary>Types static expressions and resolves their names; what does not fit becomes a diagnostic and null.</summary>
/// <param name="names">Type of a name in scope, or null.</param>
/// <param name="known">All names in scope, for suggestions.</param>
/// <param name="tensors">The tensor variable, list or element of a list that an expression mentions, or null: for <c>x.shape[i]</c>, <c>len(xs)</c>, <c>x != none</c>.</param>
/// <param name="diagnostics">Where findings go.</param>
/// <param name="hasMode">Whether <c>training</c> may be asked for: in the condition of a forward.</param>
internal sealed class StaticBinder(Func<string, ParamType?> names, Func<IEnumerable<string>> known, Func<Expr, Local?> tensors, DiagnosticBag diagnostics, bool hasMode = false)
{
    public TypedExpr? Bind(Expr expr)
    {
        switch (expr)
        {
            case IntLiteral: return new(expr, ParamType.Int);
            case DoubleLiteral: return new(expr, ParamType.Double);
            case BoolLiteral: return new(expr, ParamType.Bool);
            case StringLiteral: return new(expr, ParamType.String);
            case NameExpr n: return Name(n);
            case AxisExpr or LengthExpr: return new(expr, ParamType.Int);
            case PresenceExpr or TrainingExpr: return new(expr, ParamType.Bool);
            case UnaryExpr u: return Unary(u);
            case BinaryExpr b: return Binary(b);
            case ConditionalExpr c: return Conditional(c);
            case CastExpr c: return Cast(c);
            case CallExpr c: return Call(c);
            case MemberExpr m: return Member(m);
            case IndexExpr i: return Index(i);
            case ListExpr l: return List(l);
            case InterpolationExpr s: return Interpolation(s);
            default: return Fail(Rules.Type, expr.Span, $"Expected a static value; found {Describe(expr)}.");
        }
    }

    /// <summary>Binds and converts: int to double, one value to a list of one, a list of ints to doubles.</summary>
    public Expr? BindAs(Expr expr, ParamType type, string what)
    {
        if (type == ParamType.Block || Bind(expr) is not { } bound) return null;
        if (Converts(bound, type)) return bound.Expr;
        Fail(Rules.Type, expr.Span, $"{what} is {TypeNames.Of(type)}; found {TypeNames.Of(bound.Type)}.", bound.Type == ParamType.Double && type == ParamType.Int ? "Write (int)(...) to cut the fraction off, or floor, ceil or round." : null);
        return null;
    }

    public static bool Converts(TypedExpr from, ParamType to) => Converts(from.Type, to) || (from.Expr is ListExpr { Items.Count: 0 } && TypeNames.ElementOf(to) is not null);

    public static bool Converts(ParamType from, ParamType to) => from == to
        || (from, to) is (ParamType.Int, ParamType.Double) or (ParamType.Int, ParamType.IntList) or (ParamType.IntList, ParamType.DoubleList)
            or (ParamType.Int, ParamType.DoubleList) or (ParamType.Double, ParamType.DoubleList) or (ParamType.String, ParamType.StringList);

    private static string Describe(Expr expr) => expr switch
    {
        NoneLiteral => "none",
        TupleExpr => "a tuple",
        SpreadExpr => "a spread outside a list",
        RangeExpr => "a range",
        FromEndExpr => "an index from the end",
        _ => "something else",
    };

    private TypedExpr? Fail(DiagnosticRule rule, SourceSpan span, string message, string? suggestion = null)
    {
        diagnostics.Add(rule, span, message, suggestion);
        return null;
    }

    private TypedExpr? Name(NameExpr n)
    {
        if (names(n.Name) is { } type)
        {
            return type == ParamType.Block ? Fail(Rules.Type, n.Span, $"'{n.Name}' is a block; a static value is expected here.") : new(n, type);
        }

        if (n.Name == TrainingExpr.Word)
        {
            return hasMode ? new(new TrainingExpr(n.Span), ParamType.Bool)
                : Fail(Rules.NotStatic, n.Span, $"'{n.Name}' is known when the model runs: it stands in the condition of an 'if' or a '?:' between tensors, in forward.", "What a model is made of depends on its parameters: declare one, such as bool aux = true.");
        }

        if (tensors(n) is { } local) return Fail(Rules.NotStatic, n.Span, $"'{n.Name}' is {(local.IsList ? "a list of tensors" : "a tensor")}; a static value is expected here.");
        return Fail(Rules.UnknownName, n.Span, $"'{n.Name}' is no parameter, definition or axis in scope.", Suggest.Nearest(n.Name, known()));
    }

    private TypedExpr? Unary(UnaryExpr u)
    {
        if (Bind(u.Operand) is not { } operand) return null;
        var fits = u.Op == "!" ? operand.Type == ParamType.Bool : operand.Type is ParamType.Int or ParamType.Double;
        return fits ? new(u with { Operand = operand.Expr }, operand.Type) : Fail(Rules.Type, u.Span, $"'{u.Op}' does not apply to {TypeNames.Of(operand.Type)}.");
    }

    private TypedExpr? Binary(BinaryExpr b)
    {
        if (b.Op is "==" or "!=" && (b.Left is NoneLiteral || b.Right is NoneLiteral)) return Presence(b, b.Left is NoneLiteral ? b.Right : b.Left);
        var left = Bind(b.Left);
        var right = Bind(b.Right);
        if (left is not { } l || right is not { } r) return null;
        var numeric = l.Type is ParamType.Int or ParamType.Double && r.Type is ParamType.Int or ParamType.Double;
        var both = l.Type == r.Type ? l.Type : (ParamType?)null;
        ParamType? type = b.Op switch
        {
            "+" or "-" or "*" or "/" or "%" when numeric => both ?? ParamType.Double,
            "<<" or ">>" when both == ParamType.Int => ParamType.Int,
            "<" or "<=" or ">" or ">=" when numeric => ParamType.Bool,
            "==" or "!=" when numeric || both is ParamType.Bool or ParamType.String => ParamType.Bool,
            "&&" or "||" when both == ParamType.Bool => ParamType.Bool,
            "+" when both == ParamType.String => ParamType.String,
            _ => null,
        };
        return type is { } t ? new(b with { Left = l.Expr, Right = r.Expr }, t)
            : Fail(Rules.Type, b.Span, $"'{b.Op}' does not apply to {TypeNames.Of(l.Type)} and {TypeNames.Of(r.Type)}.");
    }

    private TypedExpr? Presence(BinaryExpr b, Expr tested)
    {
        if (tensors(tested) is not { } local) return Fail(Rules.Type, b.Span, "Only an optional tensor is compared with none.");
        return local.IsOptional ? new(new PresenceExpr(local, b.Op == "==", b.Span), ParamType.Bool)
            : Fail(Rules.Type, b.Span, $"'{local.Name}' is always there; only an optional input (x?[..]) or a parameter with a condition can be none.");
    }

    private TypedExpr? Conditional(ConditionalExpr c)
    {
        var condition = BindAs(c.Condition, ParamType.Bool, "A condition");
        var then = Bind(c.Then);
        var otherwise = Bind(c.Else);
        if (condition is null || then is not { } t || otherwise is not { } e) return null;
        ParamType? type = Converts(e, t.Type) ? t.Type : Converts(t, e.Type) ? e.Type : null;
        return type is { } common ? new(new ConditionalExpr(condition, t.Expr, e.Expr, c.Span), common)
            : Fail(Rules.Type, c.Span, $"Both sides of ':' must have one type; found {TypeNames.Of(t.Type)} and {TypeNames.Of(e.Type)}.");
    }

    private TypedExpr? Cast(CastExpr c)
    {
        if (Bind(c.Operand) is not { } operand) return null;
        var to = c.Type switch { "double" => ParamType.Double, "bool" => ParamType.Bool, _ => ParamType.Int };
        var fits = to == ParamType.Bool ? operand.Type == ParamType.Bool : operand.Type is ParamType.Int or ParamType.Double;
        return fits ? new(c with { Operand = operand.Expr }, to) : Fail(Rules.Type, c.Span, $"{TypeNames.Of(operand.Type)} does not convert to {c.Type}.");
    }

    private TypedExpr? Call(CallExpr c)
    {
        if (c.Callee is not NameExpr { Name: var name }) return Fail(Rules.Unsupported, c.Callee.Span, "Only a function can be called here.");
        if (name == "len" && c.Arguments.Count == 1 && tensors(c.Arguments[0].Value) is { IsSeveral: true } list) return new(new LengthExpr(list, c.Span), ParamType.Int);
        var overloads = StaticFunctions.Find(name).ToList();
        if (overloads.Count == 0) return Fail(Rules.UnknownName, c.Callee.Span, $"'{name}' is no static function.", Suggest.Nearest(name, StaticFunctions.Names));
        var arguments = c.Arguments.Select(a => (Argument: a, Bound: Bind(a.Value))).ToList();
        if (arguments.Exists(a => a.Bound is null)) return null;
        if (arguments.Find(a => a.Argument.Name is not null).Argument is { } named) return Fail(Rules.Arguments, named.Span, $"Arguments of {name} are positional.");
        foreach (var f in overloads)
        {
            if (arguments.Count < f.Required || arguments.Count > f.Parameters.Length) continue;
            if (!arguments.Select((a, i) => Converts(a.Bound!.Value, f.Parameters[i])).All(ok => ok)) continue;
            return new(c with { Arguments = arguments.Select(a => a.Argument with { Value = a.Bound!.Value.Expr }).ToEquatableArray() }, f.Result);
        }

        var signatures = string.Join(" or ", overloads.Select(f => $"{name}({string.Join(", ", f.Parameters.Select(TypeNames.Of))})"));
        return Fail(Rules.Arguments, c.Span, $"Expected {signatures}; found {name}({string.Join(", ", arguments.Select(a => TypeNames.Of(a.Bound!.Value.Type)))}).");
    }

    private TypedExpr? Member(MemberExpr m)
    {
        // body.channels: what a trunk knows of its levels.
        if (m.Target is NameExpr trunk && names($"{trunk.Name}.{m.Name}") is { } list) return new(new NameExpr($"{trunk.Name}.{m.Name}", m.Span), list);
        var tensor = tensors(m.Target);
        if (m.Name is "Length" or "Count" && tensor is null or { IsSeveral: true })
        {
            if (tensor is not null) return new(new LengthExpr(tensor, m.Span), ParamType.Int);
            if (Bind(m.Target) is not { } target) return null;
            if (TypeNames.ElementOf(target.Type) is not null) return new(new CallExpr(new NameExpr("len", m.Span), [new Argument(null, target.Expr, m.Span)], m.Span), ParamType.Int);
        }

        if (m.Target is NameExpr module && m.Name is TrunkNames.Channels or TrunkNames.Reductions)
        {
            return Fail(Rules.UnknownName, m.Span, $"'{module.Name}.{m.Name}' is known to modules that stand after '{module.Name}', which must be the trunk of an architecture.", $"{module.Name}: resnet50.{AppliedArchitecture.Features}(..)");
        }

        return Fail(Rules.Unsupported, m.Span, $"'.{m.Name}' is not part of the language here.", "Sizes of a tensor are x.shape[i]; of a list, len(list).");
    }

    private TypedExpr? Index(IndexExpr i)
    {
        if (i.Target is MemberExpr { Name: "shape", Target: var owner } && tensors(owner) is { IsSeveral: false } tensor)
        {
            if (i.Indices.Count == 1 && ConstantIndex(i.Indices[0]) is { } axis) return new(new AxisExpr(tensor, axis, i.Span), ParamType.Int);
            return Fail(Rules.Unsupported, i.Span, "The axis in x.shape[axis] is a literal: 0, 1, -1, ^1.");
        }

        if (Bind(i.Target) is not { } target) return null;
        if (TypeNames.ElementOf(target.Type) is not { } element) return Fail(Rules.Type, i.Span, $"{TypeNames.Of(target.Type)} has no elements.");
        if (Part(i) is not { } part) return null;
        return new(new IndexExpr(target.Expr, [part], i.Span), part is RangeExpr ? target.Type : element);
    }

    /// <summary>The bound index of an element of a list, or range of some; null after a diagnostic.</summary>
    public Expr? Part(IndexExpr i)
    {
        if (i.Indices.Count != 1)
        {
            Fail(Rules.Unsupported, i.Span, "A list has one index.");
            return null;
        }

        if (i.Indices[0] is not RangeExpr range) return Position(i.Indices[0]);
        Expr? from = null, to = null;
        if (range.From is not null && (from = Position(range.From)) is null) return null;
        if (range.To is not null && (to = Position(range.To)) is null) return null;
        return new RangeExpr(from, to, range.Span);
    }

    private static int? ConstantIndex(Expr e) => e switch
    {
        IntLiteral { Value: >= -64 and <= 64 } l => (int)l.Value,
        FromEndExpr { Operand: IntLiteral { Value: >= 1 and <= 64 } l } => -(int)l.Value,
        _ => null,
    };

    private Expr? Position(Expr e)
    {
        if (e is not FromEndExpr end) return BindAs(e, ParamType.Int, "An index");
        return BindAs(end.Operand, ParamType.Int, "An index") is { } operand ? end with { Operand = operand } : null;
    }

    private TypedExpr? List(ListExpr l)
    {
        var items = l.Items.Select(Item).ToList();
        if (items.Exists(i => i is null)) return null;
        if (items.Count == 0) return new(l, ParamType.IntList);
        var type = items.Exists(i => i!.Value.Type == ParamType.Double) ? ParamType.Double : items[0]!.Value.Type;
        if (TypeNames.ListOf(type) is not { } list) return Fail(Rules.Type, l.Span, $"There are no lists of {TypeNames.Of(type)}.");
        var odd = items.FindIndex(i => !Converts(i!.Value, type));
        return odd >= 0 ? Fail(Rules.Type, l.Items[odd].Span, $"The list holds {TypeNames.Of(type)}; found {TypeNames.Of(items[odd]!.Value.Type)}.")
            : new(l with { Items = items.Select(i => i!.Value.Expr).ToEquatableArray() }, list);
    }

    // Of a spread the list's elements count.
    private TypedExpr? Item(Expr e)
    {
        if (e is not SpreadExpr spread) return Bind(e);
        if (Bind(spread.Operand) is not { } operand) return null;
        return TypeNames.ElementOf(operand.Type) is { } element ? new(spread with { Operand = operand.Expr }, element)
            : Fail(Rules.Type, spread.Span, $"Only a list can be spread; found {TypeNames.Of(operand.Type)}.");
    }

    private TypedExpr? Interpolation(InterpolationExpr s)
    {
        var parts = s.Parts.Select(Bind).ToList();
        return parts.Exists(p => p is null) ? null : new(s with { Parts = parts.Select(p => p!.Value.Expr).ToEquatableArray() }, ParamType.String);
    }
}
