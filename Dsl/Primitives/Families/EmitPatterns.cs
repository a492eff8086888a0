using Notochord.Dsl.Patterns;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>The C# of a pattern: the plainest call that does it, <c>Op.rearrange</c> and its kin where it takes several steps (whose
/// intermediate handles they release).</summary>
internal static class EmitPatterns
{
    public static string Rearrange(EmitSite site, PatternPlan plan)
    {
        var x = site["x"];
        if (plan.IsIdentity) return $"{x}.alias()";
        var sizes = new Sizes(site, plan);
        if (!plan.NeedsSplit && !plan.NeedsMerge) return $"{x}.permute({string.Join(", ", plan.Order)})";
        if (!plan.NeedsOrder && plan.NeedsSplit) sizes.RequireMultiples();
        if (!plan.NeedsOrder) return $"{x}.reshape({string.Join(", ", sizes.Merge())})";
        return $"Op.rearrange({x}{Steps(plan, sizes)})";
    }

    public static string Reduce(EmitSite site, PatternPlan plan)
    {
        if (plan.Reduced.Count == 0) return Rearrange(site, plan);
        var axes = Bracket(plan.Reduced.Select(f => $"{plan.SplitFactors.ToList().IndexOf(f)}"));
        var method = site.Literal("by") switch { "mean" => "mean", "sum" => "sum", "max" => "amax", "min" => "amin", _ => null };
        var plain = !plan.NeedsSplit && !plan.NeedsOrder && !plan.NeedsMerge;
        return plain && method is not null ? $"{site["x"]}.{method}({axes})" : $"Op.reduce({site["x"]}, {site["by"]}, axes: {axes}{Steps(plan, new Sizes(site, plan))})";
    }

    public static string Repeat(EmitSite site, PatternPlan plan)
    {
        if (!plan.NeedsExpand) return Rearrange(site, plan);
        var sizes = new Sizes(site, plan);
        if (InPlaceExpansion(plan) is { } places) return $"{site["x"]}.expand({string.Join(", ", places.Select(f => f is null ? "-1" : sizes.Of(f.Value)))})";
        var kept = new HashSet<int>(plan.Kept);
        var expand = plan.Target.Select(f => kept.Contains(f) ? "-1" : sizes.Of(f));
        return $"Op.repeat({site["x"]}, expand: {Bracket(expand)}{Steps(plan, sizes, "at", Bracket(plan.Target.Select((f, i) => (f, i)).Where(t => !kept.Contains(t.f)).Select(t => $"{t.i}")))})";
    }

    // "1 n c -> b n c": the new axes stand where the input has axes of size 1, and nothing else moves.
    private static IReadOnlyList<int?>? InPlaceExpansion(PatternPlan plan)
    {
        if (plan.NeedsOrder || plan.Split.Count != plan.Merge.Count) return null;
        var places = new List<int?>();
        for (var i = 0; i < plan.Merge.Count; i++)
        {
            var (from, to) = (plan.Split[i], plan.Merge[i]);
            if (from.SequenceEqual(to) && from.Count <= 1) places.Add(null);
            else if (from.Count == 0 && to.Count == 1 && plan.Factors[to[0]].InputAxis < 0) places.Add(to[0]);
            else return null;
        }

        return places;
    }

    private static string Steps(PatternPlan plan, Sizes sizes, string? extra = null, string extraValue = "")
    {
        var text = extra is null ? "" : $", {extra}: {extraValue}";
        if (plan.NeedsSplit) text += $", split: {Bracket(sizes.Split())}";
        if (plan.NeedsOrder) text += $", order: {Bracket(plan.Order.Select(i => $"{i}"))}";
        if (plan.NeedsMerge) text += $", merge: {Bracket(sizes.Merge())}";
        return text;
    }

    private static string Bracket(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    // Sizes as C#. One size of a reshape may be -1: the first that the call does not give, which saves asking the tensor for it.
    private sealed class Sizes(EmitSite site, PatternPlan plan)
    {
        public IEnumerable<string> Split()
        {
            RequireMultiples();
            return Leave(plan.SplitFactors.Select(f => (Of(f), IsOpen(f))));
        }

        public IEnumerable<string> Merge() => Leave(plan.Merge.Select(g => (Product(g), g.Any(IsOpen))));

        public string Of(int f)
        {
            var factor = plan.Factors[f];
            return factor.Source switch
            {
                FactorSource.Number => factor.Axis.Name,
                FactorSource.Given => site.Axes[factor.Axis.Name],
                FactorSource.Whole => site.Axis("x", factor.InputAxis),
                _ => $"{EmitSite.Parenthesize(site.Axis("x", factor.InputAxis))} / {EmitSite.Parenthesize(Divisor(f))}",
            };
        }

        // An axis of which a factor is told by the others must be a multiple of them.
        public void RequireMultiples()
        {
            for (var f = 0; f < plan.Factors.Count; f++)
            {
                if (plan.Factors[f] is { Source: FactorSource.Quotient, InputAxis: >= 0 and var axis }) site.RequireMultiple("x", axis, Divisor(f));
            }
        }

        private string Divisor(int f) => Product([.. plan.Split[plan.Factors[f].InputAxis].Where(o => o != f)]);

        private static IEnumerable<string> Leave(IEnumerable<(string Text, bool IsOpen)> sizes)
        {
            var left = false;
            foreach (var (text, isOpen) in sizes)
            {
                var leave = isOpen && !left;
                left |= leave;
                yield return leave ? "-1" : text;
            }
        }

        private bool IsOpen(int f) => plan.Factors[f].Source is FactorSource.Whole or FactorSource.Quotient;

        private string Product(IReadOnlyList<int> factors) => factors.Count switch
        {
            0 => "1",
            1 => Of(factors[0]),
            _ => string.Join(" * ", factors.Select(f => EmitSite.Parenthesize(Of(f)))),
        };
    }
}
