using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Attributes;

/// <summary>Finds where the characters of string literals stand in a C# file, so that findings point into them.</summary>
public sealed class LiteralPlaces
{
    private readonly SourceFile _file;

    /// <param name="path">The file's path; spans repeat it.</param>
    /// <param name="text">The file's text.</param>
    public LiteralPlaces(string path, string text) => _file = new SourceFile(path, text);

    /// <summary>The value of a literal (a string of any form, a number, a boolean) with its places.</summary>
    public CodeText Of(SyntaxToken literal)
    {
        var (start, end) = (literal.SpanStart, literal.Span.End);
        Quoting? quoting = literal.Kind() switch
        {
            SyntaxKind.StringLiteralToken => literal.Text.StartsWith("@", StringComparison.Ordinal) ? Quoting.Verbatim : Quoting.Double,
            SyntaxKind.SingleLineRawStringLiteralToken => Quoting.Raw,
            SyntaxKind.MultiLineRawStringLiteralToken => Quoting.Lines,
            _ => null,
        };
        return quoting is { } form
            ? ScalarMap.Map(_file, literal.ValueText.Replace("\r\n", "\n"), start, end, form)
            : CodeText.Inline(literal.Text, _file.Span(start, end));
    }

    /// <summary>The value of a constant that is no literal (a name, a sum): all of it is said to stand at the expression.</summary>
    public CodeText At(string value, SyntaxNode expression)
    {
        var (line, column) = _file.Position(expression.SpanStart);
        return new CodeText(_file.Path, value, [new CodeSegment(0, line, column)]);
    }

    /// <summary>The place of a node.</summary>
    public Text.SourceSpan Span(SyntaxNodeOrToken node) => _file.Span(node.SpanStart, node.Span.End);
}
