using System.Globalization;
using Notochord.Dsl.Cost;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Zoo.Tests;

/// <summary>The cost model beside timm's published table, for each variant and image size that stands in both.</summary>
public sealed class PublishedCostTests
{
    // The table has two decimals.
    private const double Rounding = 0.00501;

    // Its profiler also counts normalisation, pooling and some elementwise work: operations for each number that the model writes, at most.
    private const double Elementwise = 2;

    /// <summary>Variants that deviate for a reason of their own: operations for each parameter that the table has beside those.</summary>
    private static readonly (Func<string, bool> Of, double PerParameter, string Why)[] Deviations =
    [
        (name => name.StartsWith("resnetv2_", StringComparison.Ordinal) && name.EndsWith("_bit", StringComparison.Ordinal), 4, "weight standardisation is a batch norm of each weight, four operations"),
    ];

    public static TheoryData<string> Architectures => [.. Shared.Project.Architectures.Select(a => a.Name)];

    [GoldenTheory]
    [MemberData(nameof(Architectures))]
    public void Parameters_are_those_of_the_table(string name)
    {
        foreach (var row in Rows(name).DistinctBy(r => r.Variant))
        {
            var found = Model(Shared.Project.Architectures.First(a => a.Name == name), row).ParameterCount / 1e6;
            Assert.True(Math.Abs(found - row.Parameters) <= Rounding, FormattableString.Invariant($"{row.Variant}: {found:0.000} M parameters; the table says {row.Parameters:0.00}"));
        }
    }

    [GoldenTheory]
    [MemberData(nameof(Architectures))]
    public void Multiply_adds_agree_with_the_table(string name)
    {
        var architecture = Shared.Project.Architectures.First(a => a.Name == name);
        var wrong = new List<string>();
        foreach (var row in Rows(name))
        {
            var (macs, written) = Cost(architecture, row);
            var more = row.Macs - (macs / 1e9);
            var deviation = Array.Find(Deviations, d => d.Of(row.Variant));
            var least = deviation.Of is null ? 0 : deviation.PerParameter * row.Parameters / 1e3;
            // Parameters that are no weights of convolutions are a tenth at the most.
            var most = least + (Elementwise * written / 1e9);
            least *= 0.9;
            if (more < least - Rounding || more > most + Rounding)
            {
                wrong.Add(FormattableString.Invariant($"{row.Variant} at {row.Size}: {macs / 1e9:0.000} G multiply-adds; the table says {row.Macs:0.00}: {more:0.000} more, expected {least:0.000} to {most:0.000}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GoldenFact]
    public void The_table_has_the_zoo() => Assert.True(Shared.Project.Architectures.SelectMany(a => Rows(a.Name)).Count() >= 150);

    private static (long Macs, long Written) Cost(Architecture architecture, Row row)
    {
        var model = Model(architecture, row);
        var cost = CostModel.Measure(model, 1, model.Image(row.Size, row.Size));
        return (cost.Macs, cost.Activations);
    }

    // At the row's image size; what has a folded form for inference stands in the table in that form.
    private static ModelInstance Model(Architecture architecture, Row row)
    {
        var arguments = new Dictionary<string, Value>();
        foreach (var param in architecture.Body.Params)
        {
            if (param is { Name: "img_size", Type: ParamType.Int }) arguments[param.Name] = new IntValue(row.Size);
            if (param is { Name: "img_size", Type: ParamType.IntList }) arguments[param.Name] = new ListValue([new IntValue(row.Size), new IntValue(row.Size)]);
            if (param is { Name: "inference_mode", Type: ParamType.Bool }) arguments[param.Name] = new BoolValue(true);
        }

        return Shared.Project.Instantiate(row.Variant, arguments)!;
    }

    private static IEnumerable<Row> Rows(string architecture)
    {
        var variants = Shared.Project.Architectures.First(a => a.Name == architecture).Variants.Select(v => v.Name).ToHashSet();
        return Table.Value.Where(r => variants.Contains(r.Variant));
    }

    private static readonly Lazy<List<Row>> Table = new(() =>
        [.. File.ReadLines(Path.Combine(Shared.Goldens!, "analysis", "timm_cost.csv")).Skip(1).Select(line => line.Split(',')).Select(cells =>
            new Row(cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), Number(cells[2]), Number(cells[3])))]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Row(string Variant, int Size, double Parameters, double Macs);
}
