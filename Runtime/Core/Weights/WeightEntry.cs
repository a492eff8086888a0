using System.Collections.Immutable;

namespace Notochord.Weights;

/// <summary>One named tensor, stored somewhere: its type, shape, and a way to read its bytes.</summary>
public abstract class WeightEntry
{
    private const int CopyBlock = 1 << 20;

    /// <summary>Describes a tensor whose size has been checked.</summary>
    /// <exception cref="ArgumentException">An axis is negative, or the size in bytes does not fit in 63 bits.</exception>
    protected WeightEntry(string name, WeightType type, ImmutableArray<long> shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
        ByteLength = WeightShape.Bytes(type, shape.AsSpan())
            ?? throw new ArgumentException($"'{name}': {WeightShape.Text(shape)} is not a shape whose size can be computed.", nameof(shape));
    }

    /// <summary>The state-dict name, such as <c>layers.0.blocks.1.norm1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The type of an element.</summary>
    public WeightType Type { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The size of all elements, in bytes.</summary>
    public long ByteLength { get; }

    /// <summary>An entry over bytes in memory.</summary>
    /// <param name="name">The state-dict name.</param>
    /// <param name="type">The type of an element.</param>
    /// <param name="shape">The shape; empty for a scalar.</param>
    /// <param name="bytes">The elements in row-major order, little-endian; not copied.</param>
    /// <exception cref="ArgumentException">The shape and the type do not make this many bytes.</exception>
    public static WeightEntry FromBytes(string name, WeightType type, IEnumerable<long> shape, ReadOnlyMemory<byte> bytes) =>
        new MemoryEntry(name, type, [.. shape], bytes);

    /// <summary>Fills <paramref name="destination"/> with this tensor's bytes (row-major, little-endian) from <paramref name="offset"/> on.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="destination">Filled entirely; offset + length may not pass <see cref="ByteLength"/>.</param>
    /// <exception cref="WeightFileException">The file ended, or was damaged in a way that only reading shows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the tensor.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteLength - destination.Length);
        if (!destination.IsEmpty)
        {
            ReadChecked(offset, destination);
        }
    }

    /// <summary>Writes all bytes, row-major and little-endian, to a stream.</summary>
    /// <exception cref="WeightFileException">The file ended, or was damaged in a way that only reading shows.</exception>
    public void CopyTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var block = new byte[Math.Min(CopyBlock, ByteLength)];
        for (long offset = 0; offset < ByteLength; offset += block.Length)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, ByteLength - offset));
            Read(offset, part);
            stream.Write(part);
        }
    }

    /// <summary>Name, type and shape, as <c>norm.weight float32[96]</c>.</summary>
    public override string ToString() => $"{Name} {Type.TorchName()}{WeightShape.Text(Shape)}";

    /// <summary><see cref="Read"/>, for a range that is not empty and within the tensor.</summary>
    protected abstract void ReadChecked(long offset, Span<byte> destination);

    private sealed class MemoryEntry : WeightEntry
    {
        private readonly ReadOnlyMemory<byte> bytes;

        public MemoryEntry(string name, WeightType type, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes)
            : base(name, type, shape)
        {
            if (bytes.Length != ByteLength)
            {
                throw new ArgumentException($"{this} is {ByteLength} bytes, not {bytes.Length}.", nameof(bytes));
            }

            this.bytes = bytes;
        }

        protected override void ReadChecked(long offset, Span<byte> destination) =>
            bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
    }
}
