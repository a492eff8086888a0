using System.Runtime.CompilerServices;
using Notochord.Dsl;
using Notochord.Parity;

// Each test takes all cores for itself, and they share one project.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Notochord.Zoo.Tests;

/// <summary>Where the declarations and the references are.</summary>
internal static class Shared
{
    /// <summary>Its folder.</summary>
    public static string Zoo { get; } = Path.Combine(Root(), "Architectures");

    /// <summary>Where tests leave reports.</summary>
    public static string Artifacts { get; } = Path.Combine(Root(), "artifacts");

    /// <summary>The zoo's declarations, read once.</summary>
    public static Project Project { get; } = new(
        Directory.EnumerateFiles(Zoo, "*.yaml", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}") && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(path))));

    /// <summary>The folder of goldens beside the checkout; null where there is none.</summary>
    public static string? Goldens { get; } = Path.GetFullPath(Path.Combine(Root(), "..", "shared", "goldens")) is var path && Directory.Exists(path) ? path : null;

    /// <summary>The folder of goldens that are runs of the zoo's models themselves.</summary>
    public static string OwnGoldens { get; } = Path.Combine(Root(), "Tests", "Zoo", "goldens");

    /// <summary>All variants, with their architectures.</summary>
    public static IEnumerable<string> Variants => Project.Architectures.SelectMany(a => a.Variants.Select(v => v.Name));

    /// <summary>The goldens whose model the zoo declares.</summary>
    public static IEnumerable<string> GoldensOfTheZoo =>
        Goldens is null ? [] : GoldenReader.Names(Goldens).Where(name => Variants.Contains(GoldenReader.Read(Goldens, name).Model));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}

/// <summary>A test that needs the goldens, and is skipped where they are not.</summary>
internal sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute() => Skip = Shared.Goldens is null ? "There are no goldens in ../shared." : null!;
}

/// <summary>The same for a data-driven test.</summary>
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = Shared.Goldens is null ? "There are no goldens in ../shared." : null!;
}
