using System.IO.Compression;

namespace Notochord.Weights.TorchCheckpoint;

/// <summary>The bytes of one storage: an entry of the archive, read in place where the archive does not compress it.</summary>
internal sealed class TorchStorage(string path, ZipArchive archive, ZipArchiveEntry entry) : IDisposable
{
    private Stream? stream;
    private WeakReference<byte[]>? read;

    public long Length => entry.Length;

    /// <summary>Fills the destination from a byte offset on.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        lock (archive)
        {
            Guarded(() => stream ??= entry.Open());
            if (!stream!.CanSeek)
            {
                All().AsSpan(checked((int)offset), destination.Length).CopyTo(destination);
                return;
            }

            try
            {
                stream.Position = offset;
                stream.ReadExactly(destination);
            }
            catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException)
            {
                throw Damaged(problem);
            }
        }
    }

    /// <summary>All bytes, kept for as long as memory is not wanted elsewhere.</summary>
    public byte[] All()
    {
        lock (archive)
        {
            if (read is not null && read.TryGetTarget(out var known))
            {
                return known;
            }

            if (entry.Length > Array.MaxLength)
            {
                throw new WeightFileException(path, entry.FullName, $"a compressed or strided storage of {entry.Length} bytes is more than one array can hold.");
            }

            byte[] bytes = [];
            Guarded(() =>
            {
                using var all = entry.Open();
                bytes = Grow(all, (int)entry.Length);
            });
            read = new WeakReference<byte[]>(bytes);
            return bytes;
        }
    }

    public void Dispose() => stream?.Dispose();

    /// <summary>Reads in growing steps: a claimed length becomes memory only as the bytes for it arrive.</summary>
    internal static byte[] Grow(Stream stream, int length)
    {
        const int step = 1 << 24;
        var bytes = new byte[Math.Min(length, step)];
        for (var filled = 0; ;)
        {
            stream.ReadExactly(bytes.AsSpan(filled));
            filled = bytes.Length;
            if (filled == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * filled));
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(problem);
        }
    }

    private WeightFileException Damaged(Exception problem) =>
        new(path, entry.FullName, $"the archive is damaged: {problem.Message}", problem);
}
