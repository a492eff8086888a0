using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Reads <c>condition ? init(args)[axes] : none</c> of parameters and buffers.</summary>
internal sealed class TensorBinder(BlockNames names, DiagnosticBag diagnostics)
{
    private const string Form = "A tensor is an initialiser and its axes: zeros[dim], trunc_normal(std=0.02)[1, n, dim], or a condition: bias ? zeros[dim] : none.";

    private string? _index;

    public BoundTensor? Bind(TensorDeclaration declaration, TensorRole role)
    {
        if (declaration.Count is null) return Bind(declaration, declaration.Value, role, null);
        if (Statics.BindAs(declaration.Count, ParamType.Int, "The number of tensors") is not { } count) return null;
        _index = declaration.Index;
        var bound = Bind(declaration, declaration.Value, role, null);
        _index = null;
        return bound is null ? null : bound with { Count = count, Index = declaration.Index };
    }

    /// <summary>Binds the condition of a tensor that code computes.</summary>
    public Expr? Condition(Expr? condition) => condition is null ? null : Statics.BindAs(condition, ParamType.Bool, "A condition");

    /// <summary>Binds an initialiser alone, as <c>init</c> gives it: <c>trunc_normal(std=0.02)</c>.</summary>
    public (string Name, EquatableArray<NamedAxis> Arguments, bool IsInteger)? Initializer(Expr expr)
    {
        var (name, arguments) = expr switch
        {
            NameExpr n => (n, EquatableArray<Argument>.Empty),
            CallExpr { Callee: NameExpr n } c => (n, c.Arguments),
            _ => (null, default),
        };
        if (name is null)
        {
            diagnostics.Add(Rules.Type, expr.Span, Form);
            return null;
        }

        if (InitializerTable.Find(name.Name) is not { } info)
        {
            diagnostics.Add(Rules.UnknownName, name.Span, $"'{name.Name}' is no initialiser.", Suggest.Nearest(name.Name, InitializerTable.All.Select(i => i.Name)) ?? $"They are {string.Join(", ", InitializerTable.All.Select(i => i.Name))}.");
            return null;
        }

        var isInteger = false;
        var bound = new List<NamedAxis>();
        var position = 0;
        foreach (var a in arguments)
        {
            if (a.Name is null && a.Value is NameExpr { Name: "int64" })
            {
                isInteger = true;
                continue;
            }

            var parameter = a.Name ?? (position < info.Parameters.Count ? info.Parameters[position].Name : null);
            position++;
            if (parameter is null || !info.Parameters.Any(p => p.Name == parameter))
            {
                diagnostics.Add(Rules.Arguments, a.Span, $"{info.Name} takes ({string.Join(", ", info.Parameters.Select(p => p.Default is null ? p.Name : $"{p.Name} = {p.Default}"))}).");
                continue;
            }

            var type = info.Parameters.First(p => p.Name == parameter).Default?.StartsWith("\"", StringComparison.Ordinal) == true ? ParamType.String : ParamType.Double;
            if (Statics.BindAs(a.Value, type, $"'{parameter}' of {info.Name}") is { } value) bound.Add(new NamedAxis(parameter, value));
        }

        foreach (var p in info.Parameters.Where(p => p.Default is null && !arguments.Any(a => a.Name == p.Name) && !bound.Exists(b => b.Name == p.Name)))
        {
            diagnostics.Add(Rules.Arguments, expr.Span, $"{info.Name} needs '{p.Name}'.");
        }

        return (info.Name, bound.ToEquatableArray(), isInteger);
    }

    private StaticBinder Statics => new(n => n == _index ? ParamType.Int : names.Statics.TryGetValue(n, out var t) ? t : null, () => names.Statics.Keys, _ => null, diagnostics);

    private BoundTensor? Bind(TensorDeclaration declaration, Expr value, TensorRole role, Expr? condition)
    {
        if (value is ConditionalExpr c)
        {
            var bound = Statics.BindAs(c.Condition, ParamType.Bool, "A condition");
            var negate = c.Then is NoneLiteral;
            if (bound is null) return null;
            if (!negate && c.Else is not NoneLiteral)
            {
                diagnostics.Add(Rules.Unsupported, c.Span, "One side of the condition of a tensor is none.", "Put the condition into the initialiser's arguments, or declare two tensors.");
                return null;
            }

            var test = negate ? new UnaryExpr("!", bound, bound.Span) : bound;
            return Bind(declaration, negate ? c.Else : c.Then, role, condition is null ? test : new BinaryExpr("&&", condition, test, test.Span));
        }

        var (initializer, axes) = value is IndexExpr i ? (i.Target, i.Indices) : (value, default);
        if (Initializer(initializer) is not { } init) return null;
        var sizes = axes.Select(a => Statics.BindAs(a, ParamType.Int, "An axis")).ToList();
        return sizes.Exists(s => s is null) ? null
            : new BoundTensor(declaration.Name, role, condition, init.Name, init.Arguments, sizes.Select(s => s!).ToEquatableArray(), init.IsInteger, declaration.Span);
    }
}
