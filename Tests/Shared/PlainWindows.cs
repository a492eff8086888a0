namespace Notochord.Tests;

/// <summary>Neighbourhood windows by their definition, one number at a time: what the primitives are held against.</summary>
internal sealed class PlainWindows(long[] sizes, long[] kernel, long[] stride, long[] dilation, long[] causal, string border)
{
    /// <summary>Positions, and keys of a window.</summary>
    public (long Positions, long Keys) Count { get; } = (sizes.Aggregate(1L, (a, b) => a * b), kernel.Aggregate(1L, (a, b) => a * b));

    /// <summary>A random window of one to three axes, whose sizes fit it.</summary>
    public static PlainWindows Random(Random random, out long[] sizes, out object[] arguments)
    {
        var n = random.Next(1, 4);
        long[] Each(Func<int, int> value) => [.. Enumerable.Range(0, n).Select(i => (long)value(i))];
        var kernel = Each(_ => random.Next(1, n == 3 ? 4 : 6));
        var stride = Each(i => random.Next(1, (int)kernel[i] + 1));
        var dilation = Each(_ => random.Next(1, 4));
        var causal = Each(_ => random.Next(4) == 0 ? 1 : 0);
        var border = random.Next(3) == 0 ? "zero" : "clamp";
        sizes = Each(i => border == "zero" ? random.Next(1, 9) : (int)(kernel[i] * dilation[i]) + random.Next(0, 5));
        arguments = [kernel, stride, dilation, causal, border];
        return new PlainWindows(sizes, kernel, stride, dilation, causal, border);
    }

    /// <summary>The keys of a position on one axis, each a position or -1.</summary>
    public long[] Along(int axis, long position)
    {
        // Of the positions that are a dilation apart, as an axis of its own.
        var family = new List<long>();
        for (var p = position % dilation[axis]; p < sizes[axis]; p += dilation[axis]) family.Add(p);
        var own = family.IndexOf(position);
        var firstOfStride = own / stride[axis] * stride[axis];
        var keys = new List<long>();
        if (causal[axis] == 1)
        {
            var leader = Math.Min(firstOfStride + stride[axis] - 1, family.Count - 1);
            for (var key = leader - kernel[axis] + 1; key <= leader; key++) keys.Add(key >= 0 && key <= own ? family[(int)key] : -1);
            return [.. keys];
        }

        var start = Math.Min(firstOfStride + (stride[axis] / 2), family.Count - 1) - (kernel[axis] / 2);
        if (border == "clamp")
        {
            while (start + kernel[axis] > family.Count) start--;
            while (start < 0) start++;
        }

        for (var key = start; key < start + kernel[axis]; key++) keys.Add(key >= 0 && key < family.Count ? family[(int)key] : -1);
        return [.. keys];
    }

    /// <summary>The keys of a position, counted row by row; -1 where one is absent.</summary>
    public long[] Of(long position)
    {
        long[] keys = [0];
        var places = new long[sizes.Length];
        for (var axis = sizes.Length - 1; axis >= 0; axis--) (places[axis], position) = (position % sizes[axis], position / sizes[axis]);
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var along = Along(axis, places[axis]);
            keys = [.. keys.SelectMany(before => along.Select(here => before < 0 || here < 0 ? -1 : (before * sizes[axis]) + here))];
        }

        return keys;
    }

    /// <summary>Dot products of q [batch, positions, channels] with the keys of each: [batch, positions, keys].</summary>
    public double[] Scores(double[] q, double[] k, long batch, long channels)
    {
        var scores = new List<double>();
        for (var b = 0L; b < batch; b++)
        {
            for (var position = 0L; position < Count.Positions; position++)
            {
                foreach (var key in Of(position))
                {
                    var sum = key < 0 ? double.NegativeInfinity : 0;
                    for (var c = 0L; key >= 0 && c < channels; c++) sum += q[(((b * Count.Positions) + position) * channels) + c] * k[(((b * Count.Positions) + key) * channels) + c];
                    scores.Add(sum);
                }
            }
        }

        return [.. scores];
    }

    /// <summary>Weighted sums of the values v [batch, positions, channels] of each window.</summary>
    public double[] Sums(double[] weights, double[] v, long batch, long channels)
    {
        var sums = new double[batch * Count.Positions * channels];
        for (var b = 0L; b < batch; b++)
        {
            for (var position = 0L; position < Count.Positions; position++)
            {
                var at = (b * Count.Positions) + position;
                var keys = Of(position);
                for (var i = 0L; i < keys.Length; i++)
                {
                    for (var c = 0L; keys[i] >= 0 && c < channels; c++) sums[(at * channels) + c] += weights[(at * keys.Length) + i] * v[(((b * Count.Positions) + keys[i]) * channels) + c];
                }
            }
        }

        return sums;
    }
}
