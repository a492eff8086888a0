using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>Finds the first module whose output differs from the reference's.</summary>
internal static class TraceComparison
{
    private const double Tolerance = 1e-3;

    /// <summary>The first difference in the reference's order of execution; null when no module that both have differs.</summary>
    public static TraceDifference? First(Golden golden, Tensor input, Action<Tensor, Action<string, Tensor>> traced)
    {
        var found = new Dictionary<string, Summary>(StringComparer.Ordinal);
        traced(input, (path, output) => found.TryAdd(path, Summary.Of(output)));
        foreach (var row in golden.Trace)
        {
            if (found.TryGetValue(row.Module, out var here) && Differs(row, here))
            {
                return new TraceDifference(row.Module, row.Type, here.ToString(), new Summary([.. row.Shape], row.Mean, row.Std).ToString());
            }
        }

        return null;
    }

    // Mean and deviation are the same in any layout; where the counts differ, the module does other work (it pads or partitions inside).
    private static bool Differs(GoldenTrace row, Summary here)
    {
        if (row.Shape.Aggregate(1L, (a, b) => a * b) != here.Shape.Aggregate(1L, (a, b) => a * b) || !double.IsFinite(row.Mean) || !double.IsFinite(row.Std)) return false;
        var allowed = 1e-6 + (Tolerance * row.Std);
        return !(Math.Abs(row.Mean - here.Mean) <= allowed && Math.Abs(row.Std - here.Std) <= allowed);
    }

    private sealed record Summary(long[] Shape, double Mean, double Std)
    {
        public static Summary Of(Tensor output)
        {
            var (mean, std) = ModelFill.Moments(ModelFill.ValuesOf(output));
            return new Summary(output.shape, mean, std);
        }

        public override string ToString() => $"mean {Mean:g5}, std {Std:g5}, [{string.Join(", ", Shape)}]";
    }
}
