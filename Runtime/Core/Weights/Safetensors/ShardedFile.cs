using System.Collections.Immutable;
using System.Text.Json;

namespace Notochord.Weights.Safetensors;

/// <summary>Several safetensors files and the index that says which tensor is in which.</summary>
internal sealed class ShardedFile : WeightFile
{
    private readonly ImmutableArray<SafetensorsFile> shards;

    private ShardedFile(
        string path,
        ImmutableArray<SafetensorsFile> shards,
        ImmutableArray<WeightEntry> entries,
        ImmutableSortedDictionary<string, string> metadata)
        : base(path, entries, metadata)
    {
        this.shards = shards;
    }

    public static ShardedFile Open(string path)
    {
        var (map, metadata) = ReadIndex(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var shards = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            var entries = ImmutableArray.CreateBuilder<WeightEntry>(map.Count);
            foreach (var (name, shard) in map)
            {
                if (!shards.TryGetValue(shard, out var file))
                {
                    file = OpenShard(path, folder, name, shard);
                    shards.Add(shard, file);
                }

                entries.Add(file.TryGet(name, out var entry)
                    ? entry
                    : throw new WeightFileException(path, $"weight_map '{name}'", $"the shard {shard} has no such tensor."));
            }

            return new ShardedFile(path, [.. shards.Values], entries.ToImmutable(), metadata);
        }
        catch
        {
            foreach (var shard in shards.Values)
            {
                shard.Dispose();
            }

            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var shard in shards)
            {
                shard.Dispose();
            }
        }
    }

    private static SafetensorsFile OpenShard(string path, string folder, string name, string shard)
    {
        // The index may name its neighbours only: never a file elsewhere on the machine.
        if (shard.Length == 0 || shard is "." or ".." || shard.AsSpan().ContainsAny('/', '\\', ':') || shard.Contains('\0', StringComparison.Ordinal))
        {
            throw new WeightFileException(path, $"weight_map '{name}'", $"'{shard}' is not a plain file name in the index's own folder.");
        }

        var full = Path.Combine(folder, shard);
        if (!File.Exists(full))
        {
            throw new WeightFileException(path, $"weight_map '{name}'", $"the shard {full} does not exist.");
        }

        return SafetensorsFile.Open(full);
    }

    private static (List<KeyValuePair<string, string>> Map, ImmutableSortedDictionary<string, string> Metadata) ReadIndex(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > SafetensorsHeader.MostHeaderBytes)
            {
                throw new WeightFileException(path, "byte 0", $"the index has {length} bytes; at most {SafetensorsHeader.MostHeaderBytes} are read.");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return (Map(path, json.RootElement), IndexMetadata(json.RootElement));
        }
        catch (JsonException problem)
        {
            throw new WeightFileException(path, "index", $"it is not the JSON of an index: {problem.Message}", problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new WeightFileException(path, "index", $"its text is not valid: {problem.Message}", problem);
        }
    }

    private static List<KeyValuePair<string, string>> Map(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new WeightFileException(path, "index", "expected an object 'weight_map' from tensor names to file names.");
        }

        return [.. map.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.ValueKind == JsonValueKind.String
            ? pair.Value.GetString()!
            : throw new WeightFileException(path, $"weight_map '{pair.Name}'", $"expected a file name, found {pair.Value.ValueKind}.")))];
    }

    private static ImmutableSortedDictionary<string, string> IndexMetadata(JsonElement root) =>
        root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value.ToString(), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;
}
