using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>The results of all comparisons, left in artifacts/parity.md.</summary>
public sealed class ParityTable : IDisposable
{
    private readonly List<ParityResult> _results = [];

    /// <summary>Adds a result.</summary>
    public void Add(ParityResult result) => _results.Add(result);

    /// <summary>Writes the table, with the goldens that have no model.</summary>
    public void Dispose()
    {
        if (_results.Count == 0) return;
        var absent = (Shared.Goldens is null ? [] : GoldenReader.Names(Shared.Goldens)).Except(Shared.GoldensOfTheZoo).Select(name => new ParityResult(name, "", ParityStatus.Absent));
        Directory.CreateDirectory(Shared.Artifacts);
        File.WriteAllText(
            Path.Combine(Shared.Artifacts, "parity.md"),
            ParityReport.Markdown([.. _results.OrderBy(r => r.Golden, StringComparer.Ordinal).ThenBy(r => r.Engine, StringComparer.Ordinal), .. absent]) + "\n");
    }
}
