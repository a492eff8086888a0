using System.Globalization;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes XML documentation from declarations.</summary>
internal static class Documentation
{
    private const int Width = 120;

    /// <summary>What a block is, where it is published, what goes in and comes out, and where it is declared.</summary>
    public static void Write(SourceWriter writer, Block block)
    {
        var doc = block.Doc?.Trim();
        Element(writer, "summary", string.IsNullOrEmpty(doc) ? block.Name : doc!);
        writer.Line("/// <remarks>");
        var outputs = block.Outputs.Count == 0 ? "" : $" to <c>{Naming.Xml(DeclarationText.Of(block.Outputs))}</c>";
        writer.Line($"/// <c>{Naming.Xml(DeclarationText.Of(block.Inputs))}</c>{outputs}.");
        if (!string.IsNullOrWhiteSpace(block.Paper)) foreach (var line in Split(block.Paper!)) writer.Line($"/// {line}");
        writer.Line($"/// Declared as <c>{Naming.Xml(block.Name)}</c> in {block.Span.FileName}, line {block.Span.Line.ToString(CultureInfo.InvariantCulture)}.");
        writer.Line("/// </remarks>");
    }

    /// <summary>One element, on one line where its text is.</summary>
    public static void Element(SourceWriter writer, string name, string text)
    {
        var lines = Split(text);
        if (lines.Length == 1)
        {
            writer.Line($"/// <{name}>{lines[0]}</{name}>");
            return;
        }

        writer.Line($"/// <{name}>");
        foreach (var line in lines) writer.Line($"/// {line}".TrimEnd());
        writer.Line($"/// </{name}>");
    }

    private static string[] Split(string text) => [.. Naming.Xml(text.Trim()).Replace("\r", "").Split('\n').SelectMany(l => Wrap(l.Trim()))];

    private static IEnumerable<string> Wrap(string line)
    {
        while (line.Length > Width && line.LastIndexOf(' ', Width) is var at and > 0)
        {
            yield return line.Substring(0, at);
            line = line.Substring(at + 1);
        }

        yield return line;
    }
}
