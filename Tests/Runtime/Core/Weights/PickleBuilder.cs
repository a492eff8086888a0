using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Notochord.Tests.Runtime.Core.Weights;

/// <summary>Writes pickles opcode by opcode, so that tests can make what no pickler would.</summary>
internal sealed class PickleBuilder
{
    private readonly ArrayBufferWriter<byte> stream = new();

    public PickleBuilder(byte protocol = 2) => Raw(0x80, protocol);

    public byte[] ToArray() => [.. stream.WrittenSpan, (byte)'.'];

    public PickleBuilder Raw(params byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public PickleBuilder Op(string opcodes) => Raw(Encoding.ASCII.GetBytes(opcodes));

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Raw((byte)'X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        stream.Write(length);
        return Raw(utf8);
    }

    public PickleBuilder Int(long value)
    {
        Raw(0x8a, 8);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
        return this;
    }

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Tuple(params long[] numbers)
    {
        Op("(");
        foreach (var number in numbers)
        {
            Int(number);
        }

        return Op("t");
    }

    /// <summary>What torch writes for a tensor over a typed storage.</summary>
    public PickleBuilder Tensor(string storage, string key, long elements, long offset, long[] shape, long[] strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", storage).Text(key).Text("cpu").Int(elements).Op("tQ");
        Int(offset).Tuple(shape).Tuple(strides).Raw(0x89);
        return Global("collections", "OrderedDict").Op(")RtR");
    }

    /// <summary>A checkpoint archive with this pickle and these storages.</summary>
    public byte[] Archive(IReadOnlyDictionary<string, byte[]> storages, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "archive/data.pkl", ToArray());
            Add(zip, "archive/byteorder", "little"u8.ToArray());
            foreach (var (key, storage) in storages)
            {
                Add(zip, $"archive/data/{key}", storage);
            }

            Add(zip, "archive/version", "3\n"u8.ToArray());
        }

        return bytes.ToArray();

        void Add(ZipArchive zip, string name, byte[] content)
        {
            using var entry = zip.CreateEntry(name, compression).Open();
            entry.Write(content);
        }
    }
}
