using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>An einops rearrangement: axes split, permuted, merged. A step that is null is left out.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="split">The sizes after the axes are split; one may be -1.</param>
    /// <param name="order">Axis i of the permuted tensor is axis order[i] of the split one.</param>
    /// <param name="merge">The sizes after the axes are merged; one may be -1.</param>
    public static Tensor rearrange(Tensor x, long[]? split = null, long[]? order = null, long[]? merge = null)
    {
        var result = x;
        if (split is not null) result = Step(x, result, result.reshape(split));
        if (order is not null) result = Step(x, result, result.permute(order));
        if (merge is not null) result = Step(x, result, result.reshape(merge));
        return ReferenceEquals(result, x) ? x.alias() : result;
    }

    /// <summary>An einops reduction: axes split, some reduced, the others permuted and merged.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="by"><c>mean</c>, <c>sum</c>, <c>max</c> or <c>min</c>.</param>
    /// <param name="axes">Those of the split tensor that are reduced.</param>
    /// <inheritdoc cref="rearrange"/>
    public static Tensor reduce(Tensor x, string by, long[] axes, long[]? split = null, long[]? order = null, long[]? merge = null)
    {
        using var parts = split is null ? x.alias() : x.reshape(split);
        using var reduced = by switch
        {
            "mean" => parts.mean(axes),
            "sum" => parts.sum(axes),
            "max" => parts.amax(axes),
            "min" => parts.amin(axes),
            _ => throw new ArgumentException($"'{by}' reduces nothing; known are mean, sum, max and min.", nameof(by)),
        };
        return rearrange(reduced, null, order, merge);
    }

    /// <summary>An einops repetition: axes split and permuted, new ones put in, all merged.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="expand">Every size with the new axes among the permuted ones; -1 for those.</param>
    /// <param name="at">Places of the new axes in <paramref name="expand"/>, ascending.</param>
    /// <inheritdoc cref="rearrange"/>
    public static Tensor repeat(Tensor x, long[] expand, long[] at, long[]? split = null, long[]? order = null, long[]? merge = null)
    {
        var result = rearrange(x, split, order);
        foreach (var axis in at) result = Step(x, result, result.unsqueeze(axis));
        result = Step(x, result, result.expand(expand));
        return merge is null ? result : Step(x, result, result.reshape(merge));
    }

    // The next of a chain of handles; the one before is released unless it is the caller's.
    private static Tensor Step(Tensor input, Tensor before, Tensor after)
    {
        if (!ReferenceEquals(before, input)) before.Dispose();
        return after;
    }
}
