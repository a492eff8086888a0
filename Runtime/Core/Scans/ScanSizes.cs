using System.Numerics;

namespace Notochord.Scans;

/// <summary>How a scan falls into blocks of channels, one for each lane of a vector, and into chunks of positions.</summary>
internal readonly record struct ScanSizes(int Batch, int Channels, int Length, int Groups, int States, int Window, int Lanes, int Chunk)
{
    private const int ShortestChunk = 64;

    /// <summary>Channels of a group.</summary>
    public int ChannelsOfGroup => Channels / Groups;

    /// <summary>Blocks of a group; the last may have fewer channels than lanes.</summary>
    public int BlocksOfGroup => (ChannelsOfGroup + Lanes - 1) / Lanes;

    /// <summary>Blocks of all groups.</summary>
    public int Blocks => Groups * BlocksOfGroup;

    /// <summary>Chunks of a sequence; the last may be shorter.</summary>
    public int Chunks => (Length + Chunk - 1) / Chunk;

    /// <summary>Numbers that are kept: the states of each block at the start of each chunk.</summary>
    public long KeptCount => (long)Batch * Blocks * Chunks * States * Lanes;

    /// <summary>States that are computed.</summary>
    public long Work => (long)Batch * Channels * Length * States;

    /// <summary>The sizes, with whole windows in a chunk.</summary>
    public static ScanSizes Of<T>(int batch, int channels, int length, int groups, int states, int window)
    {
        var chunk = window <= 1 ? ShortestChunk : (ShortestChunk + window - 1) / window * window;
        return new(batch, channels, length, groups, states, window, Vector<T>.Count, chunk);
    }
}
