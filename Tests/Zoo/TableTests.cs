using System.Globalization;
using System.Text.Json;
using Notochord.Dsl.Cost;
using Notochord.Dsl.Ir;
using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>The declarations beside the published numbers.</summary>
public sealed class TableTests
{
    public static TheoryData<string> Architectures => [.. Shared.Project.Architectures.Select(a => a.Name)];

    public static TheoryData<string> Goldens => [.. Shared.GoldensOfTheZoo];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_variant_is_free_of_findings(string name)
    {
        var architecture = Shared.Project.Architectures.First(a => a.Name == name);
        Assert.NotNull(architecture.Body.Paper);
        Assert.All(architecture.Variants, v => Assert.NotNull(Shared.Project.Instantiate(v.Name)));
        Assert.Empty(Shared.Project.Diagnostics.Items);
    }

    /// <summary>Parameter counts of timm's published table, in millions with two decimals.</summary>
    [GoldenFact]
    public void Parameter_counts_are_those_of_the_published_table()
    {
        var published = File.ReadLines(Path.Combine(Shared.Goldens!, "analysis", "timm_cost.csv")).Skip(1)
            .Select(line => line.Split(',')).DistinctBy(cells => cells[0]).ToDictionary(cells => cells[0], cells => double.Parse(cells[2], CultureInfo.InvariantCulture));
        var compared = Shared.Variants.Where(published.ContainsKey).ToList();
        Assert.All(compared, name => Assert.Equal(published[name], Shared.Project.Instantiate(name)!.ParameterCount / 1e6, 0.00501));
        Assert.True(compared.Count >= 150, $"Only {compared.Count} variants stand in the table.");
    }

    [GoldenTheory]
    [MemberData(nameof(Goldens))]
    public void State_dicts_are_the_references(string name)
    {
        var golden = GoldenReader.Read(Shared.Goldens!, name);
        var model = Shared.Project.Instantiate(golden.Model, Arguments.For(golden, Shared.Project.Architectures.First(a => a.Variants.Any(v => v.Name == golden.Model))))!;
        Assert.Equal(
            golden.State.Select(s => $"{s.Name} [{string.Join(", ", s.Shape)}] {s.IsParameter}"),
            model.Tensors().Where(t => t.Tensor.Role != TensorRole.Constant)
                .Select(t => $"{t.Name} [{string.Join(", ", t.Tensor.Shape.Axes.Select(a => a.Value))}] {t.Tensor.Role == TensorRole.Parameter}"));
    }

    /// <summary>Multiply-adds to the last one.</summary>
    [GoldenFact]
    public void Multiply_adds_are_exact()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Goldens!, "analysis", "macs_exact.json")));
        var compared = document.RootElement.EnumerateObject().Where(e => Shared.Variants.Contains(e.Name)).ToList();
        Assert.All(compared, entry =>
        {
            var input = entry.Value.GetProperty("input");
            var cost = CostModel.Measure(Shared.Project.Instantiate(entry.Name)!, 1, (input[2].GetInt64(), input[3].GetInt64()));
            Assert.Equal(entry.Value.GetProperty("macs_total").GetInt64(), cost.Macs);
        });
        Assert.True(compared.Count >= 5);
    }
}
