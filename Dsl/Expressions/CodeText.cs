using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>From <paramref name="Offset"/> on, the characters of a <see cref="CodeText"/> stand one after another from this place on.</summary>
/// <param name="Offset">Index into the text.</param>
/// <param name="Line">The file's line, from 1.</param>
/// <param name="Column">The column of the character at the offset, from 1.</param>
public readonly record struct CodeSegment(int Offset, int Line, int Column);

/// <summary>A piece of C# from a file, with where its characters stand there.</summary>
/// <param name="File">The file.</param>
/// <param name="Text">The code, lines separated by <c>\n</c>.</param>
/// <param name="Segments">Runs of characters that are adjacent in the file, by offset: a new one after each line end, fold and escape.</param>
public sealed record CodeText(string File, string Text, EquatableArray<CodeSegment> Segments)
{
    /// <summary>Code on one line that starts at <paramref name="span"/>.</summary>
    public static CodeText Inline(string text, SourceSpan span) => new(span.File, text, [new CodeSegment(0, span.Line, span.Column)]);

    /// <summary>The place of characters [<paramref name="start"/>, <paramref name="end"/>) of the text.</summary>
    public SourceSpan Locate(int start, int end)
    {
        start = Math.Max(0, Math.Min(start, Text.Length));
        end = Math.Max(start, Math.Min(end, Text.Length));
        var (line, column) = Position(start);
        if (end == start) return new SourceSpan(File, line, column, line, column);
        // After the last character, which need not be where the next one stands.
        var (endLine, endColumn) = Position(end - 1);
        return new SourceSpan(File, line, column, endLine, endColumn + 1);
    }

    /// <summary>The part of the code from <paramref name="start"/> on, without the blanks around it.</summary>
    public CodeText Slice(int start) => Slice(start, Text.Length);

    /// <summary>The part of the code in [<paramref name="start"/>, <paramref name="end"/>), without the blanks around it.</summary>
    public CodeText Slice(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(Text[start])) start++;
        while (end > start && char.IsWhiteSpace(Text[end - 1])) end--;
        var (line, column) = Position(start);
        var segments = new List<CodeSegment> { new(0, line, column) };
        segments.AddRange(Segments.Where(s => s.Offset > start && s.Offset < end).Select(s => s with { Offset = s.Offset - start }));
        return new CodeText(File, Text.Substring(start, end - start), segments.ToEquatableArray());
    }

    /// <summary>The code between <paramref name="before"/> and <paramref name="after"/>, which stand nowhere in the file.</summary>
    public CodeText Wrap(string before, string after)
    {
        var (line, column) = Position(0);
        var segments = Segments.Where(s => s.Offset > 0).Select(s => s with { Offset = s.Offset + before.Length });
        return new CodeText(File, before + Text + after, [new CodeSegment(0, line, column - before.Length), .. segments]);
    }

    private (int Line, int Column) Position(int offset)
    {
        if (Segments.Count == 0) return (1, offset + 1);
        var (low, high) = (0, Segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Segments[middle].Offset <= offset) low = middle;
            else high = middle - 1;
        }

        return (Segments[low].Line, Segments[low].Column + offset - Segments[low].Offset);
    }
}
