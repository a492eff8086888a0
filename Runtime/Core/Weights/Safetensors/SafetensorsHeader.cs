using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;

namespace Notochord.Weights.Safetensors;

/// <summary>What a safetensors header says, checked against the file: every byte of data belongs to exactly one tensor.</summary>
internal sealed record SafetensorsHeader(
    ImmutableArray<HeaderTensor> Tensors,
    ImmutableSortedDictionary<string, string> Metadata,
    long DataStart)
{
    public const int LengthBytes = 8;
    public const string MetadataKey = "__metadata__";

    /// <summary>The format's own limit, which keeps a hostile length from becoming an allocation.</summary>
    public const long MostHeaderBytes = 100_000_000;

    public static SafetensorsHeader Read(string path, long fileLength, MemoryMappedViewAccessor view)
    {
        var length = view.ReadUInt64(0);
        if (length > MostHeaderBytes)
        {
            throw new WeightFileException(path, "byte 0", $"the header claims {length} bytes; the format allows {MostHeaderBytes}. Is this a safetensors file?");
        }

        if ((long)length > fileLength - LengthBytes)
        {
            throw new WeightFileException(path, "byte 0", $"the header claims {length} bytes, and the file ends after {fileLength - LengthBytes} more: it is truncated.");
        }

        var json = new byte[length];
        view.SafeMemoryMappedViewHandle.ReadSpan(LengthBytes, json.AsSpan());
        var dataStart = LengthBytes + (long)length;
        var (tensors, metadata) = HeaderParser.Parse(path, json);
        CheckRanges(path, tensors, fileLength - dataStart);
        return new SafetensorsHeader(tensors, metadata, dataStart);
    }

    private static void CheckRanges(string path, ImmutableArray<HeaderTensor> tensors, long dataLength)
    {
        var end = 0L;
        HeaderTensor? last = null;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            var location = $"tensor '{tensor.Name}'";
            if (tensor.End > dataLength)
            {
                throw new WeightFileException(path, location, $"ends at data byte {tensor.End}, and the file holds {dataLength}: it is truncated.");
            }

            if (tensor.Begin < end)
            {
                throw new WeightFileException(path, location, $"starts at data byte {tensor.Begin}, inside '{last?.Name}' which ends at {end}.");
            }

            if (tensor.Begin > end)
            {
                throw new WeightFileException(path, location, $"starts at data byte {tensor.Begin}, and the {tensor.Begin - end} bytes from {end} on belong to no tensor.");
            }

            end = tensor.End;
            last = tensor;
        }

        if (end != dataLength)
        {
            throw new WeightFileException(path, $"data byte {end}", $"the last {dataLength - end} bytes of the file belong to no tensor.");
        }
    }
}
