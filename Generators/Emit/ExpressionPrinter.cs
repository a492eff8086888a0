using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>Prints static expressions as C#, with parentheses only where precedence asks for them.</summary>
/// <param name="name">The C# identifier of a static name.</param>
/// <param name="kind">The type of a static name.</param>
/// <param name="tensor">The C# identifier of a tensor variable.</param>
internal sealed class ExpressionPrinter(Func<string, string> name, Func<string, StaticKind> kind, Func<Local, string> tensor)
{
    /// <summary>The same with some names renamed or added.</summary>
    public ExpressionPrinter With(IReadOnlyDictionary<string, string> renamed, StaticKind kindOfNew = StaticKind.Int64)
        => new(n => renamed.TryGetValue(n, out var text) ? text : name(n), n => renamed.ContainsKey(n) ? kindOfNew : kind(n), tensor);

    /// <summary>The type of an expression.</summary>
    public StaticKind Kind(Expr expr) => StaticKinds.Of(expr, kind);

    /// <summary>C# of an expression where any expression may stand and the type is known from outside: an argument, an initialiser.</summary>
    public string Print(Expr expr) => Text(expr, Precedence.Any, isTyped: true);

    /// <summary>C# of an expression as a primary expression or in parentheses.</summary>
    public string Primary(Expr expr) => Text(expr, Precedence.Primary, isTyped: false);

    /// <summary>C# of an expression where a value of this type is expected.</summary>
    public string Print(Expr expr, StaticKind expected) => (expected, Kind(expr)) switch
    {
        (StaticKind.DoubleList, StaticKind.Int64List) when expr is not ListExpr => $"Array.ConvertAll({Print(expr)}, v => (double)v)",
        (StaticKind.Int64List or StaticKind.DoubleList, StaticKind.Int32 or StaticKind.Int64 or StaticKind.Double) => $"[{Print(expr)}]",
        _ => Print(expr),
    };

    /// <summary>C# of an expression where an <c>int</c> is expected.</summary>
    public string Int(Expr expr) => Kind(expr) == StaticKind.Int32 ? Text(expr, Precedence.Any, false) : AsInt(expr);

