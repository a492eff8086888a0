using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes the checks of an input contract: number of axes, and sizes that parameters fix.</summary>
internal static class Guards
{
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
