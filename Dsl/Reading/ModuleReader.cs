using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads module entries: applications, chains, repetitions, conditions.</summary>
internal static class ModuleReader
{
    /// <summary>The modules of a mapping, in order.</summary>
    public static EquatableArray<ModuleDeclaration> Modules(EquatableArray<YamlEntry> entries, DiagnosticBag diagnostics, bool digits = false)
    {
        var modules = new List<ModuleDeclaration>();
        foreach (var entry in entries)
        {
            if (Module(entry, diagnostics, digits) is { } module) modules.Add(module);
        }

        return modules.ToEquatableArray();
    }

    /// <summary>One named module; null when it cannot be read.</summary>
    /// <param name="entry">Name and entry.</param>
    /// <param name="diagnostics">Where findings go.</param>
    /// <param name="digits">The name may be a number: a child of a chain.</param>
    public static ModuleDeclaration? Module(YamlEntry entry, DiagnosticBag diagnostics, bool digits = false)
    {
        var named = (digits && entry.Key.Value.Length > 0 && entry.Key.Value.All(char.IsDigit)) || Read.Identifier(entry.Key, "The name of a module", diagnostics);
        return Entry(entry.Value, entry.Key.Span, diagnostics) is { } read && named ? new ModuleDeclaration(entry.Key.Value, read, entry.Key.Span) : null;
    }

    /// <summary>An entry; null when it cannot be read.</summary>
    public static ModuleEntry? Entry(YamlNode node, SourceSpan key, DiagnosticBag diagnostics)
    {
        switch (node)
        {
            case YamlScalar { IsEmpty: true }:
                diagnostics.Add(Rules.WrongNode, key, "Expected a module, such as linear(dim, hidden), found nothing.", "Write 'none' for an absent module.");
                return null;
            case YamlScalar scalar:
                return ExpressionParser.Parse(scalar.Code, diagnostics) is { } e ? Use(e, diagnostics) : null;
            case YamlSequence sequence:
                var items = new List<ModuleDeclaration>();
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    if (Entry(sequence.Items[i], sequence.Items[i].Span, diagnostics) is { } item) items.Add(new ModuleDeclaration($"{i}", item, item.Span));
                }

                return new ChainEntry(items.ToEquatableArray(), sequence.Span);
            case YamlMapping mapping when IsControl(mapping, "repeat", Places.Repeat):
                return Repeat(new Fields(mapping, Places.Repeat, diagnostics), diagnostics);
            case YamlMapping mapping when IsControl(mapping, "when", Places.When):
                return When(new Fields(mapping, Places.When, diagnostics), diagnostics);
            case YamlMapping mapping:
                return new ChainEntry(Modules(mapping.Entries, diagnostics, digits: true), mapping.Span);
            default:
                return null;
        }
    }

    /// <summary>Whether a mapping is one of the forms with keys of the language, not a chain with names of the user.</summary>
    public static bool IsControl(YamlNode? node) =>
        node is YamlMapping mapping && (IsControl(mapping, "repeat", Places.Repeat) || IsControl(mapping, "when", Places.When));

    /// <summary>A template of names such as <c>layer{i + 1}</c>; null when it is none (with a diagnostic).</summary>
    public static InterpolationExpr? Template(YamlScalar scalar, DiagnosticBag diagnostics)
    {
        if (scalar.Value.IndexOfAny(['"', '\\', '\n']) < 0 && ExpressionParser.Parse(scalar.Code.Wrap("$\"", "\""), new DiagnosticBag()) is InterpolationExpr template
            && template.Parts.Any(p => p is not StringLiteral))
        {
            return template;
        }

        diagnostics.Add(Rules.Syntax, scalar.Span, $"Expected a template of names such as layer{{i + 1}}; found '{Read.Shorten(scalar.Value)}'.");
        return null;
    }

    private static bool IsControl(YamlMapping mapping, string key, Place place) =>
        mapping.Entries.Any(e => e.Key.Value == key) || (mapping.Entries.Count > 1 && mapping.Entries.All(e => place.Keys.Any(k => k.Name == e.Key.Value)));

    private static ModuleEntry? Use(Expr e, DiagnosticBag diagnostics)
    {
        if (e is ListExpr list)
        {
            var items = new List<ModuleDeclaration>();
            for (var i = 0; i < list.Items.Count; i++)
            {
                if (Use(list.Items[i], diagnostics) is { } item) items.Add(new ModuleDeclaration($"{i}", item, item.Span));
            }

            return new ChainEntry(items.ToEquatableArray(), list.Span);
        }

        if (Wrong(e) is not { } wrong) return new UseEntry(e, e.Span);
        diagnostics.Add(Rules.Unsupported, wrong.Span, "Expected a module: a block with arguments, a conditional 'c ? a : b' of such, or 'none'.",
            wrong is CallExpr { Callee: MemberExpr { Target: NameExpr target, Name: var name } } && Suggest.Nearest(name, [AppliedArchitecture.Features]) is not null ? $"The levels of an architecture are {target.Name}.{AppliedArchitecture.Features}(..)." : null);
        return null;
    }

    private static Expr? Wrong(Expr e) => e switch
    {
        NameExpr or NoneLiteral or CallExpr { Callee: NameExpr } => null,
        // The trunk of an architecture.
        { } trunk when AppliedArchitecture.NamesTrunk(trunk) => null,
        ConditionalExpr c => Wrong(c.Then) ?? Wrong(c.Else),
        _ => e,
    };

    private static RepeatEntry? Repeat(Fields fields, DiagnosticBag diagnostics)
    {
        var index = Read.Index(fields.Scalar("as"), "i", diagnostics);
        var names = fields.Scalar("name") is { } name ? Template(name, diagnostics) : null;
        var count = fields["repeat"] is { } repeat ? Read.Expression(repeat, diagnostics) : null;
        var body = fields["block"] is { } block ? Entry(block, fields.Span("block"), diagnostics) : null;
        return count is not null && body is not null ? new RepeatEntry(count, index, body, names, fields.Mapping.Span) : null;
    }

    private static WhenEntry? When(Fields fields, DiagnosticBag diagnostics)
    {
        var condition = fields["when"] is { } when ? Read.Expression(when, diagnostics) : null;
        var then = fields["use"] is { } use ? Entry(use, fields.Span("use"), diagnostics) : null;
        var otherwise = fields["else"] is { } other ? Entry(other, fields.Span("else"), diagnostics) : null;
        return condition is not null && then is not null ? new WhenEntry(condition, then, otherwise, fields.Mapping.Span) : null;
    }
}
