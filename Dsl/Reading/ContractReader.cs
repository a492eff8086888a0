using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads <c>input</c> and <c>output</c>: <c>x[B, H, W, dim], y[B, ..]</c>, <c>[B, dim]</c>, or the list forms of YAML.</summary>
internal static class ContractReader
{
    /// <param name="node">The value; null reads as no contract.</param>
    /// <param name="named">Every tensor needs a name (an input).</param>
    /// <param name="diagnostics">Where findings go.</param>
    public static EquatableArray<TensorContract> Read(YamlNode? node, bool named, DiagnosticBag diagnostics)
    {
        var found = new List<TensorContract>();
        switch (node)
        {
            case YamlScalar scalar:
                foreach (var e in ExpressionParser.ParseList(scalar.Code, diagnostics)) Add(e, named, found, diagnostics);
                break;
            // [B, H, W, dim] is one tensor; a list over several lines has a tensor in each.
            case YamlSequence { Flow: true } axes when Reading.Read.Expression(axes, diagnostics) is { } list:
                Add(list, named, found, diagnostics);
                break;
            case YamlSequence { Flow: false } tensors:
                foreach (var item in tensors.Items) found.AddRange(Read(item, named, diagnostics));
                break;
            case YamlMapping:
                diagnostics.Add(Rules.WrongNode, node.Span, "Expected a tensor such as x[B, H, W, dim], found a mapping.");
                break;
        }

        // Inputs share the block's namespace, where their names are checked.
        foreach (var twice in found.Where(f => !named && f.Name is not null).GroupBy(f => f.Name).Where(g => g.Count() > 1))
        {
            diagnostics.Add(Rules.DuplicateName, twice.Last().Span, $"'{twice.Key}' is named twice.");
        }

        return found.ToEquatableArray();
    }

    private static void Add(Expr e, bool named, List<TensorContract> found, DiagnosticBag diagnostics)
    {
        var name = (e as IndexExpr)?.Target is NameExpr target ? target.Name : null;
        EquatableArray<Expr>? axes = e switch
        {
            IndexExpr i when name is not null => i.Indices,
            ListExpr l when !named => l.Items,
            _ => null,
        };
        if (axes is not { } read)
        {
            diagnostics.Add(Rules.Syntax, e.Span, named ? "Expected a name and axes, such as x[B, H, W, dim]." : "Expected axes, such as [B, H, W, dim] or y[B, dim].");
            return;
        }

        foreach (var range in read.OfType<RangeExpr>().Where(r => r.From is not null || r.To is not null))
        {
            diagnostics.Add(Rules.Unsupported, range.Span, "An axis is '..' (any number of axes) without ends.");
            return;
        }

        if (read.OfType<RangeExpr>().Skip(1).FirstOrDefault() is { } second)
        {
            diagnostics.Add(Rules.Unsupported, second.Span, "'..' stands at most once in a contract.");
            return;
        }

        found.Add(new TensorContract(name, read, e.Span));
    }
}
