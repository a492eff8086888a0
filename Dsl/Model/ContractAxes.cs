using System.Globalization;
using Notochord.Dsl.Expressions;

namespace Notochord.Dsl.Model;

/// <summary>Contracts as text, and axes that each element of a list has for itself.</summary>
public static class ContractAxes
{
    /// <summary><c>x[B, dim]</c>, <c>x?[B, dim]</c>, <c>xs[i &lt; n][B, dims[i]]</c>.</summary>
    public static string Text(TensorContract contract) => Text(contract, ExprText.Of);

    /// <summary>The same with expressions printed in a way of its own.</summary>
    public static string Text(TensorContract contract, Func<Expr, string> print)
    {
        var list = contract.List switch
        {
            null => "",
            { Count: null, Index: null } => "[..]",
            { Count: null, Index: { } any } => $"[{any}]",
            { Count: var count, Index: null } => $"[{print(count)}]",
            { Count: var count, Index: { } index } => $"[{index} < {print(count)}]",
        };
        return $"{contract.Name}{(contract.IsOptional ? "?" : "")}{list}[{string.Join(", ", contract.Axes.Select(print))}]";
    }

    /// <summary>An axis with each <c>H[i]</c>, where <c>H</c> is no list of numbers, as a name of its own: the size of that element.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="isList">Whether a name is a list of numbers.</param>
    /// <param name="place">The value of an index.</param>
    public static Expr Unfold(Expr axis, Func<string, bool> isList, Func<Expr, long> place) => axis switch
    {
        IndexExpr { Target: NameExpr n, Indices: { Count: 1 } indices } when !isList(n.Name) => new NameExpr($"{n.Name}[{place(indices[0]).ToString(CultureInfo.InvariantCulture)}]", axis.Span),
        BinaryExpr b => b with { Left = Unfold(b.Left, isList, place), Right = Unfold(b.Right, isList, place) },
        UnaryExpr u => u with { Operand = Unfold(u.Operand, isList, place) },
        _ => axis,
    };
}
