using Microsoft.CodeAnalysis.CSharp;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>The small readings that every section shares.</summary>
internal static class Read
{
    /// <summary>An expression: a scalar's code, or a list in brackets. Null when it is none (with a diagnostic).</summary>
    public static Expr? Expression(YamlNode node, DiagnosticBag diagnostics)
    {
        switch (node)
        {
            case YamlScalar scalar:
                return ExpressionParser.Parse(scalar.Code, diagnostics);
            case YamlSequence sequence:
                var items = sequence.Items.Select(i => Expression(i, diagnostics)).ToList();
                return items.Contains(null) ? null : new ListExpr(items.Select(i => i!).ToEquatableArray(), sequence.Span);
            default:
                diagnostics.Add(Rules.WrongNode, node.Span, $"Expected an expression, found {node.Kind}.");
                return null;
        }
    }

    /// <summary>A name that code can call: a C# identifier.</summary>
    public static bool Identifier(YamlScalar scalar, string what, DiagnosticBag diagnostics)
    {
        if (SyntaxFacts.IsValidIdentifier(scalar.Value)) return true;
        diagnostics.Add(Rules.Syntax, scalar.Span, $"{what} is a C# identifier; found '{Shorten(scalar.Value)}'.", "Letters, digits and '_', the first no digit.");
        return false;
    }

    /// <summary>The name of an index, or <paramref name="fallback"/>.</summary>
    public static string Index(YamlScalar? scalar, string fallback, DiagnosticBag diagnostics) =>
        scalar is not null && Identifier(scalar, "The name of an index", diagnostics) ? scalar.Value : fallback;

    /// <summary>Names separated by commas, or a list of names.</summary>
    public static EquatableArray<NameExpr> Names(YamlNode? node, string what, DiagnosticBag diagnostics)
    {
        var names = new List<NameExpr>();
        foreach (var item in node is YamlSequence sequence ? sequence.Items : node is null ? default : [node])
        {
            if (item is not YamlScalar scalar)
            {
                diagnostics.Add(Rules.WrongNode, item.Span, $"Expected {what}, found {item.Kind}.");
                continue;
            }

            for (var start = 0; start <= scalar.Value.Length;)
            {
                var comma = scalar.Value.IndexOf(',', start);
                var end = comma < 0 ? scalar.Value.Length : comma;
                Name(scalar.Code.Slice(start, end), what, names, diagnostics);
                start = end + 1;
            }
        }

        return names.ToEquatableArray();
    }

    /// <summary>The first <paramref name="limit"/> characters of a value, for a message.</summary>
    public static string Shorten(string text, int limit = 40)
    {
        text = text.Replace("\r", "").Replace('\n', ' ');
        return text.Length <= limit ? text : text.Substring(0, limit - 3) + "...";
    }

    private static void Name(CodeText code, string what, List<NameExpr> names, DiagnosticBag diagnostics)
    {
        var span = code.Locate(0, code.Text.Length);
        if (code.Text.Length == 0 || !code.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            diagnostics.Add(Rules.Syntax, span, $"Expected {what}, found '{Shorten(code.Text)}'.");
            return;
        }

        if (names.Exists(n => n.Name == code.Text)) diagnostics.Add(Rules.DuplicateName, span, $"'{code.Text}' is named twice.");
        else names.Add(new NameExpr(code.Text, span));
    }

    /// <summary>Names with static values.</summary>
    public static EquatableArray<Definition> Definitions(EquatableArray<YamlEntry> entries, DiagnosticBag diagnostics) =>
        Each(entries, "an expression", diagnostics, e => Expression(e.Value, diagnostics) is { } value ? new Definition(e.Key.Value, value, e.Key.Span) : null);

    /// <summary>Reads each entry of a mapping by <paramref name="read"/>; entries that cannot be read are left out, as are those whose name <paramref name="isNamed"/> (else: an identifier) refuses.</summary>
    public static EquatableArray<T> Each<T>(EquatableArray<YamlEntry> entries, string what, DiagnosticBag diagnostics, Func<YamlEntry, T?> read, Func<YamlScalar, bool>? isNamed = null)
        where T : class
    {
        var result = new List<T>();
        foreach (var entry in entries)
        {
            if (entry.Value is YamlScalar { IsEmpty: true })
            {
                diagnostics.Add(Rules.WrongNode, entry.Key.Span, $"'{entry.Key.Value}' has no value; expected {what}.");
            }
            else if ((isNamed?.Invoke(entry.Key) == true || Identifier(entry.Key, "A name here", diagnostics)) && read(entry) is { } item)
            {
                result.Add(item);
            }
        }

        return result.ToEquatableArray();
    }

    /// <summary>Reports names that one block declares twice. Static values (parameters, definitions) are one namespace, what forward sees as tensors and
    /// modules another: a linear layer has a parameter <c>bias</c>, which says whether there is a tensor <c>bias</c>.</summary>
    public static void CheckNames(Block block, DiagnosticBag diagnostics)
    {
        CheckNames(Statics(block), diagnostics);
        CheckNames(Members(block), diagnostics);
    }

    private static void CheckNames(IEnumerable<(string Name, string What, SourceSpan Span)> names, DiagnosticBag diagnostics)
    {
        var declared = new Dictionary<string, (string What, SourceSpan Span)>();
        foreach (var (name, what, span) in names)
        {
            if (declared.TryGetValue(name, out var first))
            {
                diagnostics.Add(Rules.DuplicateName, span, $"'{name}' is declared twice: as {what} here and as {first.What} in line {first.Span.Line}.", "Rename one of them.");
            }
            else
            {
                declared.Add(name, (what, span));
            }
        }
    }

    private static IEnumerable<(string Name, string What, SourceSpan Span)> Statics(Block block) =>
    [
        .. block.Params.Select(p => (p.Name, "a parameter", p.Span)),
        .. block.Definitions.Select(d => (d.Name, "a definition", d.Span)),
    ];

    private static IEnumerable<(string Name, string What, SourceSpan Span)> Members(Block block) =>
    [
        .. block.Inputs.Where(i => i.Name is not null).Select(i => (i.Name!, "an input", i.Span)),
        .. block.Modules.Select(m => (m.Name, "a module", m.Span)),
        .. block.Parameters.Select(p => (p.Name, "a parameter tensor", p.Span)),
        .. block.Buffers.Select(b => (b.Name, "a buffer", b.Span)),
        .. block.Constants.Select(c => (c.Name, "a constant", c.Span)),
    ];
}
