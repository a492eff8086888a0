using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>A piece of C# from a file, with where each of its lines starts there.</summary>
/// <param name="File">The file.</param>
/// <param name="Text">The code, lines separated by <c>\n</c>.</param>
/// <param name="Lines">For each line of <paramref name="Text"/>, the file's line and the column of its first character, from 1.</param>
public sealed record CodeText(string File, string Text, EquatableArray<(int Line, int Column)> Lines)
{
    /// <summary>Code on one line that starts at <paramref name="span"/>.</summary>
    public static CodeText Inline(string text, SourceSpan span) => new(span.File, text, [(span.Line, span.Column)]);

    /// <summary>The place of characters [<paramref name="start"/>, <paramref name="end"/>) of the text.</summary>
    public SourceSpan Locate(int start, int end)
    {
        var (line, column) = Position(Math.Min(start, Text.Length));
        var (endLine, endColumn) = Position(Math.Min(Math.Max(start, end), Text.Length));
        return new SourceSpan(File, line, column, endLine, endColumn);
    }

    private (int Line, int Column) Position(int offset)
    {
        var row = 0;
        var start = 0;
        for (var i = Text.IndexOf('\n'); i >= 0 && i < offset; i = Text.IndexOf('\n', i + 1))
        {
            row++;
            start = i + 1;
        }

        var (line, column) = Lines.Count == 0 ? (1, 1) : Lines[Math.Min(row, Lines.Count - 1)];
        return (line, column + offset - start);
    }
}
