using System.Text.RegularExpressions;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Attributes;

/// <summary>Takes the text of attribute arguments apart: <c>a = 1, b = [2, 3]</c>.</summary>
internal static class Pieces
{
    private static readonly Regex Assignment = new(@"^\s*(?:(?<type>[A-Za-z]+(?:\s*\[\s*\])?)\s+)?(?<name>[^\s=]+)\s*=(?!=)", RegexOptions.CultureInvariant);

    /// <summary>The parts between commas outside brackets and quotes.</summary>
    public static IEnumerable<CodeText> Split(CodeText code)
    {
        var start = 0;
        while (start < code.Text.Length)
        {
            var end = Call.End(code.Text, start, trim: false) ?? code.Text.Length;
            if (end < code.Text.Length && code.Text[end] != ',') end = code.Text.Length;
            yield return code.Slice(start, end);
            start = end + 1;
        }
    }

    /// <summary>A scalar node of code.</summary>
    public static YamlScalar Scalar(CodeText code) => new(code, ScalarForm.Plain, code.Locate(0, code.Text.Length));

    /// <summary>A list node of the parts.</summary>
    public static YamlSequence List(IEnumerable<CodeText> codes, SourceSpan span) => new(codes.SelectMany(Split).Select(c => (YamlNode)Scalar(c)).ToEquatableArray(), Flow: true, span);

    /// <summary>Entries of <c>name = value</c>, or of <c>type name = value</c>, whose value keeps the type before it as in YAML.</summary>
    public static IEnumerable<YamlEntry> Assignments(CodeText code, bool typed, DiagnosticBag diagnostics)
    {
        foreach (var part in Split(code))
        {
            var match = Assignment.Match(part.Text);
            if (!match.Success || match.Groups["type"].Success != typed)
            {
                diagnostics.Add(Rules.Attribute, part.Locate(0, part.Text.Length), $"Expected '{(typed ? "type name = value" : "name = value")}', found '{Reading.Read.Shorten(part.Text)}'.",
                    typed ? "For example: int dim = 96, int[] depths = [2, 2], block norm = layer_norm." : "For example: dim = 96, depths = [2, 2].");
                continue;
            }

            var name = match.Groups["name"];
            var value = part.Slice(match.Length);
            if (typed)
            {
                if (!Known(part, match.Groups["type"], diagnostics)) continue;
                value = Typed(part, match.Groups["type"], value);
            }

            yield return new YamlEntry(Scalar(part.Slice(name.Index, name.Index + name.Length)), Scalar(value));
        }
    }

    private static bool Known(CodeText part, Group type, DiagnosticBag diagnostics)
    {
        var word = Word(type);
        if (SignatureParser.Types.ContainsKey(word)) return true;
        diagnostics.Add(Rules.Type, part.Locate(type.Index, type.Index + type.Length), $"Unknown parameter type '{word}'; expected one of {string.Join(", ", SignatureParser.Types.Keys)}.", Suggest.Nearest(word, SignatureParser.Types.Keys));
        return false;
    }

    private static string Word(Group type) => string.Concat(type.Value.Where(c => !char.IsWhiteSpace(c)));

    // int[] [2, 2]: as YAML writes a value whose type does not follow.
    private static CodeText Typed(CodeText part, Group type, CodeText value)
    {
        var word = Word(type) + " ";
        var place = part.Locate(type.Index, type.Index);
        return new CodeText(part.File, word + value.Text,
            [new CodeSegment(0, place.Line, place.Column), .. value.Segments.Select(s => s with { Offset = s.Offset + word.Length })]);
    }
}
