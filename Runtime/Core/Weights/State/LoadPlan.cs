using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Notochord.Weights;

/// <summary>Which stored tensor goes where, and what has no counterpart: decided from names, shapes and types alone.</summary>
internal sealed record LoadPlan(LoadReport Report, ImmutableArray<(Tensor Target, WeightEntry Entry)> Copies)
{
    public static LoadPlan Make(IReadOnlyList<(string Name, Tensor Tensor)> state, WeightFile file, LoadOptions options)
    {
        var found = Renamed(file, options);
        var copies = ImmutableArray.CreateBuilder<(Tensor, WeightEntry)>();
        var loaded = ImmutableArray.CreateBuilder<string>();
        var missing = ImmutableArray.CreateBuilder<TensorSummary>();
        var mismatched = ImmutableArray.CreateBuilder<LoadMismatch>();
        foreach (var (name, tensor) in state)
        {
            var expected = new TensorSummary(name, TypeName(tensor.dtype), [.. tensor.shape]);
            if (!found.Remove(name, out var entry))
            {
                missing.Add(expected);
            }
            else if (!expected.Shape.SequenceEqual(entry.Shape) || !Converts(entry.Type, tensor.dtype, options))
            {
                mismatched.Add(new LoadMismatch(expected, Summary(name, entry)));
            }
            else
            {
                loaded.Add(name);
                copies.Add((tensor, entry));
            }
        }

        var unexpected = file.Entries.Select(entry => (Name: Rename(entry.Name, options), Entry: entry))
            .Where(item => item.Name is not null && found.ContainsKey(item.Name))
            .Select(item => Summary(item.Name!, item.Entry));
        var report = new LoadReport(file.FilePath, loaded.ToImmutable(), missing.ToImmutable(), [.. unexpected], mismatched.ToImmutable());
        return new LoadPlan(report, copies.ToImmutable());
    }

    private static Dictionary<string, WeightEntry> Renamed(WeightFile file, LoadOptions options)
    {
        var renamed = new Dictionary<string, WeightEntry>(StringComparer.Ordinal);
        foreach (var entry in file.Entries)
        {
            if (Rename(entry.Name, options) is { } name && !renamed.TryAdd(name, entry))
            {
                throw new WeightFileException(file.FilePath, $"tensor '{entry.Name}'", $"'{renamed[name].Name}' has the same name '{name}' in the model's terms; change StripPrefix or MapName.");
            }
        }

        return renamed;
    }

    private static string? Rename(string name, LoadOptions options)
    {
        if (options.StripPrefix.Length > 0 && name.StartsWith(options.StripPrefix, StringComparison.Ordinal))
        {
            name = name[options.StripPrefix.Length..];
        }

        return options.MapName is { } map ? map(name) : name;
    }

    private static bool Converts(WeightType from, ScalarType to, LoadOptions options)
    {
        var stored = StoredType.Of(from);
        return options.ConvertTypes
            ? StoredType.Of(to) is { } kept && StoredType.Of(kept).Kind == stored.Kind
            : stored.Torch == to && (stored.Widen is null || from == WeightType.Bool);
    }

    private static TensorSummary Summary(string name, WeightEntry entry) => new(name, entry.Type.TorchName(), entry.Shape);

    private static string TypeName(ScalarType type) => StoredType.Of(type)?.TorchName() ?? $"{type}";
}
