using System.Collections.Immutable;
using System.IO.Compression;

namespace Notochord.Weights.TorchCheckpoint;

/// <summary>A PyTorch checkpoint since 1.6: a zip archive with one pickle and a file per storage.</summary>
/// <remarks>Source: PyTorch, docs/source/notes/serialization.rst, "Serialized file format for torch.save".</remarks>
internal sealed class CheckpointFile : WeightFile
{
    private const string PickleName = "/data.pkl";
    private const long MostPickleBytes = 100_000_000;

    private readonly ZipArchive archive;
    private readonly ImmutableArray<TorchStorage> storages;

    private CheckpointFile(string path, ZipArchive archive, ImmutableArray<TorchStorage> storages, ImmutableArray<WeightEntry> entries)
        : base(path, entries, ImmutableSortedDictionary<string, string>.Empty)
    {
        this.archive = archive;
        this.storages = storages;
    }

    /// <summary>Whether the first bytes are those of a zip archive or of a pickle, as checkpoints before 1.6 were.</summary>
    public static bool Recognizes(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && (start.SequenceEqual("PK\u0003\u0004"u8) || IsPickle(start));
    }

    public static CheckpointFile OpenCheckpoint(string path, string? root)
    {
        RefusePickle(path);
        var archive = OpenArchive(path);
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        try
        {
            var (prefix, pickle) = ReadPickle(path, archive);
            RefuseBigEndian(path, archive, prefix);
            var entries = ImmutableArray.CreateBuilder<WeightEntry>();
            foreach (var (name, tensor) in CheckpointTree.Tensors(path, PickleReader.Read(path, pickle), root))
            {
                entries.Add(new StridedView(name, tensor, Storage(path, archive, prefix, name, tensor.Storage, storages)));
            }

            return new CheckpointFile(path, archive, [.. storages.Values], entries.ToImmutable());
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            archive.Dispose();
            throw new WeightFileException(path, "archive", $"it is damaged: {problem.Message}", problem);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var storage in storages)
            {
                storage.Dispose();
            }

            archive.Dispose();
        }
    }

    private static bool IsPickle(ReadOnlySpan<byte> start) => start[0] == (byte)PickleOpcode.Proto && start[1] is >= 2 and <= 5;

    private static void RefusePickle(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        file.ReadExactly(start);
        if (IsPickle(start))
        {
            throw new WeightFileException(path, "byte 0", "it is a checkpoint in the format before PyTorch 1.6. Load it there and save it again with torch.save, or as safetensors.");
        }
    }

    private static ZipArchive OpenArchive(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false);
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            stream.Dispose();
            throw new WeightFileException(path, "archive", $"it is not a complete zip archive: {problem.Message}", problem);
        }
    }

    private static bool IsDamage(Exception problem) => problem is InvalidDataException or EndOfStreamException or NotSupportedException;

    private static (string Prefix, byte[] Pickle) ReadPickle(string path, ZipArchive archive)
    {
        var pickles = archive.Entries.Where(entry => entry.FullName.EndsWith(PickleName, StringComparison.Ordinal)).ToList();
        if (pickles is not [var entry])
        {
            throw new WeightFileException(path, "archive", $"expected one NAME{PickleName}, found {pickles.Count}: it is not a PyTorch checkpoint.");
        }

        var prefix = entry.FullName[..^PickleName.Length];
        if (archive.GetEntry($"{prefix}/constants.pkl") is not null)
        {
            throw new WeightFileException(path, "archive", "it is a TorchScript program. Save its weights alone: torch.save(module.state_dict(), path).");
        }

        if (entry.Length > MostPickleBytes)
        {
            throw new WeightFileException(path, entry.FullName, $"it claims {entry.Length} bytes; at most {MostPickleBytes} are read.");
        }

        using var stream = entry.Open();
        return (prefix, TorchStorage.Grow(stream, (int)entry.Length));
    }

    private static void RefuseBigEndian(string path, ZipArchive archive, string prefix)
    {
        if (archive.GetEntry($"{prefix}/byteorder") is not { Length: < 16 } entry)
        {
            return;
        }

        using var text = new StreamReader(entry.Open());
        var order = text.ReadToEnd();
        if (order != "little")
        {
            throw new WeightFileException(path, entry.FullName, $"expected 'little', found '{order}': save the checkpoint on a little-endian machine.");
        }
    }

    private static TorchStorage Storage(
        string path, ZipArchive archive, string prefix, string name, PickleStorage described, Dictionary<string, TorchStorage> known)
    {
        if (!known.TryGetValue(described.Key, out var storage))
        {
            var entry = archive.GetEntry($"{prefix}/data/{described.Key}")
                ?? throw new WeightFileException(path, $"tensor '{name}'", $"its storage {prefix}/data/{described.Key} is not in the archive.");
            storage = new TorchStorage(path, archive, entry);
            known.Add(described.Key, storage);
        }

        // The view was checked against what the pickle says of the storage; this checks that against the archive.
        var bytes = WeightShape.Bytes(described.Type ?? WeightType.UInt8, [described.Elements]);
        return bytes <= storage.Length
            ? storage
            : throw new WeightFileException(path, $"tensor '{name}'", $"its storage should have {bytes} bytes, and the archive holds {storage.Length}.");
    }
}
