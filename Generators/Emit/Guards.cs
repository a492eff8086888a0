using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes the checks of an input contract: number of axes, and sizes that parameters fix; of a block, whose callers have been checked, only what
/// the sizes of the input decide.</summary>
internal static class Guards
{
    /// <summary>The part of an axis that must divide it: <c>step</c> of <c>H * step</c>, where <c>H</c> is a new name. Null for other axes.</summary>
    public static Expr? Divisor(BoundBlock bound, Expr axis) => axis is BinaryExpr { Op: "*" } product
        ? IsNew(bound, product.Left) ? product.Right : IsNew(bound, product.Right) ? product.Left : null : null;

    /// <summary>Writes one line for each axis that must be a multiple.</summary>
    public static void WriteMultiples(SourceWriter writer, BlockContext context, TensorContract contract, string tensor)
    {
        for (var i = 0; i < contract.Axes.Count; i++)
        {
            if (Divisor(context.Bound, contract.Axes[i]) is not { } divisor) continue;
            var printer = new ExpressionPrinter(n => context.Stored[n], context.Kind, l => l.Name);
            writer.Line($"Guard.Divisible({tensor}.size({i.ToString(CultureInfo.InvariantCulture)}), {printer.Print(divisor)}, {Naming.Literal(DeclarationText.Of(contract.Axes[i]))}, {Naming.Literal(contract.Span.Short)}, {tensor});");
        }
    }

    private static bool IsNew(BoundBlock bound, Expr e) => e is NameExpr n && !bound.StaticTypes.ContainsKey(n.Name);

    /// <summary>Writes one line a check.</summary>
    public static void Write(SourceWriter writer, BlockContext context, TensorContract contract)
    {
        var tensor = Naming.Identifier(contract.Name ?? "image");
        var where = $"{Naming.Literal(DeclarationText.Of(contract))}, {Naming.Literal(contract.Span.Short)}";
        var rest = contract.Axes.ToList().FindIndex(a => a is RangeExpr);
        var rank = (contract.Axes.Count - (rest >= 0 ? 1 : 0)).ToString(CultureInfo.InvariantCulture);
        writer.Line($"Guard.{(rest >= 0 ? "RankAtLeast" : "Rank")}({tensor}, {rank}, {where});");
        for (var i = 0; i < contract.Axes.Count; i++)
        {
            var axis = contract.Axes[i];
            if (axis is RangeExpr || !ExprTree.Names(axis).All(context.Stored.ContainsKey)) continue;
            var at = (rest >= 0 && i > rest ? i - contract.Axes.Count : i).ToString(CultureInfo.InvariantCulture);
            var printer = new ExpressionPrinter(n => context.Stored[n], context.Kind, l => l.Name);
            writer.Line($"Guard.Dim({tensor}, {at}, {printer.Print(axis)}, {Naming.Literal(axis is IntLiteral ? "size" : DeclarationText.Of(axis))}, {where});");
        }
    }
}
