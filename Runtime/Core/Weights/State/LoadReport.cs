using System.Collections.Immutable;
using System.Text;

namespace Notochord.Weights;

/// <summary>What a file gave to a model, and what did not fit. <see cref="ToString"/> prints it for people.</summary>
/// <param name="FilePath">The file.</param>
/// <param name="Loaded">The names that were filled (or, after a strict failure, would have been).</param>
/// <param name="Missing">The model's tensors that the file has not.</param>
/// <param name="Unexpected">The file's tensors that the model has not.</param>
/// <param name="Mismatched">Tensors of one name and different shapes or types.</param>
public sealed record LoadReport(
    string FilePath,
    ImmutableArray<string> Loaded,
    ImmutableArray<TensorSummary> Missing,
    ImmutableArray<TensorSummary> Unexpected,
    ImmutableArray<LoadMismatch> Mismatched)
{
    private const int MostLines = 20;

    /// <summary>Whether every tensor of the model was filled, and every tensor of the file used.</summary>
    public bool IsComplete => Missing.IsEmpty && Unexpected.IsEmpty && Mismatched.IsEmpty;

    /// <summary>The report, with the names that were probably meant.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{FilePath}: {Loaded.Length} tensors fit");
        if (IsComplete)
        {
            return text.Append(", and nothing is missing or left over.").ToString();
        }

        text.Append($", {Missing.Length} are missing, {Unexpected.Length} unexpected, {Mismatched.Length} of another shape or type.");
        Section(text, "Missing in the file", Missing, tensor => Guess(tensor, Unexpected));
        Section(text, "Unexpected in the file", Unexpected, tensor => Guess(tensor, Missing));
        Section(text, "Of another shape or type", Mismatched, mismatch => $"{mismatch.Expected.Name}: expected {mismatch.Expected.Kind}, found {mismatch.Found.Kind}");
        if (CommonPrefix() is { } prefix)
        {
            text.Append($"\nThe file's names begin with '{prefix}': set StripPrefix = \"{prefix}\".");
        }

        return text.ToString();
    }

    private static void Section<T>(StringBuilder text, string title, ImmutableArray<T> items, Func<T, string> line)
    {
        if (items.IsEmpty)
        {
            return;
        }

        text.Append($"\n{title}:");
        foreach (var item in items.Take(MostLines))
        {
            text.Append("\n  ").Append(line(item));
        }

        if (items.Length > MostLines)
        {
            text.Append($"\n  and {items.Length - MostLines} more");
        }
    }

    private static string Guess(TensorSummary tensor, ImmutableArray<TensorSummary> others)
    {
        var near = NearNames.Closest(tensor.Name, others.Where(other => other.Shape.SequenceEqual(tensor.Shape)).Select(other => other.Name));
        return near is null ? $"{tensor}" : $"{tensor} (did you mean '{near}'?)";
    }

    /// <summary>A beginning of the unexpected names without which most of them are missing ones.</summary>
    private string? CommonPrefix()
    {
        var missing = Missing.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var dots = Unexpected.Take(1).SelectMany(first => first.Name.Select((letter, i) => letter == '.' ? i : -1).Where(i => i >= 0), (first, i) => first.Name[..(i + 1)]);
        return dots.FirstOrDefault(prefix => 2 * Unexpected.Count(
            tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal) && missing.Contains(tensor.Name[prefix.Length..])) > Unexpected.Length);
    }
}
