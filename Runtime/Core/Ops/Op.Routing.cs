using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>The k largest or smallest elements along an axis, the first of them first, and their indices.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="k">How many.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="largest">Whether the largest, or the smallest.</param>
    /// <returns>Values, and their indices as int64.</returns>
    public static Tensor[] topk(Tensor x, long k, long axis, bool largest = true)
    {
        var (values, index) = x.topk((int)k, (int)axis, largest, sorted: true);
        return [values, index];
    }

    /// <summary>The elements along an axis in order, equal ones in the order that they had, and the index of each before.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <param name="stable">Whether equal ones keep their order; otherwise it is libtorch's.</param>
    /// <returns>Values, and their indices as int64.</returns>
    public static Tensor[] sort(Tensor x, long axis, bool descending = false, bool stable = true)
    {
        var (values, index) = x.sort(axis, descending, stable);
        return [values, index];
    }

    /// <summary>Each vector times the matrix of its expert, plus its bias: Shazeer et al. 2017, arXiv:1701.06538. The vectors are brought into the order of their
    /// experts, so that each expert takes part in one product with its own vectors, and one without any in none. The sizes are read from the device.</summary>
    /// <param name="x">[..., in]; the axes before the last broadcast to those of <paramref name="index"/>.</param>
    /// <param name="weight">[E, in, out].</param>
    /// <param name="index">[...] of int64, from 0 to E - 1.</param>
    /// <param name="bias">[E, out] or null.</param>
    /// <returns>[..., out], with the axes of <paramref name="index"/>.</returns>
    /// <exception cref="ArgumentException">An index is E or more.</exception>
    public static Tensor expert_linear(Tensor x, Tensor weight, Tensor index, Tensor? bias)
    {
        var (experts, features) = (weight.size(0), weight.size(1));
        using var choices = index.reshape(-1);
        var counts = Counts(choices, experts);
        var (sorted, order) = choices.sort(0, false, stable: true);
        using var positions = order.argsort();
        using var own = WithoutRepetition(x);
        using var sources = Sources(own, index.shape, order);
        using var vectors = own.reshape(-1, features);
        using var ordered = vectors.index_select(0, sources);
        sorted.Dispose();
        order.Dispose();

        var matrices = weight.unbind(0);
        var offsets = bias?.unbind(0);
        var products = new List<Tensor>();
        var start = 0L;
        for (var e = 0; e < counts.Length; e++)
        {
            // Where there is no vector at all, one empty product gives the result its type and its place among the gradients.
            if (counts[e] == 0 && (ordered.size(0) > 0 || e > 0)) continue;
            using var part = ordered.narrow(0, start, counts[e]);
            products.Add(offsets is null ? part.matmul(matrices[e]) : addmm(offsets[e], part, matrices[e], 1, 1));
            start += counts[e];
        }

        using var all = cat(products, 0);
        products.ForEach(p => p.Dispose());
        matrices.Dispose();
        offsets?.Dispose();
        using var results = all.index_select(0, positions);
        return results.reshape([.. index.shape, weight.size(2)]);
    }

    /// <summary>Vectors of each expert.</summary>
    private static long[] Counts(Tensor choices, long experts)
    {
        using var counts = choices.bincount(null!, experts);
        if (counts.size(0) > experts) throw new ArgumentException($"An index of expert_linear is {counts.size(0) - 1}; the experts are 0 to {experts - 1}.", nameof(choices));
        using var here = counts.cpu();
        return here.data<long>().ToArray();
    }

    /// <summary>The vectors that there are: an axis along which a view repeats them has one.</summary>
    private static Tensor WithoutRepetition(Tensor x)
    {
        var result = x.alias();
        for (var i = 0; i < x.dim() - 1; i++)
        {
            if (x.stride(i) == 0 && x.size(i) > 1) replace(ref result, result.narrow(i, 0, 1));
        }

        return result;
    }

    /// <summary>Which vector of x stands at each place of the order.</summary>
    private static Tensor Sources(Tensor x, long[] shape, Tensor order)
    {
        long[] own = x.shape[..^1];
        if (own.AsSpan().SequenceEqual(shape)) return order.alias();
        using var numbers = arange(own.Aggregate(1L, (a, b) => a * b), ScalarType.Int64, x.device);
        using var placed = numbers.reshape(own);
        using var repeated = placed.expand(shape);
        using var flat = repeated.reshape(-1);
        return flat.index_select(0, order);
    }
}
