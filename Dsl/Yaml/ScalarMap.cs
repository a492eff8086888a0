using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Yaml;

/// <summary>Finds where each character of a scalar's value stands in the file, by walking value and source together.</summary>
internal static class ScalarMap
{
    // After a backslash: line ends, tabs and spaces.
    private const string BlankEscapes = "tnrvfNLP_";

    /// <summary>The value with its places.</summary>
    /// <param name="file">The file.</param>
    /// <param name="value">What YAML read.</param>
    /// <param name="start">Where the scalar starts in the file, with its anchor and tag.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="quote"><c>'</c>, <c>"</c>, or a blank for a plain scalar, or <c>|</c> for lines.</param>
    public static CodeText Map(SourceFile file, string value, int start, int end, char quote)
    {
        var text = file.Text;
        end = Math.Min(end, text.Length);
        var j = Content(text, start, end, quote);
        var segments = new List<CodeSegment>();
        var expected = -1;
        for (var i = 0; i < value.Length; i++)
        {
            var length = 1;
            if (char.IsLowSurrogate(value[i]) && (j >= end || text[j] != value[i]))
            {
                length = 0; // The second half of an escape \U.
            }
            else if (!char.IsWhiteSpace(value[i]))
            {
                j = SkipBlanks(text, j, end, quote);
                length = j < end ? Length(text, j, quote) : 0;
            }
            else if (j >= end || text[j] != value[i])
            {
                // A fold or a removed line end: it has no character of its own; the next visible one finds its place again.
                length = j < end && quote == '"' && text[j] == '\\' ? Length(text, j, quote) : 0;
            }

            if (j != expected || i == 0)
            {
                var (line, column) = file.Position(j);
                segments.Add(new CodeSegment(i, line, column));
            }

            expected = j + 1;
            j += length;
            if (length != 1 || value[i] == '\n') expected = -1;
        }

        if (segments.Count == 0)
        {
            var (line, column) = file.Position(j);
            segments.Add(new CodeSegment(0, line, column));
        }

        return new CodeText(file.Path, value, segments.ToEquatableArray());
    }

    // After anchor, tag, the opening quote, or the line of | or >.
    private static int Content(string text, int start, int end, char quote)
    {
        var j = start;
        while (j < end && text[j] is '&' or '!')
        {
            while (j < end && !char.IsWhiteSpace(text[j])) j++;
            while (j < end && char.IsWhiteSpace(text[j])) j++;
        }

        if (quote is '\'' or '"') return Math.Min(end, j + 1);
        if (quote == '|')
        {
            while (j < end && !SourceFile.IsBreak(text[j])) j++;
            if (j + 1 < end && text[j] == '\r' && text[j + 1] == '\n') j++;
            return Math.Min(end, j + 1);
        }

        return j;
    }

    private static int SkipBlanks(string text, int j, int end, char quote)
    {
        while (j < end)
        {
            if (char.IsWhiteSpace(text[j])) j++;
            else if (quote == '"' && text[j] == '\\' && j + 1 < end && (char.IsWhiteSpace(text[j + 1]) || BlankEscapes.Contains(text[j + 1]))) j += 2;
            else break;
        }

        return j;
    }

    // How many characters of the file one character of the value takes.
    private static int Length(string text, int j, char quote)
    {
        if (quote == '\'' && text[j] == '\'') return 2;
        if (quote != '"' || text[j] != '\\' || j + 1 >= text.Length) return 1;
        return text[j + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
    }
}
