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
    /// <param name="isStatic">Whether a name is a parameter or definition; another name as the length of a list is an index, and the length any.</param>
    public static EquatableArray<TensorContract> Read(YamlNode? node, bool named, Func<string, bool> isStatic, DiagnosticBag diagnostics)
    {
        var found = new List<TensorContract>();
        switch (node)
        {
            case YamlScalar scalar:
                foreach (var e in ExpressionParser.ParseList(scalar.Code, diagnostics)) Add(e, named, isStatic, found, diagnostics);
                break;
            // [B, H, W, dim] is one tensor; a list over several lines has a tensor in each.
            case YamlSequence { Flow: true } axes when Reading.Read.Expression(axes, diagnostics) is { } list:
                Add(list, named, isStatic, found, diagnostics);
                break;
            case YamlSequence { Flow: false } tensors:
                foreach (var item in tensors.Items) found.AddRange(Read(item, named, isStatic, diagnostics));
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

    private static void Add(Expr e, bool named, Func<string, bool> isStatic, List<TensorContract> found, DiagnosticBag diagnostics)
    {
        // xs[n][B, dim] is a list, x?[B, dim] an optional tensor.
        var (owner, axes, count) = e switch
        {
            IndexExpr { Target: IndexExpr { Indices: { Count: 1 } n, Target: var o } } i => (o, i.Indices, n[0]),
            IndexExpr { Target: ListExpr { Items: { Count: 1 } n } } i when !named => (null, i.Indices, n[0]),
            IndexExpr i => ((Expr?)i.Target, (EquatableArray<Expr>?)i.Indices, (Expr?)null),
            OptionalExpr o when named => (o.Target, o.Indices, null),
            ListExpr l when !named => (null, l.Items, null),
            _ => (null, null, null),
        };
        if (axes is not { } read || owner is not (null or NameExpr))
        {
            diagnostics.Add(Rules.Syntax, e.Span, named ? "Expected a name and axes, such as x[B, H, W, dim], xs[n][B, dim] for a list, x?[B, dim] for what may be absent." : "Expected axes, such as [B, H, W, dim] or y[B, dim].");
            return;
        }

        var name = (owner as NameExpr)?.Name;
        if (count is RangeExpr { From: not null } or RangeExpr { To: not null })
        {
            diagnostics.Add(Rules.Unsupported, count.Span, "The length of a list is '..' (any), a value, or 'i < n' with i its index in the axes.");
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

        found.Add(new TensorContract(name, read, e.Span, List(count, isStatic), e is OptionalExpr));
    }

    private static ListContract? List(Expr? count, Func<string, bool> isStatic) => count switch
    {
        null => null,
        RangeExpr => new ListContract(null, null),
        NameExpr n when !isStatic(n.Name) => new ListContract(null, n.Name),
        BinaryExpr { Op: "<", Left: NameExpr index, Right: var length } => new ListContract(length, index.Name),
        _ => new ListContract(count, null),
    };
}
