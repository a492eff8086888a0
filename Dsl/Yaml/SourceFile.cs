using Notochord.Dsl.Text;

namespace Notochord.Dsl.Yaml;

/// <summary>A file's text with its line starts.</summary>
internal sealed class SourceFile
{
    private readonly List<int> _starts = [0];

    public SourceFile(string path, string text)
    {
        (Path, Text) = (path, text);
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsBreak(text[i])) continue;
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            _starts.Add(i + 1);
        }
    }

    public string Path { get; }

    public string Text { get; }

    public int LineCount => _starts.Count;

    /// <summary>Line ends of YAML 1.1, which are those of C# as well.</summary>
    public static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    public (int Line, int Column) Position(int offset)
    {
        var row = _starts.BinarySearch(offset);
        if (row < 0) row = ~row - 1;
        return (row + 1, offset - _starts[row] + 1);
    }

    /// <summary>The index of a span's first character.</summary>
    public int Offset(SourceSpan span) => _starts[span.Line - 1] + span.Column - 1;

    /// <summary>How many characters a span has.</summary>
    public int Length(SourceSpan span) => _starts[span.EndLine - 1] + span.EndColumn - 1 - Offset(span);

    public SourceSpan Span(int start, int end)
    {
        start = Math.Max(0, Math.Min(start, Text.Length));
        end = Math.Max(start, Math.Min(end, Text.Length));
        var (line, column) = Position(start);
        var (endLine, endColumn) = Position(end);
        return new SourceSpan(Path, line, column, endLine, endColumn);
    }

    /// <summary>Where line <paramref name="line"/> (from 1) starts and ends, without its line end.</summary>
    public (int Start, int End) Line(int line)
    {
        var start = _starts[line - 1];
        var end = line < _starts.Count ? _starts[line] : Text.Length;
        while (end > start && IsBreak(Text[end - 1])) end--;
        return (start, end);
    }
}
