using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Prints declarations as their authors write them, for comments.</summary>
internal static class DeclarationText
{
    /// <summary>A statement without its body, and without its terminator.</summary>
    public static string Of(Statement statement) => statement switch
    {
        AssignStatement { Targets.Count: 1 } s => $"{s.Targets[0] ?? "_"} = {Of(s.Value)}",
        AssignStatement s => $"({string.Join(", ", s.Targets.Select(t => t ?? "_"))}) = {Of(s.Value)}",
        ReturnStatement s => $"return {Of(s.Value)}",
        IfStatement s => $"if ({Of(s.Condition)})",
        ForEachStatement s => $"foreach (var {s.Item} in {Of(s.List)})",
        ForStatement s => $"for (int {s.Index} = {Of(s.From)}; {s.Index} < {Of(s.To)}; {s.Index}++)",
        _ => throw new InvalidOperationException($"Unknown statement {statement.GetType().Name}."),
    };

    /// <summary>A contract: <c>x[B, H, W, dim]</c>.</summary>
    public static string Of(TensorContract contract) => ContractAxes.Text(contract, Of);

    /// <summary>Several contracts, with commas.</summary>
    public static string Of(IEnumerable<TensorContract> contracts) => string.Join(", ", contracts.Select(Of));

    /// <summary>An expression.</summary>
    public static string Of(Expr expr) => expr switch
    {
        IntLiteral e => e.Value.ToString(CultureInfo.InvariantCulture),
        DoubleLiteral e => e.Value.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E", "e"),
        BoolLiteral e => e.Value ? "true" : "false",
        StringLiteral e => Naming.Literal(e.Value),
        NoneLiteral => "none",
        NameExpr e => e.Name,
        UnaryExpr e => e.Op + Operand(e.Operand),
        BinaryExpr e => $"{Operand(e.Left, e)} {e.Op} {Operand(e.Right, e)}",
        ConditionalExpr e => $"{Of(e.Condition)} ? {Of(e.Then)} : {Of(e.Else)}",
        CastExpr e => $"({e.Type}){Operand(e.Operand)}",
        CallExpr e => $"{Of(e.Callee)}({string.Join(", ", e.Arguments.Select(a => a.Name is null ? Of(a.Value) : $"{a.Name}={Of(a.Value)}"))})",
        MemberExpr e => $"{Of(e.Target)}.{e.Name}",
        IndexExpr e => $"{Of(e.Target)}[{string.Join(", ", e.Indices.Select(Of))}]",
        RangeExpr e => $"{(e.From is null ? "" : Of(e.From))}..{(e.To is null ? "" : Of(e.To))}",
        FromEndExpr e => $"^{Operand(e.Operand)}",
        SpreadExpr e => ".." + Operand(e.Operand),
        ListExpr e => $"[{string.Join(", ", e.Items.Select(Of))}]",
        TupleExpr e => $"({string.Join(", ", e.Items.Select(Of))})",
        InterpolationExpr e => "$\"" + string.Concat(e.Parts.Select(p => p is StringLiteral s ? s.Value : $"{{{Of(p)}}}")) + "\"",
        _ => "...",
    };

    private static string Operand(Expr operand) => operand is BinaryExpr or ConditionalExpr ? $"({Of(operand)})" : Of(operand);

    /// <summary>Products inside sums stand as they are; anything else nested keeps its parentheses.</summary>
    private static string Operand(Expr operand, BinaryExpr parent)
    {
        if (operand is ConditionalExpr) return $"({Of(operand)})";
        if (operand is not BinaryExpr inner) return Of(operand);
        var sameChain = ReferenceEquals(operand, parent.Left) && inner.Op == parent.Op;
        return sameChain || (IsProduct(inner.Op) && IsSum(parent.Op)) ? Of(operand) : $"({Of(operand)})";
    }

    private static bool IsProduct(string op) => op is "*" or "/" or "%";

    private static bool IsSum(string op) => op is "+" or "-";
}
