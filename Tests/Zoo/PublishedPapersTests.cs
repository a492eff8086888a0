using System.Globalization;
using System.Runtime.CompilerServices;
using Notochord.Dsl.Cost;

namespace Notochord.Zoo.Tests;

/// <summary>
/// Families that have no golden, or whose golden is a reduced one: parameters (millions) and multiply-adds (thousand millions) of their papers and repositories, in <c>published.csv</c>, where
/// each figure stands with how far it may be off: its rounding, and what its source says to count otherwise. Size 0 is the input that the model declares.
/// </summary>
public sealed class PublishedPapersTests
{
    public static TheoryData<string> Variants => [.. Table.Value.Select(r => r.Variant)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Costs_are_the_published_ones(string variant)
    {
        var row = Table.Value.Single(r => r.Variant == variant);
        var model = Shared.Project.Instantiate(variant);
        Assert.NotNull(model);
        var parameters = model.ParameterCount / 1e6;
        Assert.True(Math.Abs(parameters - row.Parameters) <= row.ParametersWithin, FormattableString.Invariant($"{variant}: {parameters:0.000} M parameters; published: {row.Parameters} ({row.Source})"));
        if (row.Macs is not { } published) return;
        var macs = CostModel.Measure(model, 1, row.Size > 0 ? model.Image(row.Size, row.Size) : null).Macs / 1e9;
        Assert.True(Math.Abs(macs - published) <= row.MacsWithin, FormattableString.Invariant($"{variant} at {row.Size}: {macs:0.000} G multiply-adds; published: {published} ({row.Source})"));
    }

    private static readonly Lazy<List<Row>> Table = new(() => [.. File.ReadLines(Path.Combine(Here(), "published.csv")).Skip(1).Select(Row.Parse)]);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed record Row(string Variant, int Size, double Parameters, double ParametersWithin, double? Macs, double MacsWithin, string Source)
    {
        public static Row Parse(string line)
        {
            // The source comes last, and is the one cell with commas.
            var cells = line.Split(',', 7);
            return new(cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), Number(cells[2]), Number(cells[3]),
                cells[4].Length == 0 ? null : Number(cells[4]), cells[5].Length == 0 ? 0 : Number(cells[5]), cells[6].Trim('"'));
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
