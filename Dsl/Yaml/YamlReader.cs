using Notochord.Dsl.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Notochord.Dsl.Yaml;

/// <summary>A document of a file.</summary>
/// <param name="Root">Its top node.</param>
/// <param name="Partial">The rest of it could not be read, which is reported.</param>
internal sealed record YamlDocument(YamlNode Root, bool Partial);

/// <summary>Reads a file's documents. Whatever the text, the result is nodes and located diagnostics.</summary>
internal static class YamlReader
{
    private const int SizeLimit = 8 * 1024 * 1024;
    private const int RepairLimit = 50;

    /// <summary>The documents of <paramref name="text"/>. After a YAML error in one, what it said before and the other documents are read.</summary>
    public static IReadOnlyList<YamlDocument> Read(string path, string text, DiagnosticBag diagnostics)
    {
        if (text.Length > SizeLimit)
        {
            diagnostics.Add(Rules.Limit, new SourceSpan(path, 1, 1, 1, 1), $"The file has {text.Length:N0} characters; a declaration has at most {SizeLimit:N0}.");
            return [];
        }

        if (text.StartsWith("\uFEFF", StringComparison.Ordinal)) text = text.Substring(1);
        var file = new SourceFile(path, text);
        if (!IsText(file, diagnostics)) return [];

        var documents = new List<YamlDocument>();
        var size = 0;
        foreach (var (start, end) in Chunks(file))
        {
            if (!ReadChunk(file, start, end, ref size, documents, diagnostics)) break;
        }

        return documents;
    }

    private static bool IsText(SourceFile file, DiagnosticBag diagnostics)
    {
        var text = file.Text;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            string? problem = null;
            if (c == '\uFFFD') problem = "The text is not UTF-8 here.";
            else if (c is < ' ' and not ('\t' or '\n' or '\r') or '\u007F' or '\uFFFE' or '\uFFFF') problem = $"The control character U+{(int)c:X4} is not text.";
            else if (c == '\uFEFF') problem = "A byte order mark (U+FEFF) inside the file.";
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(c)) problem = "Half of a character (a lone surrogate).";
            if (problem is null) continue;
            diagnostics.Add(Rules.Yaml, file.Span(i, i + 1), problem, "Save the file as UTF-8 text.");
            return false;
        }

        return true;
    }

    // A line that starts with --- starts a document, whatever is around it; so an error in one document does not hide the next.
    private static IEnumerable<(int Start, int End)> Chunks(SourceFile file)
    {
        var from = 0;
        for (var line = 1; line <= file.LineCount; line++)
        {
            var (start, end) = file.Line(line);
            if (start <= from || end - start < 3 || string.CompareOrdinal(file.Text, start, "---", 0, 3) != 0) continue;
            if (end - start > 3 && !char.IsWhiteSpace(file.Text[start + 3])) continue;
            yield return (from, start);
            from = start;
        }

        yield return (from, file.Text.Length);
    }

    // False when the file is too large to go on with.
    private static bool ReadChunk(SourceFile file, int start, int end, ref int size, List<YamlDocument> documents, DiagnosticBag diagnostics)
    {
        var text = file.Text.Substring(start, end - start).ToCharArray();
        if (Directive(file, start, end, diagnostics)) return true;
        for (var repairs = 0; ; repairs++)
        {
            var found = new DiagnosticBag();
            var composer = new Composer(file, start, size, found);
            var read = new List<YamlDocument>();
            var parser = new Parser(new StringReader(new string(text)));
            try
            {
                while (parser.MoveNext())
                {
                    if (parser.Current is DocumentStart && composer.Document(parser) is { } node) read.Add(new YamlDocument(node, Partial: false));
                }
            }
            catch (YamlException e) when (repairs < RepairLimit && Repair.Try(file, start, text, e, diagnostics))
            {
                continue;
            }
#pragma warning disable CA1031 // The parser throws InvalidOperationException and others on broken text; each is a finding in the text.
            catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
            {
                if (e.Message != YamlErrors.Reported) Fail(file, start, composer, e, found);
                if (composer.Partial is { } partial) read.Add(new YamlDocument(partial, Partial: true));
            }

            documents.AddRange(read);
            diagnostics.AddRange(found.Items);
            size = composer.Size + 1;
            return !composer.Full;
        }
    }

    // A part before the first --- may hold nothing but comments and directives.
    private static bool Directive(SourceFile file, int start, int end, DiagnosticBag diagnostics)
    {
        if (start >= end || file.Text[start] != '%') return false;
        var line = file.Line(file.Position(start).Line);
        diagnostics.Add(Rules.Yaml, file.Span(line.Start, line.End), "A YAML directive is not part of the language.", "Remove the line.");
        return true;
    }

    private static void Fail(SourceFile file, int start, Composer composer, Exception e, DiagnosticBag diagnostics)
    {
        var reached = Math.Min(start + composer.Reached, file.Text.Length);
        if (e is YamlException { End.Index: > 0 } y)
        {
            YamlErrors.Report(file, y.Message, start + (int)y.Start.Index, start + (int)y.End.Index, reached, diagnostics);
            return;
        }

        if (composer.OpenBracket is { } open && e is not YamlException)
        {
            diagnostics.Add(Rules.Yaml, file.Span(start + open, start + open + 1), $"The '{file.Text[start + open]}' that opens here is not closed.", "Close it, or put the value in quotes.");
            return;
        }

        YamlErrors.Report(file, e is YamlException ? e.Message : "The YAML reader cannot go on from here", reached, reached + 1, reached, diagnostics);
    }
}
