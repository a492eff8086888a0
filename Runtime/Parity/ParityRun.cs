namespace Notochord.Parity;

/// <summary>Runs the goldens of a folder.</summary>
public static class ParityRun
{
    /// <summary>One result a golden, by the first of the sources that has its model; a golden that cannot be read is broken, not an exception.</summary>
    /// <param name="folder">Where the goldens are.</param>
    /// <param name="names">Which.</param>
    /// <param name="sources">Where models come from, in the order to ask.</param>
    /// <param name="refuted">What goldens are known to have wrong, by name.</param>
    public static IEnumerable<ParityResult> Run(
        string folder, IEnumerable<string> names, IReadOnlyList<IParitySource> sources, IReadOnlyDictionary<string, Refutation>? refuted = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(sources);
        return names.Select(name => Run(folder, name, sources, refuted?.GetValueOrDefault(name) ?? Refutation.None));
    }

    private static ParityResult Run(string folder, string name, IReadOnlyList<IParitySource> sources, Refutation refuted)
    {
        Golden golden;
        try
        {
            golden = GoldenReader.Read(folder, name) with { Refuted = refuted };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or Weights.WeightFileException)
        {
            return new ParityResult(name, "", ParityStatus.Broken, Problem: e.Message);
        }

        var result = new ParityResult(name, "", ParityStatus.Absent);
        foreach (var source in sources)
        {
            result = ParityCheck.Run(golden, source);
            if (result.Status != ParityStatus.Absent) break;
        }

        return result;
    }
}
