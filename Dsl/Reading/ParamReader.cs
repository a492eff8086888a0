using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads <c>params</c> and <c>variants</c>: literals, whose type follows from how they are written or stands before them.</summary>
internal static class ParamReader
{
    private static readonly Dictionary<string, string> NoBooleans = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = "true",
        ["yes"] = "true",
        ["on"] = "true",
        ["false"] = "false",
        ["no"] = "false",
        ["off"] = "false",
    };

    /// <summary>A declared parameter with its type and value; null when it cannot be read.</summary>
    public static Param? Declared(YamlEntry entry, DiagnosticBag diagnostics)
    {
        if (Prefix(entry.Value) is { } typed)
        {
            var given = Value(new YamlScalar(typed.Code, ScalarForm.Plain, typed.Code.Locate(0, typed.Code.Text.Length)), diagnostics);
            return given is not null && Convert(entry.Key.Value, given, typed.Type, diagnostics) is { } converted
                ? new Param(entry.Key.Value, typed.Type, converted, entry.Key.Span) : null;
        }

        if (Value(entry.Value, diagnostics) is not { } value || Infer(value, diagnostics) is not { } type) return null;
        return Convert(entry.Key.Value, value, type, diagnostics) is { } result ? new Param(entry.Key.Value, type, result, entry.Key.Span) : null;
    }

    /// <summary>Values for parameters that are declared: those of a variant.</summary>
    public static EquatableArray<ParamOverride> Overrides(EquatableArray<YamlEntry> entries, EquatableArray<Param> parameters, DiagnosticBag diagnostics) =>
        Read.Each(entries, "a value", diagnostics, e => Override(e, parameters, diagnostics));

    /// <summary>The declared parameter of this name; null when there is none (with a diagnostic).</summary>
    public static Param? Find(string name, SourceSpan span, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        if (parameters.FirstOrDefault(p => p.Name == name) is { } found) return found;
        var known = parameters.Count == 0 ? "there are none" : $"there are {string.Join(", ", parameters.Select(p => p.Name))}";
        diagnostics.Add(Rules.UnknownName, span, $"'{name}' is no parameter; {known}.", Suggest.Nearest(name, parameters.Select(p => p.Name)));
        return null;
    }

    /// <summary><paramref name="value"/> as a <paramref name="type"/>; null when it is none (with a diagnostic). Integers become doubles, words strings where those are expected.</summary>
    public static Expr? Convert(string name, Expr value, ParamType type, DiagnosticBag diagnostics)
    {
        if (Element(type) is { } element && value is ListExpr list)
        {
            var items = list.Items.Select((item, i) => Convert($"{name}[{i}]", item, element, diagnostics)).ToList();
            return items.Contains(null) ? null : list with { Items = items.Select(i => i!).ToEquatableArray() };
        }

        switch (type, value)
        {
            case (ParamType.Int, IntLiteral) or (ParamType.Double, DoubleLiteral) or (ParamType.Bool, BoolLiteral) or (ParamType.String, StringLiteral):
            case (ParamType.Block, NameExpr or NoneLiteral or CallExpr { Callee: NameExpr }):
                return value;
            case (ParamType.Double, IntLiteral i):
                return new DoubleLiteral(i.Value, i.Span);
            case (ParamType.String, NameExpr word):
                return new StringLiteral(word.Name, word.Span);
            case (ParamType.Block, StringLiteral quoted):
                return ExpressionParser.Parse(CodeText.Inline(quoted.Value, quoted.Span with { Column = quoted.Span.Column + 1 }), diagnostics) is { } parsed and not StringLiteral
                    ? Convert(name, parsed, type, diagnostics) : null;
            default:
                diagnostics.Add(Rules.Type, value.Span, $"'{name}' is {Word(type)}; found {Describe(value)}.", Advice(type, value));
                return null;
        }
    }

    /// <summary>The type of a list's elements, or null for what is no list.</summary>
    public static ParamType? Element(ParamType type) => type switch
    {
        ParamType.IntList => ParamType.Int,
        ParamType.DoubleList => ParamType.Double,
        ParamType.BoolList => ParamType.Bool,
        ParamType.StringList => ParamType.String,
        _ => null,
    };

    /// <summary>A literal as written: a quoted scalar is a string, a plain one C#, a list a list. Null when it is none (with a diagnostic).</summary>
    public static Expr? Value(YamlNode node, DiagnosticBag diagnostics)
    {
        switch (node)
        {
            case YamlScalar { Form: not ScalarForm.Plain } quoted:
                return new StringLiteral(quoted.Value, quoted.Span);
            case YamlScalar plain:
                var found = new DiagnosticBag();
                if (ExpressionParser.Parse(plain.Code, found) is { } value) return Boolean(value, diagnostics);
                if (plain.Value.Contains(" ") || found.Items.Count == 0) diagnostics.Add(Rules.Syntax, plain.Span, $"Not a value: '{Read.Shorten(plain.Value)}'.", "A string of several words needs quotes.");
                else diagnostics.AddRange(found.Items);
                return null;
            case YamlSequence sequence:
                var items = sequence.Items.Select(i => Value(i, diagnostics)).ToList();
                return items.Contains(null) ? null : new ListExpr(items.Select(i => i!).ToEquatableArray(), sequence.Span);
            default:
                diagnostics.Add(Rules.WrongNode, node.Span, $"Expected a value or a list, found {node.Kind}.");
                return null;
        }
    }

    // What other YAML readers take for a boolean is a word here, and never meant as one.
    private static Expr? Boolean(Expr value, DiagnosticBag diagnostics)
    {
        if (value is not NameExpr word || !NoBooleans.TryGetValue(word.Name, out var meant)) return value;
        diagnostics.Add(Rules.Type, word.Span, $"'{word.Name}' is no boolean here.", $"Write {meant}, or \"{word.Name}\" for a string.");
        return null;
    }

    private static ParamOverride? Override(YamlEntry entry, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        if (Find(entry.Key.Value, entry.Key.Span, parameters, diagnostics) is not { } parameter) return null;
        // A block in quotes is code whose places the scalar knows.
        var value = parameter.Type == ParamType.Block && entry.Value is YamlScalar scalar
            ? ExpressionParser.Parse(scalar.Code, diagnostics) : Value(entry.Value, diagnostics);
        return value is not null && Convert(parameter.Name, value, parameter.Type, diagnostics) is { } converted
            ? new ParamOverride(parameter.Name, converted, entry.Key.Span) : null;
    }

    // double 4, int[] [], block layer_norm: the type may stand first, as in a signature.
    private static (ParamType Type, CodeText Code)? Prefix(YamlNode node)
    {
        if (node is not YamlScalar { Form: ScalarForm.Plain } scalar || scalar.Value.IndexOf(' ') is not (> 0 and var blank)) return null;
        return SignatureParser.Types.TryGetValue(scalar.Value.Substring(0, blank), out var type) ? (type, scalar.Code.Slice(blank)) : null;
    }

    private static ParamType? Infer(Expr value, DiagnosticBag diagnostics)
    {
        switch (value)
        {
            case ListExpr { Items.Count: 0 }:
                diagnostics.Add(Rules.Type, value.Span, "The type of an empty list is not known.", "Write the type first: int[] [].");
                return null;
            case ListExpr list:
                return Elements(list, diagnostics);
            default:
                if (Single(value) is { } type) return type;
                diagnostics.Add(Rules.Type, value.Span, $"A parameter's value is a literal, a list of literals, or a block; found {Describe(value)}.", "What follows from other parameters goes to 'define'.");
                return null;
        }
    }

    private static ParamType? Elements(ListExpr list, DiagnosticBag diagnostics)
    {
        if (list.Items.All(i => i is IntLiteral)) return ParamType.IntList;
        if (list.Items.All(i => i is IntLiteral or DoubleLiteral)) return ParamType.DoubleList;
        if (list.Items.All(i => i is BoolLiteral)) return ParamType.BoolList;
        if (list.Items.All(i => i is StringLiteral or NameExpr)) return ParamType.StringList;
        var first = Single(list.Items[0]);
        var odd = list.Items.FirstOrDefault(i => Single(i) is not { } t || t == ParamType.Block || t != first) ?? list.Items[0];
        diagnostics.Add(Rules.Type, odd.Span, $"A list holds numbers, booleans or strings, all of one type; found {Describe(odd)}.",
            odd is ListExpr ? "Lists do not nest: use one list for each column." : null);
        return null;
    }

    private static ParamType? Single(Expr value) => value switch
    {
        IntLiteral => ParamType.Int,
        DoubleLiteral => ParamType.Double,
        BoolLiteral => ParamType.Bool,
        StringLiteral => ParamType.String,
        NameExpr or NoneLiteral or CallExpr { Callee: NameExpr } => ParamType.Block,
        _ => null,
    };

    private static string Word(ParamType type) => type switch
    {
        ParamType.Int => "an int",
        ParamType.Double => "a double",
        ParamType.Bool => "a bool",
        ParamType.String => "a string",
        ParamType.IntList => "an int[]",
        ParamType.DoubleList => "a double[]",
        ParamType.BoolList => "a bool[]",
        ParamType.StringList => "a string[]",
        _ => "a block",
    };

    private static string Describe(Expr value) => value switch
    {
        IntLiteral i => $"the int {i.Value}",
        DoubleLiteral d => $"the double {d.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}",
        BoolLiteral b => b.Value ? "the bool true" : "the bool false",
        StringLiteral s => $"the string \"{Read.Shorten(s.Value)}\"",
        NoneLiteral => "none",
        NameExpr n => $"the word '{n.Name}'",
        CallExpr => "a block with arguments",
        ListExpr => "a list",
        _ => "an expression",
    };

    private static string? Advice(ParamType type, Expr value) => (type, value) switch
    {
        (ParamType.Int, DoubleLiteral) => "If fractions are meant, declare it with a decimal point, such as 4.0.",
        (ParamType.String, not ListExpr) => "Put it in quotes.",
        ({ } t, not ListExpr) when Element(t) is not null => "Write a list in brackets.",
        _ => null,
    };
}
