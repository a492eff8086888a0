using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notochord.Parity;

/// <summary>Results as a table and as JSON.</summary>
public static class ParityReport
{
    private const int Shown = 5;

    private static readonly string[] Headings = ["golden", "engine", "result", "parameters", "names", "output error / tolerance", "gradients: worst / tolerance", "s"];

    /// <summary>A Markdown table of what was compared, below it what differs, and last the goldens without a model.</summary>
    public static string Markdown(IReadOnlyList<ParityResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var rows = results.Where(r => r.Status != ParityStatus.Absent).Select(Row).ToList();
        var lines = new List<string>();
        if (rows.Count > 0)
        {
            var widths = Headings.Select((h, i) => rows.Max(r => Math.Max(h.Length, r[i].Length))).ToList();
            lines.Add(Line(Headings, widths));
            lines.Add($"|{string.Join("|", widths.Select(w => new string('-', w + 2)))}|");
            lines.AddRange(rows.Select(r => Line(r, widths)));
        }

        var details = results.SelectMany(Details).ToList();
        if (details.Count > 0) lines.AddRange(["", .. details]);
        var absent = results.Where(r => r.Status == ParityStatus.Absent).Select(r => r.Golden).Distinct().ToList();
        if (absent.Count > 0) lines.AddRange(["", $"No model for {absent.Count} goldens: {string.Join(", ", absent)}."]);
        return string.Join('\n', lines);
    }

    /// <summary>The results as a JSON array.</summary>
    public static string Json(IReadOnlyList<ParityResult> results) => JsonSerializer.Serialize(results, ParityJson.Default.IReadOnlyListParityResult);

    private static string Line(IReadOnlyList<string> cells, List<int> widths) => $"| {string.Join(" | ", cells.Select((c, i) => c.PadRight(widths[i])))} |";

    private static string[] Row(ParityResult r) =>
    [
        r.IsOwn ? r.Golden + " (self)" : r.Golden,
        r.Engine,
        r.Status.ToString().ToLowerInvariant(),
        r.Parameters is { } p ? p.Agree ? $"{p.Found:N0}" : $"{p.Found:N0}, expected {p.Expected:N0}" : "",
        r.State is { } s ? s.Agree ? s.SameOrder ? "equal, in order" : "equal" : $"{s.Missing.Length} missing, {s.Unexpected.Length} unexpected, {s.Mismatched.Length} mismatched" : "",
        string.Join(", ", r.Outputs.Select(o => $"{o.Error:0.0e+0} / {o.Tolerance:0.0e+0}")),
        r.Gradients is { } g ? $"{g.WorstRatio:0.000} of {g.Compared}{(g.Refuted > 0 ? $", {g.Refuted} refuted" : "")}" : "",
        $"{r.Seconds:0.0}",
    ];

    private static IEnumerable<string> Details(ParityResult r)
    {
        if (r.Problem is not null) yield return $"{r.Golden} ({r.Engine}): {r.Problem}";
        if (r.State is { Agree: false } s)
        {
            foreach (var (what, names) in new[] { ("missing", s.Missing), ("unexpected", s.Unexpected), ("mismatched", s.Mismatched) })
            {
                if (!names.IsEmpty) yield return $"{r.Golden} ({r.Engine}): {what}: {Some(names)}";
            }
        }

        foreach (var output in r.Outputs.Where(o => o.Problem is not null)) yield return $"{r.Golden} ({r.Engine}): {output.Name}: {output.Problem}";
        if (r.FirstDifference is { } d) yield return $"{r.Golden} ({r.Engine}): the first module that differs is {d.Module} ({d.Type}): {d.Found}; expected {d.Expected}";
        if (r.Gradients is { RefutedBecause: { } why } left) yield return $"{r.Golden} ({r.Engine}): {left.Refuted} gradients are not compared. {why}";
        if (r.Gradients is { Agree: false } g) yield return $"{r.Golden} ({r.Engine}): gradients: {Some(g.Disagreeing)}";
    }

    private static string Some(IReadOnlyCollection<string> items) =>
        string.Join("; ", items.Take(Shown)) + (items.Count > Shown ? $"; and {items.Count - Shown} more" : "");
}

/// <summary>Reports are written without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(StatusConverter)],
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<ParityResult>))]
internal sealed partial class ParityJson : JsonSerializerContext;

/// <summary>passed, failed, absent, broken.</summary>
internal sealed class StatusConverter() : JsonStringEnumConverter<ParityStatus>(JsonNamingPolicy.SnakeCaseLower);
