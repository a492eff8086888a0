namespace Notochord.Weights;

/// <summary>Sizes computed from what a file claims: nothing here trusts a number.</summary>
internal static class WeightShape
{
    /// <summary>More axes than this is no tensor that anyone means; torch itself stops at 64 in most operators.</summary>
    public const int MostAxes = 64;

    /// <summary>The number of elements, or null where an axis is negative, or the product does not fit.</summary>
    public static long? Elements(ReadOnlySpan<long> shape)
    {
        if (shape.Contains(0))
        {
            return shape.ContainsAnyInRange(long.MinValue, -1) ? null : 0;
        }

        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || size > long.MaxValue / count)
            {
                return null;
            }

            count *= size;
        }

        return count;
    }

    /// <summary>The number of bytes, or null where it does not fit or an axis is negative.</summary>
    public static long? Bytes(WeightType type, ReadOnlySpan<long> shape) =>
        Elements(shape) is { } count && count <= long.MaxValue / type.Size() ? count * type.Size() : null;

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
