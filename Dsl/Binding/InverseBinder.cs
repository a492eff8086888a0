using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Binds the <c>inverse</c> of a block. It sees the outputs by the names of the output contract, the inputs that it does not recover, and all that
/// forward sees beside inputs; it returns the inputs that it recovers, under their names.</summary>
internal static class InverseBinder
{
    /// <param name="names">What the block declares.</param>
    /// <param name="variables">Gets the static variables that it uses.</param>
    /// <param name="diagnostics">Where findings go.</param>
    public static BoundInverse? Bind(BlockNames names, Dictionary<string, ParamType> variables, DiagnosticBag diagnostics)
    {
        var block = names.Block;
        if (block.Inverse.Count == 0) return null;
        if (View(block, diagnostics) is not var (view, recovered)) return null;
        var own = new BlockNames(view, new DiagnosticBag());
        foreach (var s in names.Statics) own.Statics[s.Key] = s.Value;
        // Symbols inside an expression (H * 2) are told by the outputs as they are by the inputs.
        var symbols = new HashSet<string>(view.Inputs.SelectMany(i => i.Axes).SelectMany(Names));
        own.Axes.UnionWith(names.Axes.Where(symbols.Contains));
        var binder = new CodeBinder(own, _ => null, diagnostics) { HasMode = true };
        var code = binder.Bind(block.Inverse, view.Inputs, block.Span);
        foreach (var v in binder.StaticVariables) variables[v.Key] = v.Value;
        return new BoundInverse(view, code, recovered);
    }

    private static (Block View, EquatableArray<int> Recovered)? View(Block block, DiagnosticBag diagnostics)
    {
        var known = diagnostics.Items.Count;
        foreach (var contract in block.Inputs.Concat(block.Outputs).Where(c => c.List is not null || c.IsOptional))
        {
            diagnostics.Add(Rules.Contract, contract.Span, $"{block.Name} has an inverse, so what it takes and gives are single tensors that are always there.");
        }

        var last = block.Inverse[block.Inverse.Count - 1];
        if (last is not ReturnStatement result || block.Inverse.Take(block.Inverse.Count - 1).Any(Returns))
        {
            diagnostics.Add(Rules.NoReturn, last.Span, $"The inverse of {block.Name} ends with its one return: the inputs that it recovers, such as return (x1, x2).");
            return null;
        }

        var inputs = block.Inputs.Select(i => i.Name ?? "x").ToList();
        var recovered = new List<int>();
        foreach (var value in result.Value is TupleExpr t ? t.Items : [result.Value])
        {
            var index = value is NameExpr n ? inputs.IndexOf(n.Name) : -1;
            if (index < 0) diagnostics.Add(Rules.Contract, value.Span, $"The inverse of {block.Name} returns inputs under their names ({string.Join(", ", inputs)}); assign what it recovers to such a name and return that.");
            else if (recovered.Contains(index)) diagnostics.Add(Rules.DuplicateName, value.Span, $"'{inputs[index]}' is recovered twice.");
            else recovered.Add(index);
        }

        if (block.Outputs.Count == 0 || block.Outputs.Any(o => o.Name is null))
        {
            diagnostics.Add(Rules.Contract, block.Outputs.Count == 0 ? block.Span : block.Outputs.First(o => o.Name is null).Span,
                $"{block.Name} has an inverse, so its outputs need names: output: y1[..], y2[..].");
        }

        if (diagnostics.Items.Count > known) return null;
        var kept = block.Inputs.Where((_, i) => !recovered.Contains(i)).Select(i => i with { Name = i.Name ?? "x" });
        var view = block with
        {
            Inputs = [.. block.Outputs, .. kept],
            Outputs = [.. recovered.Select(i => block.Inputs[i] with { Name = null })],
            Forward = block.Inverse,
            Inverse = default,
        };
        var taken = new HashSet<string>();
        foreach (var input in view.Inputs.Where(i => !taken.Add(i.Name!) || block.Inputs.Any(x => x.Name == i.Name && x.Span != i.Span)))
        {
            diagnostics.Add(Rules.DuplicateName, input.Span, $"'{input.Name}' is an output and an input of {block.Name}; its inverse needs two names.");
        }

        return diagnostics.Items.Count > known ? null : (view, recovered.ToEquatableArray());
    }

    private static bool Returns(Statement statement) => statement switch
    {
        ReturnStatement => true,
        IfStatement i => i.Then.Concat(i.Else).Any(Returns),
        ForStatement f => f.Body.Any(Returns),
        ForEachStatement f => f.Body.Any(Returns),
        _ => false,
    };

    private static IEnumerable<string> Names(Expr e) => e is NameExpr n ? [n.Name] : ExprWalker.Children(e).SelectMany(Names);
}
