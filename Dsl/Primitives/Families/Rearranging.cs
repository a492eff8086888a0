using Notochord.Dsl.Patterns;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Patterns of einops notation.</summary>
internal static class Rearranging
{
    private static readonly string[] Reductions = ["mean", "sum", "max", "min"];

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("rearrange(tensor x, [Literal] string pattern, named axes)",
            "Axes split, permuted and merged by an einops pattern: rearrange(x, \"b (h p) (w q) c -> (b h w) (p q) c\", p=window, q=window). In a product on the left all sizes but one are given; '...' is any axes, 1 or () an axis of size 1.",
            c => Infer(c, PatternKind.Rearrange), s => EmitPatterns.Rearrange(s, Plan(s, PatternKind.Rearrange))),
        new("reduce(tensor x, [Literal] string pattern, string by, named axes)",
            "Axes that only the left side has are reduced, by \"mean\", \"sum\", \"max\" or \"min\": reduce(x, \"b c h w -> b c\", \"mean\"). Axes of the left may be numbers: \"b (h 2) (w 2) c -> b h w c\".",
            c => { _ = c.Choice("by", Reductions); return Infer(c, PatternKind.Reduce); }, s => EmitPatterns.Reduce(s, Plan(s, PatternKind.Reduce))),
        new("repeat(tensor x, [Literal] string pattern, named axes)",
            "Axes that only the right side has are new, with the sizes given; the values repeat along them: repeat(x, \"1 n c -> b n c\", b=B).",
            c => Infer(c, PatternKind.Repeat), s => EmitPatterns.Repeat(s, Plan(s, PatternKind.Repeat))),
    ];

    private static PatternPlan Plan(EmitSite site, PatternKind kind)
    {
        var pattern = Pattern.Parse(site.Literal("pattern")!);
        // Without '...' the pattern itself says how many axes there are, whatever module the code is emitted for.
        var rank = pattern.Left.Any(g => g.IsEllipsis) ? site.Rank("x") : pattern.Left.Count;
        return PatternPlan.Create(pattern, kind, rank, [.. site.Axes.Keys]);
    }

    private static Shape[] Infer(CallSite call, PatternKind kind)
    {
        try
        {
            var plan = PatternPlan.Of(call.Text("pattern"), kind, call.Tensor("x").Rank, [.. call.Axes.Keys]);
            var x = call.Tensor("x");
            return [Infer(call, plan) with { Type = x.Type }];
        }
        catch (PatternException e)
        {
            throw new ShapeException(e.Message, Rules.Pattern);
        }
    }

    private static Shape Infer(CallSite call, PatternPlan plan)
    {
        var x = call.Tensor("x");
        for (var axis = 0; axis < plan.Split.Count; axis++)
        {
            var group = plan.Split[axis];
            var known = Dim.One;
            var open = 0;
            foreach (var f in group)
            {
                if (plan.Factors[f].Source is FactorSource.Whole or FactorSource.Quotient) open++;
                else known *= Size(f);
            }

            if (known.Value == 0) throw new ShapeException($"{What(axis)}: a size is 0.");
            if (open == 0) call.RequireEqual(x[axis], known, $"{What(axis)}");
            else if (group.Count > 1) call.RequireMultiple(x[axis], known, What(axis));
        }

        var axes = new Dim[plan.Merge.Count];
        for (var i = 0; i < axes.Length; i++) axes[i] = call.Simplify(ProductOf(plan.Merge[i], except: -1));
        return Shape.Of(axes);

        string What(int axis) => $"Axis {axis} of {x.Describe()} and '{plan.Pattern.Left[axis]}' of \"{plan.Pattern.Text}\"";

        Dim ProductOf(IReadOnlyList<int> factors, int except)
        {
            var product = Dim.One;
            foreach (var f in factors)
            {
                if (f != except) product *= Size(f);
            }

            return product;
        }

        Dim Size(int f)
        {
            var factor = plan.Factors[f];
            return factor.Source switch
            {
                FactorSource.Number => factor.Axis.Number!.Value,
                FactorSource.Given => call.Axes[factor.Axis.Name],
                FactorSource.Whole => x[factor.InputAxis],
                _ => x[factor.InputAxis] / ProductOf(plan.Split[factor.InputAxis], except: f),
            };
        }
    }
}
