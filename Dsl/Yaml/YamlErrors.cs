using Notochord.Dsl.Text;

namespace Notochord.Dsl.Yaml;

/// <summary>What the YAML parser's messages mean for the writer of a declaration.</summary>
internal static class YamlErrors
{
    public const string InlineColon = "found invalid mapping";
    /// <summary>The message of an exception whose cause is reported already.</summary>
    public const string Reported = "reported";

    public const string OpenFlow = "did not find expected ',' or ";
    private const string QuoteIt = "Put the value in quotes.";

    // What may follow a backslash in double quotes.
    private const string KnownEscapes = "0abt\tnvfre \"/\\N_LPxuU\r\n";

    // The parser's words, what to say, how to fix it. The first that is contained counts.
    private static readonly (string Words, string Message, string? Fix)[] Known =
    [
        ("invalid tab as indentation", "A tab cannot indent.", "Use spaces."),
        ("tab character", "A tab cannot indent.", "Use spaces."),
        ("anchor that has no value", "An anchor without a value.", null),
        ("did not find expected ',' or ']'", "The list in brackets is not closed, or its item has brackets or quotes of its own.", "Close it with ']', or put the item in quotes."),
        ("did not find expected ',' or '}'", "The mapping in braces is not closed, or its value has brackets or quotes of its own.", "Close it with '}', or put the value in quotes."),
        ("did not find expected '-' indicator", "Expected another '- item' of the list that started above.", "Check the indentation."),
        ("Block sequence entries are not allowed", "A list item '- ' cannot start here.", "Start it on a new line, indented below its key."),
        ("expected key", "Expected 'key: value' here.", "Put a colon and a blank after the key, and check the indentation."),
        (InlineColon, "This line is indented deeper than the key above it, which has its value already.", "Indent both the same."),
        ("character that cannot start any token", "A plain value cannot start with this character.", QuoteIt),
        ("unknown escape character", "Unknown escape in double quotes.", "Write '\\\\' for a backslash, or use single quotes."),
        ("unexpected end of stream", "The quote that opens here is not closed.", "Add the closing quote."),
        ("wrong indentation", "The quoted value that starts here goes on over lines that are not indented under its key.", "Add the closing quote, or indent the lines."),
        ("unexpected document indicator", "The quote that opens here is not closed before the next document.", "Add the closing quote."),
        ("expected <document end>", "Expected the end of the document: this line is indented less than those above it.", "Check the indentation."),
        ("expected comment or line break", "Only a comment may follow '|' or '>' on its line.", "Start the text on the next line."),
        ("expected node content", "Expected a value here.", QuoteIt),
        ("could not find expected ':'", "Expected 'key: value'.", "Put a colon and a blank after the key."),
        ("simple key", "Expected 'key: value'.", "Put a colon and a blank after the key."),
    ];

    /// <summary>The message and the fix for what the parser said.</summary>
    public static (string Message, string? Fix) Explain(string words)
    {
        foreach (var (known, message, fix) in Known)
        {
            if (words.Contains(known)) return (message, fix);
        }

        return ($"{words.TrimEnd('.')}.", null);
    }

    /// <summary>Reports what the parser said of <paramref name="start"/>, or of the last place it reached.</summary>
    public static void Report(SourceFile file, string words, int start, int end, int reached, DiagnosticBag diagnostics)
    {
        var (message, fix) = Explain(words);
        if (words.Contains("expected key") && AfterClosing(file, start)) (message, fix) = ("Text after the end of a value.", "Put the whole value in quotes.");
        if (words.Contains(InlineColon) && LineWithoutColon(file, start) is { } above)
        {
            (message, fix) = ("Expected 'key: value' here.", "Put a colon and a blank after the key.");
            (start, end) = above;
        }

        if (words.Contains("escape") && Escape(file, start) is { } escape) (start, end) = (escape, escape + 2);
        if (message.Contains("tab") && Tab(file, reached) is { } tab) (start, end) = (tab, tab + 1);
        if (end > start && file.Text.IndexOf('\n', start, Math.Min(end, file.Text.Length) - start) is var newline and >= 0) end = newline;
        diagnostics.Add(Rules.Yaml, file.Span(start, Math.Max(end, start + 1)), message, fix);
    }

    private static bool AfterClosing(SourceFile file, int start)
    {
        var before = start - 1;
        while (before > 0 && file.Text[before] == ' ') before--;
        return before >= 0 && file.Text[before] is ']' or '}' or '"' or '\'';
    }

    // 'block f(int a)' without its colon takes the next line into its value, which is indented as it is itself.
    private static (int Start, int End)? LineWithoutColon(SourceFile file, int at)
    {
        var line = file.Position(at).Line;
        if (line == 1) return null;
        var (start, end) = Trimmed(file, line - 1);
        var colon = file.Text.IndexOf(':', start, end - start);
        return colon < 0 && start - file.Line(line - 1).Start == Trimmed(file, line).Start - file.Line(line).Start ? (start, end) : null;
    }

    private static (int Start, int End) Trimmed(SourceFile file, int line)
    {
        var (start, end) = file.Line(line);
        while (start < end && file.Text[start] == ' ') start++;
        return (start, end);
    }

    // The parser gives the start of the quoted value.
    private static int? Escape(SourceFile file, int start)
    {
        for (var i = file.Text.IndexOf('\\', start); i >= 0 && i + 1 < file.Text.Length; i = file.Text.IndexOf('\\', i + 2))
        {
            if (!KnownEscapes.Contains(file.Text[i + 1])) return i;
            if (i + 2 >= file.Text.Length) break;
        }

        return null;
    }

    // The parser does not say where the tab is: it is the first one that indents after the last place reached.
    private static int? Tab(SourceFile file, int reached)
    {
        for (var line = file.Position(reached).Line; line <= file.LineCount; line++)
        {
            var (start, end) = file.Line(line);
            for (var i = start; i < end && file.Text[i] is ' ' or '\t'; i++)
            {
                if (file.Text[i] == '\t') return i;
            }
        }

        return null;
    }
}
