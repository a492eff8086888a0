using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads <c>search</c>: domains of parameters, or of elements of list parameters.</summary>
internal static class SearchReader
{
    public static EquatableArray<SearchDomain> Domains(EquatableArray<YamlEntry> entries, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        var domains = new List<SearchDomain>();
        foreach (var entry in entries)
        {
            if (Domain(entry, parameters, diagnostics) is { } domain) domains.Add(domain);
        }

        return domains.ToEquatableArray();
    }

    private static SearchDomain? Domain(YamlEntry entry, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        if (ExpressionParser.Parse(entry.Key.Code, diagnostics) is not { } target || Target(target, parameters, diagnostics) is not { } type) return null;
        var name = entry.Key.Value;
        if (entry.Value is YamlSequence values) return Choice(name, values, target, type, entry.Key.Span, diagnostics);
        if (entry.Value is not YamlMapping mapping)
        {
            diagnostics.Add(Rules.WrongNode, entry.Key.Span, $"'{name}' needs a domain: a list of values, or {{ range: [low, high], step: s }}.");
            return null;
        }

        var fields = new Fields(mapping, Places.Domain, diagnostics);
        if (fields.Has("choice") == fields.Has("range"))
        {
            diagnostics.Add(Rules.MissingKey, entry.Key.Span, $"'{name}' needs either 'choice' or 'range'.");
            return null;
        }

        if (fields["choice"] is not YamlSequence choice) return fields.Has("range") ? Range(name, fields, target, type, entry.Key.Span, diagnostics) : null;
        foreach (var other in new[] { "step", "log" }.Where(fields.Has)) diagnostics.Add(Rules.UnknownKey, fields.Span(other), $"'{other}' goes with 'range', not with 'choice'.");
        return Choice(name, choice, target, type, entry.Key.Span, diagnostics);
    }

    // The type of what is searched: a parameter, or an element of a list by a literal index.
    private static ParamType? Target(Expr target, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        switch (target)
        {
            case NameExpr name:
                return ParamReader.Find(name.Name, name.Span, parameters, diagnostics)?.Type;
            case IndexExpr { Target: NameExpr name, Indices: { Count: 1 } indices } when indices[0] is IntLiteral or FromEndExpr { Operand: IntLiteral }:
                if (ParamReader.Find(name.Name, name.Span, parameters, diagnostics) is not { } list) return null;
                if (ParamReader.Element(list.Type) is not { } element || list.Default is not ListExpr { Items.Count: var count })
                {
                    diagnostics.Add(Rules.Type, target.Span, $"'{list.Name}' is no list.");
                    return null;
                }

                var index = indices[0] is IntLiteral i ? i.Value : count - ((IntLiteral)((FromEndExpr)indices[0]).Operand).Value;
                if (index >= 0 && index < count) return element;
                diagnostics.Add(Rules.Evaluation, indices[0].Span, $"'{list.Name}' has {count} elements, counted from 0.");
                return null;
            default:
                diagnostics.Add(Rules.Syntax, target.Span, "Expected a parameter or an element of one, such as depths[2].");
                return null;
        }
    }

    private static SearchDomain? Choice(string name, YamlSequence node, Expr target, ParamType type, SourceSpan span, DiagnosticBag diagnostics)
    {
        var values = node.Items.Select(i => ParamReader.Value(i, diagnostics) is { } v ? ParamReader.Convert(name, v, type, diagnostics) : null).ToList();
        if (values.Contains(null)) return null;
        if (values.Count > 0) return new SearchDomain(target, "choice", values.Select(v => v!).ToEquatableArray(), span);
        diagnostics.Add(Rules.MissingKey, node.Span, $"'{name}' has no value to choose.");
        return null;
    }

    private static SearchDomain? Range(string name, Fields fields, Expr target, ParamType type, SourceSpan span, DiagnosticBag diagnostics)
    {
        if (fields["range"] is not YamlSequence ends) return null;
        if (type is not (ParamType.Int or ParamType.Double))
        {
            diagnostics.Add(Rules.Type, ends.Span, $"A range is of numbers; '{name}' is none.", "Use 'choice'.");
            return null;
        }

        if (ends.Items.Count != 2)
        {
            diagnostics.Add(Rules.Arguments, ends.Span, $"A range has a lowest and a highest value; found {ends.Items.Count} values.");
            return null;
        }

        var low = Number(name, ends.Items[0], type, diagnostics);
        var high = Number(name, ends.Items[1], type, diagnostics);
        Expr? step = fields["step"] is { } s ? Number(name, s, type, diagnostics) : new NoneLiteral(ends.Span);
        if (low is null || high is null || step is null || Log(fields, diagnostics) is not { } log) return null;
        var problem = Size(low) > Size(high) ? "the lowest value is above the highest"
            : fields.Has("step") && !(Size(step) > 0) ? "the step is not positive"
            : log && !(Size(low) > 0) ? "a logarithm needs values above 0"
            : log && fields.Has("step") ? "a logarithmic range has no step"
            : null;
        if (problem is null) return new SearchDomain(target, log ? "log" : "range", [low, high, step], span);
        diagnostics.Add(Rules.Evaluation, ends.Span, $"The range of '{name}' is empty or has no meaning: {problem}.");
        return null;
    }

    private static Expr? Number(string name, YamlNode node, ParamType type, DiagnosticBag diagnostics) =>
        ParamReader.Value(node, diagnostics) is { } value ? ParamReader.Convert(name, value, type, diagnostics) : null;

    private static bool? Log(Fields fields, DiagnosticBag diagnostics)
    {
        if (fields.Scalar("log") is not { } log) return !fields.Has("log") ? false : null;
        if (log.Value is "true" or "false") return log.Value == "true";
        diagnostics.Add(Rules.Type, log.Span, $"'log' is true or false; found '{Read.Shorten(log.Value)}'.");
        return null;
    }

    private static double Size(Expr value) => value switch { IntLiteral i => i.Value, DoubleLiteral d => d.Value, _ => double.NaN };
}
