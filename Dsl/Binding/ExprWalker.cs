using Notochord.Dsl.Expressions;

namespace Notochord.Dsl.Binding;

/// <summary>Visits expressions.</summary>
public static class ExprWalker
{
    /// <summary>The first of <paramref name="e"/> and what it contains that <paramref name="match"/> accepts, or null.</summary>
    public static Expr? Find(Expr e, Func<Expr, bool> match)
    {
        if (match(e)) return e;
        foreach (var child in Children(e))
        {
            if (Find(child, match) is { } found) return found;
        }

        return null;
    }

    /// <summary>The expressions directly inside.</summary>
    public static IEnumerable<Expr> Children(Expr e) => e switch
    {
        UnaryExpr u => [u.Operand],
        BinaryExpr b => [b.Left, b.Right],
        ConditionalExpr c => [c.Condition, c.Then, c.Else],
        CastExpr c => [c.Operand],
        CallExpr c => c.Arguments.Select(a => a.Value).Prepend(c.Callee),
        MemberExpr m => [m.Target],
        IndexExpr i => i.Indices.Prepend(i.Target),
        RangeExpr r => new[] { r.From, r.To }.Where(x => x is not null).Select(x => x!),
        FromEndExpr f => [f.Operand],
        SpreadExpr s => [s.Operand],
        ListExpr l => l.Items,
        TupleExpr t => t.Items,
        InterpolationExpr s => s.Parts,
        Ir.TensorFact { Tensor.Part: { } part } => [part],
        _ => [],
    };
}
