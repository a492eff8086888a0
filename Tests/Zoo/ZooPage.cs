using System.Text;
using System.Text.Json;
using Notochord.Dsl.Cost;
using Notochord.Dsl.Model;
using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>Architectures/README.md, made from the declarations, the list of compared references and the list of published weights.</summary>
internal static class ZooPage
{
    private const string Hub = "https://huggingface.co/";

    /// <summary>The page.</summary>
    /// <param name="architectures">The families, in the order of the page.</param>
    /// <param name="compared">Models that are compared with a run of their reference.</param>
    /// <param name="own">Models of which an earlier run of their own is kept.</param>
    /// <param name="weights">Where weights of a variant are to be had: a name on the hub, or an address.</param>
    public static string Render(IReadOnlyList<Architecture> architectures, IReadOnlySet<string> compared, IReadOnlySet<string> own, IReadOnlyDictionary<string, string> weights)
    {
        var families = architectures.Select(a => new Family(a, [.. Names(a).Select(Row.Of)])).ToList();
        var page = new StringBuilder();
        page.Append("# The zoo\n\n");
        page.Append("Made from the declarations of this folder by `ZooPageTests`; edit those, not this page.\n\n");
        page.Append(Invariant($"{families.Count} families, {families.Sum(f => f.Rows.Count)} variants. MACs are multiply-adds of matrix products and convolutions for one image of the size given. "));
        page.Append("Features are channels/reduction of each level. Equal: names, outputs and gradients are compared with a run of the reference implementation in every build, for generated code and executor; self: no reference is at hand, and they are compared with an earlier run of the model itself. ");
        page.Append("Weights load with no mapping: a name is one on the Hugging Face hub.\n\n");
        page.Append("| family | paper | variants | parameters | equal to the reference |\n|---|---|---|---|---|\n");
        foreach (var family in families)
        {
            var equal = family.Rows.Where(r => compared.Contains(r.Name)).Select(r => r.Name);
            page.Append(Invariant($"| [{family.Name}](#{family.Name}) | {family.Paper} | {family.Rows.Count} | {family.Range} | {string.Join(", ", equal)} |\n"));
        }

        foreach (var family in families)
        {
            page.Append(Invariant($"\n## {family.Name}\n\n{family.Paper} · [{Path.GetFileName(family.File)}]({family.Relative})\n\n"));
            page.Append("| variant | parameters | MACs | input | features | equal | weights |\n|---|---:|---:|---|---|---|---|\n");
            foreach (var row in family.Rows)
            {
                page.Append(Invariant($"| {row.Name} | {row.Parameters:N0} | {Giga(row.Macs)} | {row.Input} | {row.Features} | {Equal(row.Name, compared, own)} | {Link(weights.GetValueOrDefault(row.Name))} |\n"));
            }
        }

        return page.ToString();
    }

    /// <summary>A JSON object of texts, as the list of weights is.</summary>
    public static IReadOnlyDictionary<string, string> Texts(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    private static IEnumerable<string> Names(Architecture architecture) => architecture.Variants.Select(v => v.Name).DefaultIfEmpty(architecture.Name);

    private static string Giga(long macs) => macs >= 10_000_000 ? Invariant($"{macs / 1e9:0.00} G") : Invariant($"{macs / 1e6:0.00} M");

    private static string Link(string? location) => location switch
    {
        null => "",
        _ when location.StartsWith("https://", StringComparison.Ordinal) => $"[{location.Split('/')[^1]}]({location})",
        _ => $"[{location}]({Hub}{location})",
    };

    private static string Equal(string name, IReadOnlySet<string> compared, IReadOnlySet<string> own) =>
        !compared.Contains(name) ? own.Contains(name) ? "self" : "" : Refutation.Known.ContainsKey(name) ? "yes, but for gradients that the reference had wrong" : "yes";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Family(Architecture Architecture, IReadOnlyList<Row> Rows)
    {
        public string Name => Architecture.Name;

        // A pipe would end the cell.
        public string Paper => (Architecture.Body.Paper ?? "").Replace("|", "\\|", StringComparison.Ordinal);

        public string File => Architecture.Span.File;

        public string Relative => Path.GetRelativePath(Shared.Zoo, File).Replace('\\', '/');

        public string Range
        {
            get
            {
                var (low, high) = (Rows.Min(r => r.Parameters) / 1e6, Rows.Max(r => r.Parameters) / 1e6);
                return low == high ? Invariant($"{low:0.0} M") : Invariant($"{low:0.0} to {high:0.0} M");
            }
        }
    }

    private sealed record Row(string Name, long Parameters, long Macs, string Input, string Features)
    {
        public static Row Of(string name)
        {
            var model = Shared.Project.Instantiate(name) ?? throw new InvalidOperationException($"{name} has findings: {string.Join('\n', Shared.Project.Diagnostics.Items.Take(3))}");
            var cost = CostModel.Measure(model);
            return new Row(
                name,
                cost.Parameters,
                cost.Macs,
                string.Join("x", model.InputSizes().Skip(1)),
                string.Join(" ", model.Features.Select(f => Invariant($"{f.Channels}/{f.Strides}")).Distinct()));
        }
    }
}
