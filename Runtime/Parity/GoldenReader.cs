using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Notochord.Weights;

namespace Notochord.Parity;

/// <summary>Reads goldens: <c>NAME.json</c> and <c>NAME.safetensors</c> beside it.</summary>
public static class GoldenReader
{
    // A second golden of a model whose signal dies with the running statistics that the rule gives.
    private const string BatchStatistics = "_bnbatch";

    /// <summary>The goldens of a folder by name: every <c>.json</c> that has a <c>.safetensors</c> beside it.</summary>
    public static ImmutableArray<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.json")
            .Where(path => File.Exists(Path.ChangeExtension(path, ".safetensors")))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">The files are not what a golden is.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Golden Read(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            using var tensors = WeightFile.Open(Path.Combine(folder, name + ".safetensors"));
            return Read(document.RootElement, tensors);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is no golden: {e.Message}", e);
        }
    }

    private static Golden Read(JsonElement root, WeightFile tensors)
    {
        var name = root.GetProperty("name").GetString()!;
        var source = root.GetProperty("source");
        var isTimm = source.TryGetProperty("timm", out var model);
        var isOwn = root.TryGetProperty("origin", out var origin) && origin.GetString() == GoldenWriter.Own;
        if (isOwn) model = source.GetProperty("model");
        var arguments = (isTimm || isOwn) && source.TryGetProperty("kwargs", out var given) ? given.EnumerateObject() : default;
        var batchStatistics = name.EndsWith(BatchStatistics, StringComparison.Ordinal);
        return new Golden(
            name,
            isTimm || isOwn ? model.GetString()! : batchStatistics ? name[..^BatchStatistics.Length] : name,
            arguments.ToImmutableSortedDictionary(a => a.Name, a => a.Value.Clone(), StringComparer.Ordinal),
            Sizes(root.GetProperty("input")),
            root.TryGetProperty("input_key", out var key) ? key.GetString()! : "input",
            root.GetProperty("parameters").GetInt64(),
            [.. root.GetProperty("state").EnumerateArray().Select(Tensor)],
            [.. root.GetProperty("outputs").EnumerateObject().Select(o => Output(o, tensors))],
            root.TryGetProperty("train", out var train) && train.ValueKind == JsonValueKind.Object ? Training(train) : null,
            [.. root.GetProperty("trace").EnumerateArray().Select(Trace)])
        {
            BatchStatistics = batchStatistics && !isOwn,
            IsOwn = isOwn,
        };
    }

    private static GoldenTensor Tensor(JsonElement e) =>
        new(e.GetProperty("name").GetString()!, Sizes(e.GetProperty("shape")), e.GetProperty("kind").GetString() == "parameter");

    private static GoldenOutput Output(JsonProperty output, WeightFile tensors)
    {
        if (!tensors.TryGet(output.Name, out var entry)) throw new InvalidDataException($"{tensors.FilePath} has no tensor '{output.Name}'.");
        if (entry.Type != WeightType.Float32) throw new InvalidDataException($"{tensors.FilePath}: expected float32, found {entry}.");
        var values = new float[entry.ByteLength / sizeof(float)];
        entry.Read(0, MemoryMarshal.AsBytes(values.AsSpan()));
        return new GoldenOutput(output.Name, entry.Shape, output.Value.GetProperty("std").GetDouble(), ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private static GoldenTraining Training(JsonElement e) => new(
        e.GetProperty("loss").GetDouble(),
        e.GetProperty("norms").EnumerateObject().ToImmutableDictionary(n => n.Name, n => n.Value.ValueKind == JsonValueKind.Null ? (double?)null : n.Value.GetDouble()),
        e.TryGetProperty("input_norm", out var input) && input.ValueKind == JsonValueKind.Number ? input.GetDouble() : null);

    private static GoldenTrace Trace(JsonElement e) => new(
        e.GetProperty("module").GetString()!,
        e.GetProperty("type").GetString()!,
        Sizes(e.GetProperty("shape")),
        Number(e.GetProperty("mean")),
        Number(e.GetProperty("std")),
        [.. e.GetProperty("first").EnumerateArray().Select(Number)]);

    // A trace may hold a masked score: JSON has no infinities, so those are null.
    private static double Number(JsonElement e) => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : double.NaN;

    private static ImmutableArray<long> Sizes(JsonElement e) => [.. e.EnumerateArray().Select(i => i.GetInt64())];
}
