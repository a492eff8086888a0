using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>Refuses text whose brackets nest so deep that a recursive parser would run out of stack, before the parser sees it.</summary>
internal static class Nesting
{
    public static bool TooDeep(CodeText code, DiagnosticBag diagnostics)
    {
        var depth = 0;
        var run = 0;
        for (var i = 0; i < code.Text.Length; i++)
        {
            var c = code.Text[i];
            // Prefix operators and conditionals recurse as brackets do.
            if (c is '(' or '[' or '{' or '?') depth++;
            else if (c is ')' or ']' or '}') depth--;
            run = c is '-' or '!' or '^' or '+' or '~' ? run + 1 : char.IsWhiteSpace(c) ? run : 0;
            if (c == ';') depth = Math.Max(0, depth);
            if (depth <= ExpressionParser.DepthLimit && run <= ExpressionParser.DepthLimit) continue;
            diagnostics.Add(Rules.Limit, code.Locate(i, i + 1), $"Code nested deeper than {ExpressionParser.DepthLimit}.");
            return true;
        }

        return false;
    }
}
