namespace Notochord.Dsl.Primitives;

/// <summary>All primitives, by name.</summary>
public static class PrimitiveTable
{
    /// <summary>All primitives, in the order of the reference page.</summary>
    public static IReadOnlyList<Primitive> All { get; } = [];

    private static readonly Dictionary<string, Primitive> ByName = All.ToDictionary(p => p.Name);

    /// <summary>The primitive of that name, or null.</summary>
    public static Primitive? Find(string name) => ByName.TryGetValue(name, out var p) ? p : null;
}
