using System.Buffers.Binary;
using System.IO.Compression;

namespace Notochord.Training.Data;

/// <summary>An array of unsigned bytes read from an IDX file, the format of MNIST and its relatives.</summary>
/// <param name="Shape">The dimensions, outermost first; each at least 1.</param>
/// <param name="Bytes">The elements in row-major order; as many as the product of the shape.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, byte[] Bytes);

/// <summary>Reads IDX files, plain or gzipped (told by the content, not by the name).</summary>
/// <remarks>
/// The layout: two zero bytes, one byte for the element type, one for the number of dimensions, each dimension as a big-endian
/// 32-bit integer, then the elements. The header is not believed: memory grows with what the file really holds.
/// Source: http://yann.lecun.com/exdb/mnist, "THE IDX FILE FORMAT".
/// </remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int MaxRank = 8;
    private const int FirstAllocation = 1 << 20;

    private static readonly Dictionary<byte, string> OtherTypes = new()
    {
        [0x09] = "signed byte",
        [0x0B] = "int16",
        [0x0C] = "int32",
        [0x0D] = "float32",
        [0x0E] = "float64",
    };

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">The file is no IDX file of unsigned bytes, is cut short, or goes on after its end.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxArray Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a seekable stream to its end.</summary>
    /// <param name="stream">Positioned at the start of the IDX file or of its gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read(string)"/>.</exception>
    public static IdxArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (!IsGzip(stream)) return ReadPlain(stream, name);
            using var unpacked = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return ReadPlain(unpacked, name);
        }
        catch (InvalidDataException broken) when (!broken.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: the gzip data is damaged ({broken.Message}); fetch the file again", broken);
        }
    }

    private static bool IsGzip(Stream stream)
    {
        var start = stream.Position;
        Span<byte> magic = stackalloc byte[2];
        var isGzip = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        stream.Position = start;
        return isGzip;
    }

    private static IdxArray ReadPlain(Stream stream, string name)
    {
        var shape = ReadHeader(stream, name);
        var expected = CountElements(shape, name);
        var bytes = ReadElements(stream, expected, name, shape);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"{name}: more data follows the {expected} elements of {Text(shape)}; the header and the content disagree");
        return new IdxArray(shape, bytes);
    }

    private static int[] ReadHeader(Stream stream, string name)
    {
        Span<byte> head = stackalloc byte[4];
        Fill(stream, head, name, "the header");
        if (head[0] != 0 || head[1] != 0)
            throw new InvalidDataException($"{name}: byte 0: expected the two zero bytes that an IDX file starts with, found 0x{head[0]:X2} 0x{head[1]:X2}");
        if (head[2] != UnsignedByte)
        {
            var found = OtherTypes.TryGetValue(head[2], out var type) ? $"{type} (0x{head[2]:X2})" : $"0x{head[2]:X2}, which no IDX file has";
            throw new InvalidDataException($"{name}: byte 2: expected the element type unsigned byte (0x08), found {found}");
        }
        if (head[3] is 0 or > MaxRank)
            throw new InvalidDataException($"{name}: byte 3: expected 1 to {MaxRank} dimensions, found {head[3]}");

        var shape = new int[head[3]];
        for (var i = 0; i < shape.Length; i++)
        {
            Fill(stream, head, name, $"dimension {i}");
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(head);
            if (shape[i] < 1) throw new InvalidDataException($"{name}: byte {4 + (4 * i)}: dimension {i} must be at least 1, found {shape[i]}");
        }
        return shape;
    }

    private static int CountElements(int[] shape, string name)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            count *= dimension;
            if (count > Array.MaxLength)
                throw new InvalidDataException($"{name}: the shape {Text(shape)} has more elements than the {Array.MaxLength} that one array can hold");
        }
        return (int)count;
    }

    private static byte[] ReadElements(Stream stream, int expected, string name, int[] shape)
    {
        var bytes = new byte[Math.Min(expected, FirstAllocation)];
        var filled = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled < bytes.Length)
                throw new InvalidDataException($"{name}: the header says {Text(shape)} = {expected} elements, the file ends after {filled}; fetch it again");
            if (filled == expected) return bytes;
            Array.Resize(ref bytes, (int)Math.Min(expected, 2L * bytes.Length));
        }
    }

    private static void Fill(Stream stream, Span<byte> target, string name, string what)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            throw new InvalidDataException($"{name}: the file ends inside {what}");
    }

    private static string Text(int[] shape) => "[" + string.Join(", ", shape) + "]";
}
