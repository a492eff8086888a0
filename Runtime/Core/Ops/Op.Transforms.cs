using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Discrete cosine transform, type II, orthonormal: Ahmed et al. 1974. A product with a matrix along each axis, which is faster than a transform by FFT at the sizes of feature maps.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Along which axes.</param>
    /// <returns>The coefficients, in the shape of <paramref name="x"/>.</returns>
    public static Tensor dct(Tensor x, long[] axes) => Along(x, axes, inverse: false);

    /// <summary>The inverse of <see cref="dct"/>.</summary>
    /// <param name="x">Coefficients.</param>
    /// <param name="axes">Along which axes.</param>
    public static Tensor idct(Tensor x, long[] axes) => Along(x, axes, inverse: true);

    /// <summary>Walsh-Hadamard transform by n log n additions.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Along which axes; their sizes are powers of two.</param>
    /// <param name="order"><c>natural</c> (Sylvester's matrix) or <c>sequency</c> (the same rows by their number of sign changes, Walsh's).</param>
    /// <param name="norm"><c>backward</c> (no factor), <c>ortho</c> (1 / sqrt n) or <c>forward</c> (1 / n).</param>
    /// <returns>The coefficients, in the shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">An axis is no power of two, or the order or norm is unknown.</exception>
    public static Tensor hadamard(Tensor x, long[] axes, string order = "natural", string norm = "ortho")
    {
        if (order is not ("natural" or "sequency")) throw new ArgumentException($"The order '{order}' is unknown; known are natural and sequency.", nameof(order));
        using var scope = NewDisposeScope();
        var (y, count) = (x, 1L);
        foreach (var axis in axes)
        {
            y = Butterflies(y, axis);
            count *= x.size((int)axis);
            if (order == "sequency") y = y.index_select(axis, Sequency(x.size((int)axis)).to(x.device));
        }

        var scale = Norm(norm) switch { TorchSharp.FFTNormType.Ortho => 1 / Math.Sqrt(count), TorchSharp.FFTNormType.Forward => 1.0 / count, _ => 1 };
        return y.mul(scale).MoveToOuterDisposeScope();
    }

    /// <summary>Convolution along axes by Fourier transforms: the sum over s of weight[s] x[t + origin - s].</summary>
    /// <param name="x">The signal.</param>
    /// <param name="weight">The weights; their axes are at the same places from the end as those of <paramref name="x"/>, and those that are not convolved broadcast.</param>
    /// <param name="axes">Along which axes of <paramref name="x"/>.</param>
    /// <param name="origin">For each axis, the place of the weight that meets the position itself; one number stands for all.</param>
    /// <param name="circular">Whether the signal goes round; otherwise it is 0 outside.</param>
    /// <returns>The axes of <paramref name="x"/>, the others as they broadcast.</returns>
    /// <exception cref="ArgumentException">A weight is longer than the axis that it goes round.</exception>
    public static Tensor fft_conv(Tensor x, Tensor weight, long[] axes, long[] origin, bool circular = false)
    {
        using var scope = NewDisposeScope();
        var rank = x.dim();
        var count = axes.Length;
        var places = new long[count];
        var zeros = new long[count];
        var sizes = new long[count];
        for (var i = 0; i < count; i++)
        {
            // From the end, so that they hold for signal, weight and result.
            places[i] = axes[i] < 0 ? axes[i] : axes[i] - rank;
            var (length, taps) = (x.size((int)places[i]), weight.size((int)places[i]));
            zeros[i] = origin[origin.Length == 1 ? 0 : i];
            if (circular)
            {
                if (taps > length) throw new ArgumentException($"A weight of {taps} goes round an axis of {length}; it must not be longer.", nameof(weight));
                sizes[i] = length;
                continue;
            }

            // Weights that meet no position; then the result from zero to zero + length must be free of what the transform wraps around.
            var first = Math.Max(0, zeros[i] - length + 1);
            var kept = Math.Min(taps, zeros[i] + length) - first;
            weight = weight.narrow(places[i], first, kept);
            zeros[i] -= first;
            sizes[i] = FastSize(Math.Max(length + kept - 1 - zeros[i], zeros[i] + length));
        }

        var product = fft.rfftn(x, sizes, places).mul(fft.rfftn(weight, sizes, places));
        var y = fft.irfftn(product, sizes, places);
        for (var i = 0; i < count; i++) y = circular ? y.roll([-zeros[i]], [places[i]]) : y.narrow(places[i], zeros[i], x.size((int)places[i]));
        return (circular ? y.alias() : y.contiguous()).MoveToOuterDisposeScope();
    }

    private static Tensor Along(Tensor x, long[] axes, bool inverse)
    {
        using var scope = NewDisposeScope();
        var y = x;
        foreach (var axis in axes)
        {
            var basis = Cosines(x.size((int)axis)).to(x.dtype).to(x.device);
            y = y.transpose(axis, -1).matmul(inverse ? basis : basis.transpose(0, 1)).transpose(axis, -1);
        }

        return y.alias().MoveToOuterDisposeScope();
    }

    // Row k: c_k cos(pi k (2 j + 1) / (2 n)). The angle is reduced in integers, so that high frequencies lose no digits.
    private static Tensor Cosines(long n)
    {
        var k = arange(n, ScalarType.Int64).unsqueeze(1);
        var j = arange(n, ScalarType.Int64).mul(2).add(1);
        var angle = k.mul(j).remainder(4 * n).to(ScalarType.Float64).mul(Math.PI / (2 * n));
        var scale = k.to(ScalarType.Float64).clamp(0, 1).mul(Math.Sqrt(2.0 / n) - Math.Sqrt(1.0 / n)).add(Math.Sqrt(1.0 / n));
        return angle.cos().mul(scale);
    }

    private static Tensor Butterflies(Tensor x, long axis)
    {
        var n = x.size((int)axis);
        if (!long.IsPow2(n)) throw new ArgumentException($"The Hadamard transform is of a power of two; the axis {axis} is {n}.", nameof(x));
        var y = x.transpose(axis, -1);
        var shape = y.shape;
        for (var half = 1L; half < n; half *= 2)
        {
            var pairs = y.reshape(-1, n / (2 * half), 2, half);
            var (a, b) = (pairs.select(2, 0), pairs.select(2, 1));
            y = stack([a.add(b), a.sub(b)], 2);
        }

        return y.reshape(shape).transpose(axis, -1);
    }

    // The row of Sylvester's matrix with s sign changes is the Gray code of s with its bits in reverse.
    private static Tensor Sequency(long n)
    {
        var rows = new long[n];
        for (var s = 0L; s < n; s++)
        {
            var gray = s ^ (s >> 1);
            for (var bit = n >> 1; bit > 0; bit >>= 1, gray >>= 1) rows[s] += (gray & 1) * bit;
        }

        return tensor(rows, ScalarType.Int64);
    }

    // The next size whose only factors are 2, 3 and 5.
    private static long FastSize(long n)
    {
        while (!IsFast(n)) n++;
        return n;

        static bool IsFast(long n)
        {
            foreach (var factor in (ReadOnlySpan<long>)[2, 3, 5])
            {
                while (n % factor == 0) n /= factor;
            }

            return n == 1;
        }
    }
}
