using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>Walks expressions.</summary>
internal static class ExprTree
{
    /// <summary>The expression and all inside it.</summary>
    public static IEnumerable<Expr> All(Expr expr) => Children(expr).SelectMany(All).Prepend(expr);

    /// <summary>The names that an expression mentions.</summary>
    public static IEnumerable<string> Names(Expr expr) => All(expr).OfType<NameExpr>().Select(n => n.Name);

    private static IEnumerable<Expr> Children(Expr expr) => expr switch
    {
        UnaryExpr e => [e.Operand],
        BinaryExpr e => [e.Left, e.Right],
        ConditionalExpr e => [e.Condition, e.Then, e.Else],
        CastExpr e => [e.Operand],
        // The callee of a static function is no variable.
        CallExpr e => e.Arguments.Select(a => a.Value),
        MemberExpr e => [e.Target],
        IndexExpr e => e.Indices.Prepend(e.Target),
        RangeExpr e => new[] { e.From, e.To }.OfType<Expr>(),
        FromEndExpr e => [e.Operand],
        SpreadExpr e => [e.Operand],
        ListExpr e => e.Items,
        TupleExpr e => e.Items,
        InterpolationExpr e => e.Parts,
        TensorFact { Tensor.Part: { } part } => [part],
        _ => [],
    };
}
