namespace Notochord.Execution.Kernels;

/// <summary>A kernel for each primitive, written apart from the emissions so that the two can be held against each other.</summary>
internal static class KernelTable
{
    private static readonly Dictionary<string, Kernel> Kernels = new(
        [
            .. PatternKernels.All, .. MatrixKernels.All, .. NeighborhoodKernels.All, .. ScanKernels.All, .. WindowKernels.All, .. SamplingKernels.All, .. NormalizationKernels.All, .. ElementwiseKernels.All,
            .. ArithmeticKernels.All, .. ReductionKernels.All, .. SpectrumKernels.All, .. StructureKernels.All, .. PartKernels.All, .. RoutingKernels.All, .. SourceKernels.All,
        ],
        StringComparer.Ordinal);

    /// <summary>Names of the primitives that have one.</summary>
    public static IReadOnlyCollection<string> Names => Kernels.Keys;

    /// <summary>The kernel of a primitive.</summary>
    public static Kernel Find(string name) => Kernels.TryGetValue(name, out var kernel) ? kernel : throw new InvalidOperationException($"There is no kernel for '{name}'.");
}
