using Microsoft.CodeAnalysis.CSharp;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>Reads <c>name(int dim, double eps = 1e-6, block norm = layer_norm)</c>.</summary>
public static class SignatureParser
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    /// <summary>The types that a parameter may have, as written.</summary>
    public static IReadOnlyDictionary<string, ParamType> Types { get; } = new Dictionary<string, ParamType>
    {
        ["int"] = ParamType.Int,
        ["long"] = ParamType.Int,
        ["double"] = ParamType.Double,
        ["float"] = ParamType.Double,
        ["bool"] = ParamType.Bool,
        ["string"] = ParamType.String,
        ["int[]"] = ParamType.IntList,
        ["double[]"] = ParamType.DoubleList,
        ["bool[]"] = ParamType.BoolList,
        ["string[]"] = ParamType.StringList,
        ["block"] = ParamType.Block,
    };

    /// <summary>The name and the parameters; null when there is no name. A parameter that cannot be read is reported and left out.</summary>
    public static (string Name, EquatableArray<Param> Params)? Parse(CodeText code, DiagnosticBag diagnostics)
    {
        var open = code.Text.IndexOf('(');
        var name = (open < 0 ? code.Text : code.Text.Substring(0, open)).Trim();
        if (!SyntaxFacts.IsValidIdentifier(name))
        {
            diagnostics.Add(Rules.Syntax, code.Locate(0, code.Text.Length), $"Expected a name and parameters, such as 'mlp(int dim, int hidden)'; found '{code.Text.Trim()}'.");
            return null;
        }

        if (open < 0) return (name, default);
        if (Nesting.TooDeep(code, diagnostics)) return (name, default);
        var list = SyntaxFactory.ParseParameterList(code.Text, open, Options, consumeFullText: true);
        var parser = new ExpressionParser(code, -open, diagnostics);
        if (parser.ReportSyntax(list)) return (name, default);

        var result = new List<Param>();
        foreach (var p in list.Parameters)
        {
            var type = p.Type?.ToString().Replace(" ", "") ?? "";
            if (!Types.TryGetValue(type, out var paramType))
            {
                diagnostics.Add(Rules.Type, parser.Locate(p), $"Unknown parameter type '{type}'; expected one of {string.Join(", ", Types.Keys)}.", Suggest.Nearest(type, Types.Keys));
                continue;
            }

            var value = p.Default is null ? null : parser.Convert(p.Default.Value);
            var parameter = new Param(p.Identifier.ValueText, paramType, value, parser.Locate(p.Identifier));
            if (result.Exists(r => r.Name == parameter.Name)) diagnostics.Add(Rules.DuplicateName, parameter.Span, $"Parameter '{parameter.Name}' is declared twice.");
            else result.Add(parameter);
        }

        return (name, result.ToEquatableArray());
    }
}
