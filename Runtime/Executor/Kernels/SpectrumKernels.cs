using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Execution.Kernels;

/// <summary>One axis at a time; products by their real and imaginary parts, cosine and Hadamard transforms by their matrices, long convolutions by complex transforms that hold the whole result.</summary>
internal static class SpectrumKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["rfft"] = Forward,
        ["irfft"] = Inverse,
        ["complex_mul"] = Product,
        ["fft_conv"] = Long,
        ["dct"] = c => [Matrices(c, n => Cosines(n))],
        ["idct"] = c => [Matrices(c, n => Transposed(Cosines(n)))],
        ["hadamard"] = c => [Matrices(c, n => Signs(n, c.Text("order") == "sequency", c.Text("norm")))],
    };

    private static Tensor[] Forward(KernelCall call)
    {
        var axes = call.Ints("axes");
        var x = fft.rfft(call.Tensor("x"), dim: axes[^1], norm: Norm(call));
        foreach (var axis in axes[..^1]) x = fft.fft_(x, dim: axis, norm: Norm(call));
        return [view_as_real(x)];
    }

    private static Tensor[] Inverse(KernelCall call)
    {
        var axes = call.Ints("axes");
        var x = view_as_complex(call.Tensor("x").contiguous());
        foreach (var axis in axes[..^1]) x = fft.ifft(x, dim: axis, norm: Norm(call));
        return [fft.irfft(x, call.Int("size"), axes[^1], Norm(call))];
    }

    private static Tensor[] Product(KernelCall call)
    {
        var (a, b) = (call.Tensor("a").unbind(-1), call.Tensor("b").unbind(-1));
        return [stack([(a[0] * b[0]) - (a[1] * b[1]), (a[0] * b[1]) + (a[1] * b[0])], -1)];
    }

    private static Tensor[] Long(KernelCall call)
    {
        var (x, weight, axes) = (call.Tensor("x"), call.Tensor("weight"), call.Ints("axes"));
        var (rank, origins) = (x.dim(), call.Ints("origin", axes.Length));
        var (signal, kernel) = (x, weight);
        var places = axes.Select(a => a < 0 ? a : a - rank).ToArray();
        var sizes = places.Select(a => x.size((int)a) + (call.Flag("circular") ? 0 : weight.size((int)a) - 1)).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            signal = fft.fft_(signal, sizes[i], places[i]);
            kernel = fft.fft_(kernel, sizes[i], places[i]);
        }

        var y = signal * kernel;
        foreach (var place in places) y = fft.ifft(y, dim: place);
        y = view_as_real(y).select(-1, 0);
        for (var i = 0; i < places.Length; i++)
        {
            var length = x.size((int)places[i]);
            if (call.Flag("circular")) y = cat([y.narrow(places[i], origins[i], length - origins[i]), y.narrow(places[i], 0, origins[i])], places[i]);
            else y = F.pad(y.transpose(places[i], -1), [0, Math.Max(0, length + origins[i] - sizes[i])]).narrow(-1, origins[i], length).transpose(places[i], -1);
        }

        return [y];
    }

    private static Tensor Matrices(KernelCall call, Func<long, double[,]> matrix)
    {
        var x = call.Tensor("x");
        foreach (var axis in call.Ints("axes"))
        {
            var along = tensor(matrix(x.size((int)axis)), x.dtype, x.device);
            x = x.transpose(axis, -1).matmul(along.transpose(0, 1)).transpose(axis, -1);
        }

        return x;
    }

    private static double[,] Cosines(long n)
    {
        var matrix = new double[n, n];
        for (var k = 0L; k < n; k++)
        {
            for (var j = 0L; j < n; j++) matrix[k, j] = Math.Sqrt((k == 0 ? 1.0 : 2.0) / n) * Math.Cos(Math.PI * (k * ((2 * j) + 1) % (4 * n)) / (2 * n));
        }

        return matrix;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var result = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) result[i, j] = matrix[j, i];
        }

        return result;
    }

    private static double[,] Signs(long n, bool bySequency, string norm)
    {
        if (!long.IsPow2(n)) throw new ArgumentException($"The Hadamard transform is of a power of two; an axis is {n}.");
        var scale = norm switch { "ortho" => 1 / Math.Sqrt(n), "forward" => 1.0 / n, _ => 1 };
        var rows = Enumerable.Range(0, (int)n).Select(i => Enumerable.Range(0, (int)n).Select(j => (System.Numerics.BitOperations.PopCount((uint)(i & j)) & 1) == 0 ? scale : -scale).ToArray());
        if (bySequency) rows = rows.OrderBy(row => row.Zip(row.Skip(1)).Count(p => p.First != p.Second));
        var matrix = new double[n, n];
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            for (var j = 0; j < n; j++) matrix[i, j] = row[j];
        }

        return matrix;
    }

    private static FFTNormType Norm(KernelCall call) => call.Text("norm") switch { "ortho" => FFTNormType.Ortho, "forward" => FFTNormType.Forward, _ => FFTNormType.Backward };
}
