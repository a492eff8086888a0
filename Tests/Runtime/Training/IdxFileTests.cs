using System.IO.Compression;
using Notochord.Training.Data;

namespace Notochord.Tests.Training;

public sealed class IdxFileTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void Reads_shape_and_elements()
    {
        var array = IdxFile.Read(new MemoryStream(TwoByThree), "x");

        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], array.Bytes);
    }

    [Fact]
    public void Reads_gzip_by_its_content()
    {
        var array = IdxFile.Read(Gzip(TwoByThree), "no-gz-in-the-name");

        Assert.Equal([1, 2, 3, 4, 5, 6], array.Bytes);
    }

    [Fact]
    public void Reads_more_than_its_first_allocation()
    {
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        byte[] header = [0, 0, 8, 2, 0, 0, 0x0B, 0xB8, 0, 0, 0x03, 0xE8];

        Assert.Equal(content, IdxFile.Read(Gzip([.. header, .. content]), "x").Bytes);
    }

    [Theory]
    [InlineData("", "ends inside the header")]
    [InlineData("000008", "ends inside the header")]
    [InlineData("01000801000000010A", "two zero bytes")]
    [InlineData("00000D010000000100000000", "float32 (0x0D)")]
    [InlineData("000042010000000100", "0x42, which no IDX file has")]
    [InlineData("0000080000000001", "1 to 8 dimensions, found 0")]
    [InlineData("000008FF00000001", "1 to 8 dimensions, found 255")]
    [InlineData("000008020000000200", "ends inside dimension 1")]
    [InlineData("000008010000000000", "dimension 0 must be at least 1, found 0")]
    [InlineData("00000801FFFFFFFF00", "dimension 0 must be at least 1, found -1")]
    [InlineData("00000802000000020000000301020304", "[2, 3] = 6 elements, the file ends after 4")]
    [InlineData("0000080100000002010203", "more data follows the 2 elements")]
    [InlineData("000008037FFFFFFF7FFFFFFF7FFFFFFF00", "more elements than")]
    [InlineData("1F8B08000000000000", "ends inside the header")]
    [InlineData("1F8BFFFFFFFFFFFFFFFFFFFF", "the gzip data is damaged")]
    public void Refuses_what_it_cannot_trust(string hex, string expected)
    {
        var refused = Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(Convert.FromHexString(hex)), "some/file"));

        Assert.StartsWith("some/file: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_promises_two_gigabytes_allocates_none()
    {
        byte[] lie = [0, 0, 8, 1, 0x7F, 0xFF, 0, 0, 1, 2, 3];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(lie), "x"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static MemoryStream Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        packed.Position = 0;
        return packed;
    }
}
