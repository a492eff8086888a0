using System.Globalization;

namespace Notochord.Dsl.Expressions;

/// <summary>Expressions as text, for messages.</summary>
public static class ExprText
{
    /// <summary>As one would write it.</summary>
    public static string Of(Expr? e) => e switch
    {
        null => "",
        IntLiteral l => l.Value.ToString(CultureInfo.InvariantCulture),
        DoubleLiteral l => l.Value.ToString("R", CultureInfo.InvariantCulture),
        BoolLiteral l => l.Value ? "true" : "false",
        StringLiteral l => $"\"{l.Value}\"",
        NoneLiteral => "none",
        NameExpr n => n.Name,
        UnaryExpr u => u.Op + Operand(u.Operand),
        BinaryExpr b => $"{Operand(b.Left)} {b.Op} {Operand(b.Right)}",
        ConditionalExpr c => $"{Operand(c.Condition)} ? {Operand(c.Then)} : {Operand(c.Else)}",
        CastExpr c => $"({c.Type}){Operand(c.Operand)}",
        CallExpr c => $"{Of(c.Callee)}({string.Join(", ", c.Arguments.Select(a => a.Name is null ? Of(a.Value) : $"{a.Name}={Of(a.Value)}"))})",
        MemberExpr m => $"{Operand(m.Target)}.{m.Name}",
        IndexExpr i => $"{Operand(i.Target)}[{string.Join(", ", i.Indices.Select(Of))}]",
        RangeExpr r => $"{Of(r.From)}..{Of(r.To)}",
        FromEndExpr f => "^" + Operand(f.Operand),
        OptionalExpr o => $"{Operand(o.Target)}?[{string.Join(", ", o.Indices.Select(Of))}]",
        SpreadExpr s => ".." + Operand(s.Operand),
        ListExpr l => $"[{string.Join(", ", l.Items.Select(Of))}]",
        TupleExpr t => $"({string.Join(", ", t.Items.Select(Of))})",
        InterpolationExpr s => string.Concat(s.Parts.Select(p => p is StringLiteral t ? t.Value : $"{{{Of(p)}}}")),
        _ => e.GetType().Name,
    };

    private static string Operand(Expr e) => e is BinaryExpr or ConditionalExpr ? $"({Of(e)})" : Of(e);
}
