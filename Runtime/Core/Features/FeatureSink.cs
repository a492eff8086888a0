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
        wanted = info.Select(outIndices, nameof(outIndices));
        taken = new Feature?[info.Features.Length];
        missing = wanted.Length;
    }

    /// <summary>Whether every level that was asked for has come, so that the model may stop.</summary>
    public bool IsComplete => missing == 0;

    /// <summary>Whether this level was asked for.</summary>
    public bool Wants(int index) => wanted.Contains(info.PlaceOf(index));

    /// <summary>Offers a level; the sink takes a handle of its own if the level was asked for, and the caller keeps its tensor.</summary>
    /// <param name="index">The level, by its number in the whole model.</param>
    /// <param name="tensor">The level in the layout that <see cref="BackboneInfo.Features"/> gives for it.</param>
    /// <returns><see cref="IsComplete"/>: nothing later in the model is needed.</returns>
    public bool Add(int index, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var place = info.PlaceOf(index);
        if (!wanted.Contains(place) || taken[place] is not null)
        {
            return IsComplete;
        }

        var level = info.Features[place];
        var owned = level.Layout == FeatureLayout.ChannelsLast ? tensor.movedim([-1], [1]) : tensor.alias();
        taken[place] = new Feature(place, level.Name, owned, level.Layout == FeatureLayout.Tokens ? level.Channels : (int)owned.size(1), level.Reduction);
        missing--;
        return IsComplete;
    }

    /// <summary>Offers all levels of a model that gives them as a list, and releases the list.</summary>
    /// <param name="levels">From the first to the last.</param>
    public void AddAll(Tensor[] levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        for (var i = 0; i < levels.Length; i++)
        {
            Add(i, levels[i]);
            levels[i].Dispose();
        }
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
}
