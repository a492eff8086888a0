using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Notochord.Weights;

/// <summary>Tensors stored under names: a safetensors file, several with an index, or a PyTorch checkpoint.</summary>
/// <remarks>Opening reads and checks what the file says of its tensors; their bytes are read when asked for.</remarks>
public abstract class WeightFile : IDisposable
{
    private readonly Dictionary<string, WeightEntry> byName;

    /// <summary>Describes an opened file.</summary>
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="entries">Its tensors, in the file's order, under different names.</param>
    /// <param name="metadata">Free text by key.</param>
    protected WeightFile(string path, ImmutableArray<WeightEntry> entries, ImmutableSortedDictionary<string, string> metadata)
    {
        FilePath = path;
        Entries = entries;
        Metadata = metadata;
        byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Where the file is.</summary>
    public string FilePath { get; }

    /// <summary>The tensors, in the file's order.</summary>
    public ImmutableArray<WeightEntry> Entries { get; }

    /// <summary>Free text that the file carries, by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Opens weights of any known format, told apart by their first bytes.</summary>
    /// <param name="path">
    /// A <c>.safetensors</c> file, a <c>.safetensors.index.json</c> beside its shards, a <c>.pth</c> or <c>.pt</c> file, or a folder with
    /// <c>model.safetensors</c> or its index.
    /// </param>
    /// <param name="root">
    /// Which dictionary of a PyTorch checkpoint holds the weights, as <c>model_ema</c> or <c>student.backbone</c>; by default the one
    /// that holds tensors, or the first of those that training code commonly writes (<c>state_dict</c>, <c>model</c>...).
    /// </param>
    /// <exception cref="WeightFileException">The content is not what its format says.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WeightFile Open(string path, string? root = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = InFolder(path);
        if (path.EndsWith(".index.json", StringComparison.Ordinal))
        {
            return Safetensors.ShardedFile.Open(path);
        }

        return TorchCheckpoint.CheckpointFile.Recognizes(path)
            ? TorchCheckpoint.CheckpointFile.OpenCheckpoint(path, root)
            : Safetensors.SafetensorsFile.Open(path);
    }

    /// <summary>Finds a tensor by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out WeightEntry? entry) => byName.TryGetValue(name, out entry);

    /// <summary>Closes the file; its entries can no longer be read.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the format holds open.</summary>
    protected abstract void Dispose(bool disposing);

    private static string InFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        string[] names = ["model.safetensors", "model.safetensors.index.json"];
        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The folder {path} holds neither {string.Join(" nor ", names)}.", path);
    }
}
