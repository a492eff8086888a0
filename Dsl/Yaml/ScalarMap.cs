using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Yaml;

/// <summary>How a value is written in its file.</summary>
internal enum Quoting
{
    /// <summary>Plain YAML.</summary>
    None,

    /// <summary>YAML in <c>'</c>; a quote is doubled.</summary>
    Single,

    /// <summary>YAML or C# in <c>"</c>, with escapes.</summary>
    Double,

    /// <summary>Lines below the one that it starts in: YAML's <c>|</c> and <c>&gt;</c>, C#'s raw strings of several lines.</summary>
    Lines,

    /// <summary>C#'s <c>@""</c>; a quote is doubled.</summary>
    Verbatim,

    /// <summary>C#'s raw string on one line.</summary>
    Raw,
}

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
    /// <param name="quoting">How it is written.</param>
    public static CodeText Map(SourceFile file, string value, int start, int end, Quoting quoting)
    {
        var text = file.Text;
        end = Math.Min(end, text.Length);
        var j = Content(text, start, end, quoting);
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
                j = SkipBlanks(text, j, end, quoting);
                length = j < end ? Length(text, j, quoting) : 0;
            }
            else if (j >= end || text[j] != value[i])
            {
                // A fold or a removed line end: it has no character of its own; the next visible one finds its place again.
                length = j < end && quoting == Quoting.Double && text[j] == '\\' ? Length(text, j, quoting) : 0;
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
    private static int Content(string text, int start, int end, Quoting quoting)
    {
        var j = start;
        while (j < end && text[j] is '&' or '!')
        {
            while (j < end && !char.IsWhiteSpace(text[j])) j++;
            while (j < end && char.IsWhiteSpace(text[j])) j++;
        }

        if (quoting is Quoting.Single or Quoting.Double) return Math.Min(end, j + 1);
        if (quoting == Quoting.Verbatim) return Math.Min(end, j + 2);
        if (quoting == Quoting.Raw)
        {
            while (j < end && text[j] == '"') j++;
            return j;
        }

        if (quoting == Quoting.Lines)
        {
            while (j < end && !SourceFile.IsBreak(text[j])) j++;
            if (j + 1 < end && text[j] == '\r' && text[j + 1] == '\n') j++;
            return Math.Min(end, j + 1);
        }

        return j;
    }

    private static int SkipBlanks(string text, int j, int end, Quoting quoting)
    {
        while (j < end)
        {
            if (char.IsWhiteSpace(text[j])) j++;
            else if (quoting == Quoting.Double && text[j] == '\\' && j + 1 < end && (char.IsWhiteSpace(text[j + 1]) || BlankEscapes.Contains(text[j + 1]))) j += 2;
            else break;
        }

        return j;
    }

    // How many characters of the file one character of the value takes.
    private static int Length(string text, int j, Quoting quoting)
    {
        if ((quoting == Quoting.Single && text[j] == '\'') || (quoting == Quoting.Verbatim && text[j] == '"')) return 2;
        if (quoting != Quoting.Double || text[j] != '\\' || j + 1 >= text.Length) return 1;
        return text[j + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
    }
}
