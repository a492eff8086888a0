namespace Notochord.Tests;

/// <summary>Experts by their definition, one number at a time: what the primitive is held against.</summary>
internal static class PlainExperts
{
    /// <summary>y[i] = x[of(i)] W[index[i]] + b[index[i]].</summary>
    /// <param name="x">Vectors of <paramref name="from"/> numbers.</param>
    /// <param name="of">Which vector each result is made from.</param>
    /// <param name="weight">[E, from, to], row-major.</param>
    /// <param name="bias">[E, to], or null.</param>
    /// <param name="index">The expert of each result.</param>
    /// <param name="from">Numbers of a vector.</param>
    /// <param name="to">Numbers of a result.</param>
    public static double[] Products(double[] x, Func<int, int> of, double[] weight, double[]? bias, long[] index, int from, int to)
    {
        var y = new double[index.Length * to];
        for (var i = 0; i < index.Length; i++)
        {
            for (var o = 0; o < to; o++)
            {
                var sum = bias is null ? 0 : bias[(index[i] * to) + o];
                for (var k = 0; k < from; k++) sum += x[(of(i) * from) + k] * weight[(((index[i] * from) + k) * to) + o];
                y[(i * to) + o] = sum;
            }
        }

        return y;
    }
}
