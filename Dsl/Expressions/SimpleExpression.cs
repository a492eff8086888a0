using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Notochord.Dsl.Expressions;

/// <summary>Expressions of one word, which need no parser: most values of a table of variants are a number or a name. What they are is what
/// <see cref="ExpressionParser"/> would say; whatever is not surely one of them is left to it.</summary>
internal static class SimpleExpression
{
    // So many digits make the same double in every runtime.
    private const int ExactDigits = 15;
    private const int IntDigits = 9;

    /// <summary>The number, name, <c>true</c>, <c>false</c> or <c>none</c> that the code is; null when it is anything else.</summary>
    public static Expr? Parse(CodeText code)
    {
        var text = code.Text;
        var (from, to) = (0, text.Length);
        while (from < to && text[from] == ' ') from++;
        while (to > from && text[to - 1] == ' ') to--;
        if (from == to) return null;
        return text[from] is (>= '0' and <= '9') or '-' ? Number(code, from, to) : Word(code, from, to);
    }

    private static Expr? Number(CodeText code, int from, int to)
    {
        var (digits, point) = (0, -1);
        var first = code.Text[from] == '-' ? from + 1 : from;
        for (var i = first; i < to; i++)
        {
            if (code.Text[i] is >= '0' and <= '9') digits++;
            else if (code.Text[i] == '.' && point < 0) point = i;
            else return null;
        }

        if (point >= 0)
        {
            if (digits > ExactDigits || point == first || point == to - 1) return null;
            return new DoubleLiteral(double.Parse(code.Text.Substring(from, to - from), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture), code.Locate(from, to));
        }

        if (digits is 0 or > IntDigits) return null;
        return new IntLiteral(long.Parse(code.Text.Substring(from, to - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), code.Locate(from, to));
    }

    private static Expr? Word(CodeText code, int from, int to)
    {
        if (code.Text[from] is >= '0' and <= '9') return null;
        for (var i = from; i < to; i++)
        {
            if (code.Text[i] is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_')) return null;
        }

        var word = code.Text.Substring(from, to - from);
        return word switch
        {
            "none" => new NoneLiteral(code.Locate(from, to)),
            "true" or "false" => new BoolLiteral(word == "true", code.Locate(from, to)),
            _ when SyntaxFacts.GetKeywordKind(word) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(word) != SyntaxKind.None => null,
            _ => new NameExpr(word, code.Locate(from, to)),
        };
    }
}
