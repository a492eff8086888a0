namespace Notochord.Tests;

/// <summary>Values of a map between its positions by their definition: the sum over all positions, each times a hat of height 1 and half-width 1 around it along every axis.</summary>
internal static class PlainSampling
{
    /// <summary>The value at a point of one channel of a map.</summary>
    /// <param name="map">The channel, row by row.</param>
    /// <param name="sizes">Its axes.</param>
    /// <param name="point">From -1 to 1 along each axis, the last axis first.</param>
    /// <param name="nearest">The nearest position instead of the sum.</param>
    /// <param name="padding"><c>zeros</c>, <c>border</c> or <c>reflection</c>.</param>
    /// <param name="corners">Whether -1 and 1 are the outermost positions; else half a position beyond.</param>
    public static double At(ReadOnlySpan<double> map, long[] sizes, ReadOnlySpan<double> point, bool nearest, string padding, bool corners)
    {
        var place = new double[sizes.Length];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var (p, last) = (point[sizes.Length - 1 - axis], sizes[axis] - 1);
            p = corners ? (p + 1) / 2 * last : ((p + 1) / 2 * sizes[axis]) - 0.5;
            if (padding == "reflection")
            {
                var (low, high) = corners ? (0.0, (double)last) : (-0.5, last + 0.5);
                if (low == high) p = low;
                while (p < low || p > high) p = p < low ? (2 * low) - p : (2 * high) - p;
            }

            place[axis] = padding == "zeros" ? p : Math.Clamp(p, 0, last);
            if (nearest) place[axis] = Math.Round(place[axis], MidpointRounding.ToEven);
        }

        var sum = 0.0;
        for (var i = 0; i < map.Length; i++)
        {
            var (weight, rest) = (1.0, (long)i);
            for (var axis = sizes.Length - 1; axis >= 0; axis--) (weight, rest) = (weight * Math.Max(0, 1 - Math.Abs(place[axis] - (rest % sizes[axis]))), rest / sizes[axis]);
            sum += weight * map[i];
        }

        return sum;
    }

    /// <summary>A random call: batch 2, 3 channels, maps and points of two or three axes; a third of the points lies outside.</summary>
    public static (long[] Map, long[] Grid, string Mode, string Padding, bool Corners) Random(Random random)
    {
        var n = random.Next(2, 4);
        long[] Sizes() => [.. Enumerable.Range(0, n).Select(_ => (long)random.Next(1, n == 2 ? 7 : 4))];
        return ([2, 3, .. Sizes()], [2, .. Sizes(), n], random.Next(3) == 0 ? "nearest" : "bilinear", new[] { "zeros", "border", "reflection" }[random.Next(3)], random.Next(2) == 0);
    }

    /// <summary>All values of a call, row by row.</summary>
    public static double[] Values(double[] x, long[] map, double[] grid, long[] points, string mode, string padding, bool corners)
    {
        var (sizes, n) = (map[2..], (int)points[^1]);
        var (area, count) = ((int)sizes.Aggregate(1L, (a, b) => a * b), (int)points[1..^1].Aggregate(1L, (a, b) => a * b));
        var values = new List<double>();
        for (var batch = 0; batch < map[0]; batch++)
        {
            for (var channel = 0; channel < map[1]; channel++)
            {
                for (var i = 0; i < count; i++)
                {
                    values.Add(At(
                        x.AsSpan((int)((batch * map[1]) + channel) * area, area), sizes, grid.AsSpan(((batch * count) + i) * n, n), mode == "nearest", padding, corners));
                }
            }
        }

        return [.. values];
    }
}
