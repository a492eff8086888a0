using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Ops;

/// <summary>
/// Windows over several axes, as matrix products: the keys of all axes but the last are gathered, which makes each row of queries meet a band of whole
/// rows of keys in one product; of that, the last axis's windows are picked. It does a few times the multiplications of the windows alone, but as
/// large products and without a copy of each window.
/// </summary>
internal sealed class Neighborhood : IDisposable
{
    private readonly long _rows;
    private readonly long _width;
    private readonly long _bandRows;
    private readonly Tensor? _rowsOfBand;
    private readonly Tensor _places;
    private readonly Tensor? _absent;

    /// <param name="x">[..., spatial..., channels]: gives sizes and device.</param>
    /// <param name="axes">The axes before the last of <paramref name="x"/>.</param>
    private Neighborhood(Tensor x, NeighborhoodAxis[] axes)
    {
        var inner = axes[^1];
        _width = inner.Length;
        var (rows, bandRows, outer) = Outer(axes[..^1]);
        (_rows, _bandRows) = (rows, bandRows);
        var columns = inner.Keys();
        if (axes.Length > 1) _rowsOfBand = Indices([.. outer.Select(row => Math.Max(row, 0))], x);

        var keys = bandRows * inner.Kernel;
        var places = new long[_width * keys];
        for (var at = 0L; at < _width; at++)
        {
            for (var row = 0L; row < bandRows; row++)
            {
                for (var i = 0L; i < inner.Kernel; i++) places[(at * keys) + (row * inner.Kernel) + i] = (row * _width) + Math.Max(columns[(at * inner.Kernel) + i], 0);
            }
        }

        using (var flat = Indices(places, x)) _places = flat.reshape(1, 1, _width, keys);
        if (axes.All(a => a.IsFull)) return;

        using var outerIndex = Indices(outer, x);
        using var rowAbsent = outerIndex.lt(0);
        using var rowsAbsent = rowAbsent.reshape(rows, 1, bandRows, 1);
        using var innerIndex = Indices(columns, x);
        using var columnAbsent = innerIndex.lt(0);
        using var columnsAbsent = columnAbsent.reshape(1, _width, 1, inner.Kernel);
        using var absent = rowsAbsent.logical_or(columnsAbsent);
        _absent = absent.reshape(1, rows, _width, keys);
    }

    /// <summary>The windows over the axes before the last of a tensor.</summary>
    public static Neighborhood Of(Tensor x, long[] kernel, long[] stride, long[] dilation, long[] causal, string border)
    {
        var (n, rank) = (kernel.Length, (int)x.dim());
        if (n == 0 || rank <= n) throw new ArgumentException($"A kernel of {n} sizes needs a tensor with more axes than that; found {rank}.", nameof(kernel));
        var axes = new NeighborhoodAxis[n];
        for (var i = 0; i < n; i++) axes[i] = NeighborhoodAxis.Create(x.size(rank - 1 - n + i), kernel[i], Each(stride, i), Each(dilation, i), Each(causal, i) != 0, border);
        return new Neighborhood(x, axes);
    }

    /// <summary>Dot products of each query with its keys, minus infinity where there is none.</summary>
    public Tensor Scores(Tensor q, Tensor k)
    {
        using var queries = Rows(q);
        using var band = Band(k);
        using var transposed = band.transpose(-2, -1);
        using var all = queries.matmul(transposed);
        using var places = _places.expand(all.size(0), _rows, -1, -1);
        using var scores = all.gather(-1, places);
        if (_absent is null) return Restore(scores, q);
        using Scalar least = double.NegativeInfinity;
        using var masked = scores.masked_fill(_absent, least);
        return Restore(masked, q);
    }

    /// <summary>Sums of each window's values with these weights; an absent one counts as 0.</summary>
    public Tensor Sums(Tensor weights, Tensor v)
    {
        using var given = Rows(weights);
        using var present = Present(given);
        using var band = Band(v);
        using var places = _places.expand(given.size(0), _rows, -1, -1);
        using var nothing = zeros(given.size(0), _rows, _width, _bandRows * _width, dtype: given.dtype, device: given.device);
        // Added, not put: absent keys share a place, with a weight of 0.
        using var all = nothing.scatter_add(-1, places, present);
        using var sums = all.matmul(band);
        return Restore(sums, v);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rowsOfBand?.Dispose();
        _places.Dispose();
        _absent?.Dispose();
    }

    private static long Each(long[] values, int axis) => values.Length == 1 ? values[0] : values[axis];

    // The axes but the last as one: for each row, the rows of its band, or -1.
    private static (long Rows, long BandRows, long[] Index) Outer(NeighborhoodAxis[] axes)
    {
        var (rows, keys, index) = (1L, 1L, new long[] { 0 });
        foreach (var axis in axes)
        {
            var own = axis.Keys();
            var next = new long[rows * axis.Length * keys * axis.Kernel];
            var at = 0;
            for (var row = 0L; row < rows; row++)
            {
                for (var position = 0L; position < axis.Length; position++)
                {
                    for (var key = 0L; key < keys; key++)
                    {
                        for (var i = 0L; i < axis.Kernel; i++)
                        {
                            var (before, here) = (index[(row * keys) + key], own[(position * axis.Kernel) + i]);
                            next[at++] = before < 0 || here < 0 ? -1 : (before * axis.Length) + here;
                        }
                    }
                }
            }

            (rows, keys, index) = (rows * axis.Length, keys * axis.Kernel, next);
        }

        return (rows, keys, index);
    }

    private static Tensor Indices(long[] values, Tensor like) => tensor(values, ScalarType.Int64, like.device);

    private static Tensor Restore(Tensor x, Tensor like)
    {
        var shape = new long[like.dim()];
        for (var i = 0; i < shape.Length; i++) shape[i] = like.size(i);
        shape[^1] = x.size(-1);
        return x.reshape(shape);
    }

    // [..., spatial..., c] as [n, rows, width, c].
    private Tensor Rows(Tensor x) => x.reshape(-1, _rows, _width, x.size(-1));

    // The rows that each row's queries meet: [n, rows, bandRows * width, c].
    private Tensor Band(Tensor x)
    {
        using var rows = Rows(x);
        if (_rowsOfBand is null) return rows.alias();
        using var band = rows.index_select(1, _rowsOfBand);
        return band.reshape(-1, _rows, _bandRows * _width, x.size(-1));
    }

    private Tensor Present(Tensor weights)
    {
        if (_absent is null) return weights.alias();
        using Scalar none = 0;
        return weights.masked_fill(_absent, none);
    }
}

