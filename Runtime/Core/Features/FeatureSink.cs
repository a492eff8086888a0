using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>Takes the levels that a caller asked for out of a running model.</summary>
public sealed class FeatureSink
{
    private readonly BackboneInfo info;
    private readonly ImmutableArray<int> wanted;
    private readonly Feature?[] taken;
    private int missing;

    internal FeatureSink(BackboneInfo info, IReadOnlyList<int>? outIndices)
    {
        this.info = info;
        wanted = outIndices is null ? [.. Enumerable.Range(0, info.Features.Length)] : [.. outIndices.Select(index => Level(index, nameof(outIndices)))];
        if (wanted.Distinct().Count() != wanted.Length)
        {
            throw new ArgumentException($"{info.Variant}: a level is asked for twice in [{string.Join(", ", outIndices!)}].", nameof(outIndices));
        }

        taken = new Feature?[info.Features.Length];
        missing = wanted.Length;
    }

    /// <summary>Whether every level that was asked for has come, so that the model may stop.</summary>
    public bool IsComplete => missing == 0;

    /// <summary>Whether this level was asked for.</summary>
    public bool Wants(int index) => wanted.Contains(index);

    /// <summary>Offers a level; the sink takes a handle of its own if the level was asked for, and the caller keeps its tensor.</summary>
    /// <param name="index">The level, as in <see cref="BackboneInfo.Features"/>.</param>
    /// <param name="tensor">The level in the layout that <see cref="BackboneInfo.Features"/> gives for it.</param>
    /// <returns><see cref="IsComplete"/>: nothing later in the model is needed.</returns>
    public bool Add(int index, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!Wants(index) || taken[index] is not null)
        {
            return IsComplete;
        }

        var level = info.Features[index];
        var owned = level.Layout == FeatureLayout.ChannelsLast ? tensor.permute(0, 3, 1, 2) : tensor.alias();
        taken[index] = new Feature(index, level.Name, owned, level.Channels, level.Reduction);
        missing--;
        return IsComplete;
    }

    /// <summary>The levels in the order in which they were asked for.</summary>
    internal ImmutableArray<Feature> Take() =>
        [.. wanted.Select(index => taken[index] ?? throw new InvalidOperationException($"{info.Variant} made no level {index} ({info.Features[index].Name})."))];

    internal void Release()
    {
        foreach (var feature in taken)
        {
            feature?.Dispose();
        }
    }

    private int Level(int index, string parameter)
    {
        var count = info.Features.Length;
        return index >= -count && index < count
            ? (index + count) % count
            : throw new ArgumentOutOfRangeException(
                parameter,
                index,
                $"{info.Variant} has the levels {string.Join(", ", info.Features.Select((level, i) => $"{i} ({level.Name})").DefaultIfEmpty("none"))}; -1 is the last.");
    }
}
