namespace Notochord.Tests;

/// <summary>Cosine and Hadamard transforms and convolutions by their definitions, a sum at a time, on row-major numbers.</summary>
internal static class PlainSpectra
{
    /// <summary>Entry (k, j) of the orthonormal transform of type II.</summary>
    public static double Cosine(long n, long k, long j) => Math.Sqrt((k == 0 ? 1.0 : 2.0) / n) * Math.Cos(Math.PI * k * ((2 * j) + 1) / (2 * n));

    /// <summary>Entry (i, j) of Sylvester's matrix, which doubles [[1, 1], [1, -1]].</summary>
    public static double Sylvester(long n, long i, long j) => n == 1 ? 1 : (i >= n / 2 && j >= n / 2 ? -1 : 1) * Sylvester(n / 2, i % (n / 2), j % (n / 2));

    /// <summary>Entry (i, j) of Walsh's matrix: the rows of Sylvester's by their number of sign changes.</summary>
    public static double Walsh(long n, long i, long j)
    {
        var rows = Enumerable.Range(0, (int)n).OrderBy(r => Enumerable.Range(1, (int)n - 1).Count(c => Sylvester(n, r, c) != Sylvester(n, r, c - 1))).ToArray();
        return Sylvester(n, rows[i], j);
    }

    /// <summary>Every vector along an axis times a matrix given by its entries.</summary>
    public static double[] Along(double[] x, long[] shape, int axis, Func<long, long, long, double> entry)
    {
        var (n, inner) = (shape[axis], shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b));
        var y = new double[x.Length];
        for (var at = 0L; at < x.Length; at++)
        {
            var k = at / inner % n;
            for (var j = 0L; j < n; j++) y[at] += entry(n, k, j) * x[at + ((j - k) * inner)];
        }

        return y;
    }

    /// <summary>A convolution of signals [B, C, H, W] with weights [C, h, w]: the sum over s of weight[s] x[t + origin - s] along H and W.</summary>
    public static double[] Convolution(double[] x, long[] shape, double[] weight, long h, long w, long[] origin, bool circular)
    {
        var (channels, height, width) = (shape[1], shape[2], shape[3]);
        var y = new double[x.Length];
        for (var at = 0L; at < x.Length; at++)
        {
            var (plane, row, column) = (at / (height * width), at / width % height, at % width);
            for (var p = 0L; p < h; p++)
            {
                for (var q = 0L; q < w; q++)
                {
                    var (r, c) = (row + origin[0] - p, column + origin[1] - q);
                    if (circular) (r, c) = ((r + (2 * height)) % height, (c + (2 * width)) % width);
                    if (r < 0 || r >= height || c < 0 || c >= width) continue;
                    y[at] += weight[(((plane % channels * h) + p) * w) + q] * x[(((plane * height) + r) * width) + c];
                }
            }
        }

        return y;
    }
}