    /// <summary>C# of a <c>double</c>.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E-", "e-").Replace("E+", "e");
        return text.IndexOfAny(['.', 'e']) < 0 ? text + ".0" : text;
    }

    private string Text(Expr expr, Precedence least, bool isTyped)
    {
        var (text, precedence) = Render(expr, isTyped);
        return precedence < least ? $"({text})" : text;
    }

    private (string Text, Precedence Precedence) Render(Expr expr, bool isTyped) => expr switch
    {
        IntLiteral e => Integer(e.Value),
        DoubleLiteral e => (Number(e.Value), e.Value < 0 ? Precedence.Unary : Precedence.Primary),
        BoolLiteral e => (e.Value ? "true" : "false", Precedence.Primary),
        StringLiteral e => (Naming.Literal(e.Value), Precedence.Primary),
        NoneLiteral => ("null", Precedence.Primary),
        NameExpr e => (name(e.Name), Precedence.Primary),
        AxisExpr e => ($"{tensor(e.Tensor)}.size({e.Axis.ToString(CultureInfo.InvariantCulture)})", Precedence.Primary),
        LengthExpr e => ($"{tensor(e.Tensor)}.Length", Precedence.Primary),
        PresenceExpr e => ($"{tensor(e.Tensor).TrimEnd('!')} is {(e.Negated ? "null" : "not null")}", Precedence.Relational),
        TrainingExpr => (TrainingExpr.Word, Precedence.Primary),
        UnaryExpr e => (e.Op + Text(e.Operand, e.Operand is UnaryExpr ? Precedence.Primary : Precedence.Unary, false), Precedence.Unary),
        BinaryExpr e => Binary(e),
        ConditionalExpr e => ($"{Text(e.Condition, Precedence.Or, false)} ? {Text(e.Then, Precedence.Conditional, isTyped)} : {Text(e.Else, Precedence.Conditional, isTyped)}", Precedence.Conditional),
        CastExpr e => Cast(e),
        CallExpr { Callee: NameExpr f } e => (Call(f.Name, e), Precedence.Primary),
        IndexExpr e => ($"{Primary(e.Target)}[{string.Join(", ", e.Indices.Select(Index))}]", Precedence.Primary),
        ListExpr e => (List(e, isTyped), Precedence.Primary),
        InterpolationExpr e => (Interpolation(e), Precedence.Primary),
        _ => throw new InvalidOperationException($"{expr.Span}: {expr.GetType().Name} is no static expression."),
    };

    private static (string, Precedence) Integer(long value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        if (value is < int.MinValue or > int.MaxValue) text += "L";
        return (text, value < 0 ? Precedence.Unary : Precedence.Primary);
    }

    private (string, Precedence) Binary(BinaryExpr e)
    {
        var level = Operators[e.Op];
        // The left side may be of the same level (left-associative), the right side must bind tighter.
        // Beside shifts and bit operators, precedence is not common knowledge: their operands stand in parentheses.
        var least = IsObvious(e.Op) ? level : Precedence.Unary;
        var left = Text(e.Left, e.Left is BinaryExpr l && l.Op == e.Op ? level : least, false);
        var right = Text(e.Right, IsObvious(e.Op) ? level + 1 : Precedence.Unary, false);
        if (e.Op is "<<" or ">>")
        {
            if (Kind(e.Left) == StaticKind.Int32) left = AsLong(e.Left);
            if (Kind(e.Right) != StaticKind.Int32) right = $"(int){Text(e.Right, Precedence.Unary, false)}";
        }
        else if (e.Op == "*" && Kind(e.Left) == StaticKind.Int32 && Kind(e.Right) == StaticKind.Int32)
        {
            if (e.Right is IntLiteral) right = AsLong(e.Right);
            else left = AsLong(e.Left);
        }

        return ($"{left} {e.Op} {right}", level);
    }

    private static bool IsObvious(string op) => op is not ("<<" or ">>" or "&" or "|" or "^");

    private string AsLong(Expr expr) => expr is IntLiteral { Value: >= 0 } i ? $"{Integer(i.Value).Item1}L" : $"(long){Text(expr, Precedence.Primary, false)}";

    private (string, Precedence) Cast(CastExpr e)
    {
        var isBool = Kind(e.Operand) == StaticKind.Bool;
        if (e.Type == "bool") return isBool ? Render(e.Operand, false) : ($"{Text(e.Operand, Precedence.Relational, false)} != 0", Precedence.Equality);
        if (isBool) return ($"{Text(e.Operand, Precedence.Or, false)} ? {(e.Type == "double" ? "1.0 : 0.0" : "1 : 0")}", Precedence.Conditional);
        // A cast before a sign would read as a subtraction.
        var operand = Text(e.Operand, e.Operand is UnaryExpr or IntLiteral { Value: < 0 } or DoubleLiteral { Value: < 0 } ? Precedence.Primary : Precedence.Unary, false);
        return ($"({(e.Type == "double" ? "double" : "long")}){operand}", Precedence.Unary);
    }

    private string Call(string function, CallExpr e)
    {
        var arguments = e.Arguments.Select(a => (a.Name is null ? "" : Naming.Identifier(a.Name) + ": ") + Text(a.Value, Precedence.Any, false));
        return StaticCalls.CSharp(function, function == "len" ? Primary(e.Arguments[0].Value) : string.Join(", ", arguments));
    }

    /// <summary>C# of an index, or a range, of a list.</summary>
    public string Index(Expr index) => index switch
    {
        FromEndExpr e => $"^{AsInt(e.Operand)}",
        RangeExpr e => $"{Bound(e.From)}..{Bound(e.To)}",
        _ => Text(index, Precedence.Any, false),
    };

    private string Bound(Expr? bound) => bound switch
    {
        null => "",
        FromEndExpr e => $"^{AsInt(e.Operand)}",
        _ => AsInt(bound),
    };

    private string AsInt(Expr expr) => Kind(expr) == StaticKind.Int32 ? Text(expr, Precedence.Primary, false) : $"(int){Text(expr, Precedence.Primary, false)}";

    private string List(ListExpr list, bool isTyped)
    {
        var items = string.Join(", ", list.Items.Select(i => i is SpreadExpr s ? ".." + Primary(s.Operand) : Text(i, Precedence.Any, false)));
        if (isTyped) return $"[{items}]";
        if (list.Items.Any(i => i is SpreadExpr)) return $"(({StaticKinds.CSharp(Kind(list))})[{items}])";
        return list.Items.Count == 0 ? "Array.Empty<long>()" : $"new {StaticKinds.CSharp(Kind(list))} {{ {items} }}";
    }

    private string Interpolation(InterpolationExpr e) => "$\"" + string.Concat(e.Parts.Select(p => p is StringLiteral s
        ? Naming.Literal(s.Value).Trim('"').Replace("{", "{{").Replace("}", "}}")
        : $"{{{Text(p, Precedence.Or, false)}}}")) + "\"";

    private static readonly Dictionary<string, Precedence> Operators = new()
    {
        ["*"] = Precedence.Multiplicative,
        ["/"] = Precedence.Multiplicative,
        ["%"] = Precedence.Multiplicative,
        ["+"] = Precedence.Additive,
        ["-"] = Precedence.Additive,
        ["<<"] = Precedence.Shift,
        [">>"] = Precedence.Shift,
        ["<"] = Precedence.Relational,
        [">"] = Precedence.Relational,
        ["<="] = Precedence.Relational,
        [">="] = Precedence.Relational,
        ["=="] = Precedence.Equality,
        ["!="] = Precedence.Equality,
        ["&"] = Precedence.BitAnd,
        ["^"] = Precedence.BitXor,
        ["|"] = Precedence.BitOr,
        ["&&"] = Precedence.And,
        ["||"] = Precedence.Or,
    };

    /// <summary>How tight an expression binds, by the levels of C#.</summary>
    private enum Precedence
    {
        Any,
        Conditional,
        Or,
        And,
        BitOr,
        BitXor,
        BitAnd,
        Equality,
        Relational,
        Shift,
        Additive,
        Multiplicative,
        Unary,
        Primary,
    }
}
