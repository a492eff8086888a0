using System.Text.Json;
using Notochord.Dsl.Cost;
using Notochord.Dsl.Model;
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

    /// <summary>As sets: a name says where a tensor goes.</summary>
    [GoldenTheory]
    [MemberData(nameof(Goldens))]
    public void State_dicts_are_the_references(string name)
    {
        var golden = GoldenReader.Read(Shared.Goldens!, name);
        var model = Shared.Project.Instantiate(golden.Model, Arguments.For(golden, Shared.Project.Architectures.First(a => a.Variants.Any(v => v.Name == golden.Model))))!;
        Assert.Equal(
            golden.State.Select(s => $"{s.Name} [{string.Join(", ", s.Shape)}] {s.IsParameter}").Order(StringComparer.Ordinal),
            model.Tensors().Where(t => t.Tensor.Role != TensorRole.Constant)
                .Select(t => $"{t.Name} [{string.Join(", ", t.Tensor.Shape.Axes.Select(a => a.Value))}] {t.Tensor.Role == TensorRole.Parameter}").Order(StringComparer.Ordinal));
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
            var model = Shared.Project.Instantiate(entry.Name)!;
            var cost = CostModel.Measure(model, 1, model.Image(input[2].GetInt64(), input[3].GetInt64()));
            Assert.Equal(entry.Value.GetProperty("macs_total").GetInt64(), cost.Macs);
        });
        Assert.True(compared.Count >= 5);
    }
}
