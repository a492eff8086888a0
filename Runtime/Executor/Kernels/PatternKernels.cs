using Notochord.Dsl.Patterns;
using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class PatternKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["rearrange"] = c => Run(c, PatternKind.Rearrange),
        ["reduce"] = c => Run(c, PatternKind.Reduce),
        ["repeat"] = c => Run(c, PatternKind.Repeat),
    };

    private static Tensor[] Run(KernelCall call, PatternKind kind)
    {
        var x = call.Tensor("x");
        var plan = PatternPlan.Of(call.Text("pattern"), kind, (int)x.dim(), [.. call.Axes.Keys]);
        var sizes = Sizes(plan, x.shape, call.Axes);
        // No view where nothing is split, as generated code has none.
        var result = !plan.NeedsSplit ? x.alias() : x.reshape([.. plan.SplitFactors.Select(f => sizes[f])]);
        if (plan.Reduced.Count > 0) result = Reduce(result, call.Text("by"), [.. plan.Reduced.Select(f => (long)plan.SplitFactors.ToList().IndexOf(f))]);
        result = result.permute([.. plan.Order.Select(i => (long)i)]);
        for (var i = 0; i < plan.Target.Count; i++)
        {
            if (!plan.Kept.Contains(plan.Target[i])) result = result.unsqueeze(i);
        }

        result = result.expand([.. plan.Target.Select(f => sizes[f])]);
        return [result.reshape([.. plan.Merge.Select(g => g.Aggregate(1L, (n, f) => n * sizes[f]))])];
    }

    private static Tensor Reduce(Tensor x, string by, long[] axes) => by switch
    {
        "mean" => x.mean(axes),
        "sum" => x.sum(axes),
        "max" => x.amax(axes),
        _ => x.amin(axes),
    };

    private static long[] Sizes(PatternPlan plan, long[] shape, IReadOnlyDictionary<string, long> given)
    {
        var sizes = new long[plan.Factors.Count];
        for (var f = 0; f < sizes.Length; f++)
        {
            var factor = plan.Factors[f];
            sizes[f] = factor.Source switch
            {
                FactorSource.Number => factor.Axis.Number!.Value,
                FactorSource.Given => given[factor.Axis.Name],
                FactorSource.Whole => shape[factor.InputAxis],
                _ => 0,
            };
        }

        for (var f = 0; f < sizes.Length; f++)
        {
            var factor = plan.Factors[f];
            if (factor.Source == FactorSource.Quotient) sizes[f] = shape[factor.InputAxis] / plan.Split[factor.InputAxis].Where(o => o != f).Aggregate(1L, (n, o) => n * sizes[o]);
        }

        return sizes;
    }
}
