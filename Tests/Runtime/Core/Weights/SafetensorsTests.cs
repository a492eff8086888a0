using System.Buffers.Binary;
using System.Text;
using Notochord.Weights;
using Notochord.Weights.Safetensors;

namespace Notochord.Tests.Runtime.Core.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_type_comes_back_with_its_bytes()
    {
        var random = new Random(1);
        var entries = Enum.GetValues<WeightType>().Select((type, i) =>
        {
            long[] shape = i % 3 == 0 ? [] : i % 3 == 1 ? [i, 3] : [2, 0, 5];
            var count = shape.Aggregate(1L, (product, size) => product * size);
            var bytes = new byte[count * SizeOf(type)];
            random.NextBytes(bytes);
            return WeightEntry.FromBytes($"tensor.{type}", type, shape, bytes);
        }).ToList();
        var path = folder.File("all.safetensors");

        SafetensorsWriter.Write(path, entries, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "größe \"quoted\"" });

        using var file = WeightFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("größe \"quoted\"", file.Metadata["note"]);
        Assert.Equal(entries.Count, file.Entries.Length);
        foreach (var entry in entries)
        {
            Assert.True(file.TryGet(entry.Name, out var found));
            Assert.Equal(entry.Type, found.Type);
            Assert.Equal(entry.Shape.AsEnumerable(), found.Shape);
            Assert.Equal(Bytes(entry), Bytes(found));
        }
    }

    [Fact]
    public void The_layout_is_that_of_the_reference_implementation()
    {
        // What safetensors.numpy.save_file writes for these tensors: larger elements first, then by name, compact JSON, padded to 8.
        const string header =
            """{"__metadata__":{"format":"pt"},"count":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[16,20]}}""";
        var path = folder.File("layout.safetensors");

        SafetensorsWriter.Write(
            path,
            [
                WeightEntry.FromBytes("b", WeightType.Float32, [1, 1], new byte[] { 9, 9, 9, 9 }),
                WeightEntry.FromBytes("a", WeightType.Float32, [2], new byte[8]),
                WeightEntry.FromBytes("count", WeightType.Int64, [], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });

        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(header, Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9], bytes[(8 + length)..]);
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes_in_any_order()
    {
        var a = WeightEntry.FromBytes("a", WeightType.Int16, [2], new byte[] { 1, 2, 3, 4 });
        var b = WeightEntry.FromBytes("b", WeightType.Int16, [1], new byte[] { 5, 6 });
        SafetensorsWriter.Write(folder.File("1"), [a, b], new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        SafetensorsWriter.Write(folder.File("2"), [b, a], new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });

        Assert.Equal(File.ReadAllBytes(folder.File("1")), File.ReadAllBytes(folder.File("2")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        var path = folder.Write("model.safetensors", [1, 2, 3]);

        Assert.Throws<IOException>(() => SafetensorsWriter.Write(path, [new FailingEntry()]));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal(["model.safetensors"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Reading_after_closing_is_an_exception_and_not_a_crash()
    {
        var path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, [WeightEntry.FromBytes("a", WeightType.UInt8, [3], new byte[] { 1, 2, 3 })]);
        var file = WeightFile.Open(path);
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Bytes(file.Entries[0]));
    }

    [Fact]
    public void Shards_are_read_as_one_file_in_the_order_of_the_index()
    {
        SafetensorsWriter.Write(folder.File("m-1.safetensors"), [WeightEntry.FromBytes("a", WeightType.UInt8, [1], new byte[] { 1 })]);
        SafetensorsWriter.Write(folder.File("m-2.safetensors"), [WeightEntry.FromBytes("b", WeightType.UInt8, [1], new byte[] { 2 })]);
        Index("""{"metadata":{"total_size":2},"weight_map":{"b":"m-2.safetensors","a":"m-1.safetensors"}}""");

        using var file = WeightFile.Open(folder.Path);

        Assert.Equal(["b", "a"], file.Entries.Select(entry => entry.Name));
        Assert.Equal([2], Bytes(file.Entries[0]));
        Assert.Equal("2", file.Metadata["total_size"]);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../secret.safetensors"}}""", "not a plain file name")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""", "not a plain file name")]
    [InlineData("""{"weight_map":{"a":"..\\secret"}}""", "not a plain file name")]
    [InlineData("""{"weight_map":{"a":".."}}""", "not a plain file name")]
    [InlineData("""{"weight_map":{"a":""}}""", "not a plain file name")]
    [InlineData("""{"weight_map":{"a":"absent.safetensors"}}""", "does not exist")]
    [InlineData("""{"weight_map":{"z":"m.safetensors"}}""", "has no such tensor")]
    [InlineData("""{"weight_map":{"a":"m.safetensors","a":"m.safetensors"}}""", "not the JSON of an index")]
    [InlineData("""{"weight_map":{"a":3}}""", "expected a file name")]
    [InlineData("""{"weight_map":[]}""", "expected an object 'weight_map'")]
    [InlineData("""[]""", "expected an object 'weight_map'")]
    [InlineData("""{"weight_map":""", "not the JSON of an index")]
    public void A_bad_index_is_refused(string json, string expected)
    {
        SafetensorsWriter.Write(folder.File("m.safetensors"), [WeightEntry.FromBytes("a", WeightType.UInt8, [1], new byte[] { 1 })]);

        var problem = Assert.Throws<WeightFileException>(() => WeightFile.Open(Index(json)));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "the last 4 bytes of the file belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "more bytes than can be counted")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "more bytes than can be counted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "are not [begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, "more than 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8, "are not [begin, end]")]
    [InlineData("""{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", 8, "the dtype 'F99' is unknown")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "'a' has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "unknown or there twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "'a' is there twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "inside 'a'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "belong to no tensor")]
    [InlineData("""{"__metadata__":{"a":3}}""", 0, "a string as metadata 'a'")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "metadata 'a' is there twice")]
    [InlineData("""["a"]""", 0, "expected an object of tensors")]
    [InlineData("""{"a":[1]}""", 0, "expected an object that describes 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "not a whole number")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "not valid")]
    [InlineData("""{} {}""", 0, "the header is not JSON")]
    [InlineData("""{"a":""", 0, "the header is not JSON")]
    [InlineData("", 0, "the header is not JSON")]
    public void A_hostile_header_is_refused(string header, int dataBytes, string expected)
    {
        var path = folder.Write("bad.safetensors", FileOf(header, dataBytes));

        var problem = Assert.Throws<WeightFileException>(() => WeightFile.Open(path));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001, "the format allows 100000000")]
    [InlineData(ulong.MaxValue, "the format allows 100000000")]
    [InlineData(3, "it is truncated")]
    public void A_header_length_that_cannot_be_is_refused(ulong length, string expected)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        var problem = Assert.Throws<WeightFileException>(() => WeightFile.Open(folder.Write("bad.safetensors", bytes)));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_short_for_a_length_is_refused() =>
        Assert.Throws<WeightFileException>(() => WeightFile.Open(folder.Write("bad.safetensors", [1, 2, 3])));

    [Fact]
    public void The_position_of_a_mistake_is_its_byte_in_the_file()
    {
        const string header = """{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""";

        var problem = Assert.Throws<WeightFileException>(() => WeightFile.Open(folder.Write("bad.safetensors", FileOf(header, 8))));

        Assert.Equal($"header, byte {8 + header.IndexOf("\"F99\"", StringComparison.Ordinal)}", problem.Location);
    }

    internal static byte[] Bytes(WeightEntry entry)
    {
        var bytes = new byte[entry.ByteLength];
        entry.Read(0, bytes);
        return bytes;
    }

    internal static byte[] FileOf(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    private static int SizeOf(WeightType type) => type switch
    {
        WeightType.Int16 or WeightType.UInt16 or WeightType.Float16 or WeightType.BFloat16 => 2,
        WeightType.Int32 or WeightType.UInt32 or WeightType.Float32 => 4,
        WeightType.Int64 or WeightType.UInt64 or WeightType.Float64 or WeightType.Complex64 => 8,
        _ => 1,
    };

    private string Index(string json) => folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(json));

    private sealed class FailingEntry() : WeightEntry("a", WeightType.UInt8, [4])
    {
        protected override void ReadChecked(long offset, Span<byte> destination) => throw new IOException("the disk is gone");
    }
}
