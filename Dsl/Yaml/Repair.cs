using Notochord.Dsl.Text;
using YamlDotNet.Core;

namespace Notochord.Dsl.Yaml;

/// <summary>Hides a character that ended a plain value by mistake, so that the rest of the file can be read and what it says is known.</summary>
internal static class Repair
{
    // Private-use characters that stand for the hidden ones, at the same place.
    private const string Hidden = ":[]";
    private const char First = '\uE000';
    private const char HiddenClose = (char)(First + 2);

    /// <summary>The value with hidden characters shown again.</summary>
    public static string Restore(string value)
    {
        foreach (var c in Hidden) value = value.Replace(Hide(c), c);
        return value;
    }

    /// <summary>Reports what stopped the parser and hides it; false when it is something else.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where in it the text starts.</param>
    /// <param name="text">The text that the parser reads.</param>
    /// <param name="e">What the parser said.</param>
    /// <param name="diagnostics">Where findings go.</param>
    public static bool Try(SourceFile file, int offset, char[] text, YamlException e, DiagnosticBag diagnostics)
    {
        var at = (int)e.Start.Index;
        if (at <= 0 || at >= text.Length) return false;
        return text[at] switch
        {
            ':' when e.Message.Contains(YamlErrors.InlineColon) => Colon(file, offset, text, at, diagnostics),
            '[' when e.Message.Contains(YamlErrors.OpenFlow) => Bracket(file, offset, text, at, diagnostics),
            _ => false,
        };
    }

    // f(a: 1), c ? a : b: the blank after the colon ends a plain value.
    private static bool Colon(SourceFile file, int offset, char[] text, int at, DiagnosticBag diagnostics)
    {
        var (line, column) = file.Position(offset + at);
        var (start, end) = file.Line(line);
        var before = file.Text.Substring(start, column - 1);
        if (!before.Contains(": ") && !before.Contains("- ")) return false;
        diagnostics.Add(Rules.Yaml, file.Span(offset + at, offset + at + 1), "': ' ends a plain value in YAML.", ColonFix(before, file.Text.Substring(offset + at + 1, end - offset - at - 1)));
        text[at] = Hide(':');
        return true;
    }

    /// <summary>How to write a plain value that the colon after <paramref name="before"/> ended.</summary>
    public static string ColonFix(string before, string after)
    {
        const string quote = "put the value in quotes.";
        var word = before.Length;
        while (word > 0 && (char.IsLetterOrDigit(before[word - 1]) || before[word - 1] == '_')) word--;
        var inCall = before.LastIndexOf('(') > before.LastIndexOf(')') && !before.Contains("?") && !before.Contains("\"") && word < before.Length;
        return inCall ? $"Write '{before.Substring(word)}={after.TrimStart().Split(',', ')')[0]}', or {quote}" : char.ToUpperInvariant(quote[0]) + quote.Substring(1);
    }

    // { use: f(a[0]) }: a bracket inside a plain value that stands in brackets or braces.
    private static bool Bracket(SourceFile file, int offset, char[] text, int at, DiagnosticBag diagnostics)
    {
        if (!char.IsLetterOrDigit(text[at - 1]) && text[at - 1] is not ('_' or ')' or HiddenClose)) return false;
        var close = Array.IndexOf(text, ']', at);
        if (close < 0 || Array.IndexOf(text, '\n', at, close - at) >= 0) return false;
        var inner = Array.LastIndexOf(text, '[', close);
        diagnostics.Add(Rules.Yaml, file.Span(offset + at, offset + at + 1), "A '[' inside a plain value that stands in brackets or braces.", "Put the value in quotes.");
        text[inner] = Hide('[');
        text[close] = Hide(']');
        return true;
    }

    private static char Hide(char c) => (char)(First + Hidden.IndexOf(c));
}
