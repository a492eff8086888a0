namespace Notochord.Ops;

/// <summary>The windows along one axis: Hassani et al. 2025, Generalized Neighborhood Attention, arXiv:2504.16922, with absent keys at the border as a choice.</summary>
/// <param name="Length">Positions.</param>
/// <param name="Kernel">Keys of a window.</param>
/// <param name="Stride">Positions that share a window.</param>
/// <param name="Dilation">Distance of neighbours: the axis falls into so many classes, each with windows of its own.</param>
/// <param name="Causal">Whether a position sees none after it.</param>
/// <param name="Clamp">Whether windows at the ends move inside; else keys outside are absent.</param>
internal readonly record struct NeighborhoodAxis(long Length, long Kernel, long Stride, long Dilation, bool Causal, bool Clamp)
{
    /// <summary>The axis of an operator's arguments.</summary>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    public static NeighborhoodAxis Create(long length, long kernel, long stride, long dilation, bool causal, string border)
    {
        if (border is not ("clamp" or "zero")) throw new ArgumentException($"The border '{border}' is unknown; known are clamp and zero.", nameof(border));
        if (kernel < 1 || stride < 1 || dilation < 1 || stride > kernel) throw new ArgumentException($"A window has at least 1 key and a stride from 1 to its keys; found {kernel} keys, stride {stride}, dilation {dilation}.", nameof(kernel));
        if (border == "clamp" && length < kernel * dilation) throw new ArgumentException($"A window of {kernel} keys with dilation {dilation} needs an axis of at least {kernel * dilation}; found {length}.", nameof(length));
        return new NeighborhoodAxis(length, kernel, stride, dilation, causal, border == "clamp");
    }

    /// <summary>Whether every position has all its keys.</summary>
    public bool IsFull => Clamp && !Causal;

    /// <summary>The position of each key of each position, row-major [Length, Kernel]; -1 where it is absent.</summary>
    public long[] Keys()
    {
        var keys = new long[Length * Kernel];
        for (var position = 0L; position < Length; position++)
        {
            var residue = position % Dilation;
            var own = position / Dilation;
            var size = (Length - residue + Dilation - 1) / Dilation;
            var first = First(own, size);
            for (var i = 0L; i < Kernel; i++)
            {
                var key = first + i;
                var isThere = key >= 0 && key < size && !(Causal && key > own);
                keys[(position * Kernel) + i] = isThere ? (key * Dilation) + residue : -1;
            }
        }

        return keys;
    }

    // Within a class of positions that are Dilation apart.
    private long First(long position, long size)
    {
        var leader = Math.Min(position - (position % Stride) + (Causal ? Stride - 1 : Stride / 2), size - 1);
        if (Causal) return leader - Kernel + 1;
        return Clamp ? Math.Clamp(leader - (Kernel / 2), 0, size - Kernel) : leader - (Kernel / 2);
    }
}
