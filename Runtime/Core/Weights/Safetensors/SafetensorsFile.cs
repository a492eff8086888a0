using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;

namespace Notochord.Weights.Safetensors;

/// <summary>One memory-mapped safetensors file: an 8-byte header length, a JSON header, and the tensors' bytes.</summary>
/// <remarks>Source: huggingface/safetensors, README "Format".</remarks>
internal sealed class SafetensorsFile : WeightFile
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;

    private SafetensorsFile(
        string path,
        MemoryMappedFile map,
        MemoryMappedViewAccessor view,
        ImmutableArray<WeightEntry> entries,
        ImmutableSortedDictionary<string, string> metadata)
        : base(path, entries, metadata)
    {
        this.map = map;
        this.view = view;
    }

    public static SafetensorsFile Open(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var length = file.Length;
        if (length < SafetensorsHeader.LengthBytes)
        {
            throw new WeightFileException(path, "byte 0", $"expected an 8-byte header length, found a file of {length} bytes.");
        }

        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            map = MemoryMappedFile.CreateFromFile(file, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            var header = SafetensorsHeader.Read(path, length, view);
            var open = view;
            var entries = header.Tensors.Select(WeightEntry (tensor) => new Entry(path, open, header.DataStart, tensor));
            return new SafetensorsFile(path, map, view, [.. entries], header.Metadata);
        }
        catch
        {
            view?.Dispose();
            map?.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            view.Dispose();
            map.Dispose();
        }
    }

    private sealed class Entry(string path, MemoryMappedViewAccessor view, long dataStart, HeaderTensor tensor)
        : WeightEntry(tensor.Name, tensor.Type, tensor.Shape)
    {
        protected override void ReadChecked(long offset, Span<byte> destination)
        {
            ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, path);
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(dataStart + tensor.Begin + offset), destination);
        }
    }
}
