using Notochord.Dsl.Primitives.Families;

namespace Notochord.Dsl.Primitives;

/// <summary>Primitives that belong together, for the reference page.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Primitives">In the order of the page.</param>
public sealed record PrimitiveFamily(string Title, IReadOnlyList<Primitive> Primitives);

/// <summary>All primitives, by name.</summary>
public static class PrimitiveTable
{
    /// <summary>All families, in the order of the reference page.</summary>
    public static IReadOnlyList<PrimitiveFamily> Families { get; } =
    [
        new("Patterns", Rearranging.All),
        new("Matrix products and attention", MatrixProducts.All),
        new("Neighbourhoods", Neighborhoods.All),
        new("Scans", Scans.All),
        new("Convolutions", Convolutions.All),
        new("Pools", Pools.All),
        new("Sampling", Sampling.All),
        new("Norms, softmax, dropout", Normalization.All),
        new("Elementwise functions", Elementwise.All),
        new("Operators", Arithmetic.All),
        new("Reductions", Reductions.All),
        new("Spectra and long convolutions", Spectra.All),
        new("Arrangement, padding, resizing", Structure.All),
        new("Parts: joining, slicing, indexing", Parts.All),
        new("Ranks, places, experts", Routing.All),
        new("Sources and types", Sources.All),
    ];

    /// <summary>All primitives, in the order of the reference page.</summary>
    public static IReadOnlyList<Primitive> All { get; } = [.. Families.SelectMany(f => f.Primitives)];

    private static readonly Dictionary<string, Primitive> ByName = All.ToDictionary(p => p.Name);

    /// <summary>The primitive of that name, or null.</summary>
    public static Primitive? Find(string name) => ByName.TryGetValue(name, out var p) ? p : null;
}
