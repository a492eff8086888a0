using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>Architectures/README.md and the lists beside it are what the declarations say. Run once with NOTOCHORD_ACCEPT_SNAPSHOTS=1 to write them anew.</summary>
public sealed class ZooPageTests
{
    private static bool Accept => Environment.GetEnvironmentVariable("NOTOCHORD_ACCEPT_SNAPSHOTS") == "1";

    /// <summary>parity.json names what <see cref="ParityTests"/> compares, for readers who have no goldens.</summary>
    [GoldenFact]
    public void The_list_of_compared_models_is_up_to_date()
    {
        var compared = Shared.GoldensOfTheZoo.Select(g => GoldenReader.Read(Shared.Goldens!, g)).GroupBy(g => g.Model, g => g.Name)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"  \"{g.Key}\": \"{string.Join(", ", g)}\"");
        Compare("parity.json", $"{{\n{string.Join(",\n", compared)}\n}}\n");
    }

    [Fact]
    public void Weights_are_listed_for_variants_that_exist() => Assert.Empty(ZooPage.Texts(Read("weights.json")).Keys.Except(Shared.Variants));

    [Fact]
    public void The_page_is_up_to_date() => Compare(
        "README.md",
        ZooPage.Render(
            [.. Shared.Project.Architectures.Where(a => Path.GetDirectoryName(a.Span.File) == Shared.Zoo).OrderBy(a => a.Name, StringComparer.Ordinal)],
            ZooPage.Texts(Read("parity.json")).Keys.ToHashSet(),
            GoldenReader.Names(Shared.OwnGoldens).Select(g => GoldenReader.Read(Shared.OwnGoldens, g).Model).ToHashSet(),
            ZooPage.Texts(Read("weights.json"))));

    private static string Read(string name) => File.ReadAllText(Path.Combine(Shared.Zoo, name)).ReplaceLineEndings("\n");

    private static void Compare(string name, string expected)
    {
        var path = Path.Combine(Shared.Zoo, name);
        if (Accept) File.WriteAllText(path, expected);
        Assert.Equal(expected, File.Exists(path) ? Read(name) : "");
    }
}
