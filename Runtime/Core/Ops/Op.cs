using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Ops;

/// <summary>
/// Operators that generated code needs beyond TorchSharp's tensor methods, from what all supported versions have. Each returns a tensor that
/// the caller owns, also where it changed nothing, and releases none of its inputs.
/// </summary>
public static partial class Op
{
    /// <summary>Gaussian error linear unit: Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="approximate"><c>none</c> for x Φ(x), <c>tanh</c> for its usual approximation.</param>
    /// <remarks>
    /// Where a gradient will be asked for, float32 on a CPU is composed of erf: the fused backward of oneDNN 2.6 (libtorch 1.13) is sometimes
    /// wrong there.
    /// </remarks>
    public static Tensor gelu(Tensor x, string approximate = "none") => approximate switch
    {
        "none" when x.requires_grad && is_grad_enabled() && x.device_type == DeviceType.CPU => ComposedGelu(x),
        "none" => x.gelu(),
        "tanh" => TanhGelu(x),
        _ => throw new ArgumentException($"The approximation '{approximate}' is unknown; known are none and tanh.", nameof(approximate)),
    };

    /// <summary>Batch normalisation over all axes but the second: Ioffe and Szegedy 2015, arXiv:1502.03167.</summary>
    /// <param name="x">[B, C, ...].</param>
    /// <param name="runningMean">[C]; updated in training. Null with <paramref name="runningVar"/>: the batch's statistics are used always.</param>
    /// <param name="runningVar">[C].</param>
    /// <param name="weight">[C] or null.</param>
    /// <param name="bias">[C] or null.</param>
    /// <param name="training">Whether the batch's statistics are used and learnt (once, where it is computed again). The caller counts the batches.</param>
    /// <param name="momentum">How much of the running statistics a batch replaces.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor batch_norm(
        Tensor x, Tensor? runningMean, Tensor? runningVar, Tensor? weight, Tensor? bias, bool training, double momentum = 0.1, double eps = 1e-5) =>
        (training && Recomputation.IsRunning)
            ? nn.functional.batch_norm(x, null!, null!, weight!, bias!, true, momentum, eps)
            : nn.functional.batch_norm(x, runningMean!, runningVar!, weight!, bias!, training || runningMean is null, momentum, eps);

    /// <summary>Layer normalisation over the last axes: Ba et al. 2016, arXiv:1607.06450.</summary>
    /// <param name="x">[..., normalizedShape].</param>
    /// <param name="normalizedShape">The sizes of the last axes.</param>
    /// <param name="weight">Of that shape, or null.</param>
    /// <param name="bias">Of that shape, or null.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor layer_norm(Tensor x, long[] normalizedShape, Tensor? weight, Tensor? bias, double eps = 1e-5) =>
        nn.functional.layer_norm(x, normalizedShape, weight!, bias!, eps);

    /// <summary>softmax(q kᵀ scale + bias) v: Vaswani et al. 2017, arXiv:1706.03762, eq. 1.</summary>
    /// <param name="q">[..., N, D].</param>
    /// <param name="k">[..., M, D].</param>
    /// <param name="v">[..., M, E].</param>
    /// <param name="bias">What is added to the scores, broadcast to [..., N, M]: a position bias, or a mask of 0 and -inf; or null.</param>
    /// <param name="scale">Usually 1/√D.</param>
    /// <returns>[..., N, E].</returns>
    public static Tensor attention(Tensor q, Tensor k, Tensor v, Tensor? bias, double scale)
    {
        // TorchSharp's scalars are native objects: one left to the collector here keeps the hole of a whole score tensor from being used again.
        using Scalar factor = scale, one = 1;
        using var scaled = q.mul(factor);
        using var transposed = k.transpose(-2, -1);
        using var products = scaled.matmul(transposed);
        using var scores = bias is null ? products.alias() : products.add(bias, one);
        using var weights = scores.softmax(-1);
        return weights.matmul(v);
    }

    /// <summary>Shifts along axes; what leaves one end enters at the other.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shifts">By how much, one for each of the axes.</param>
    /// <param name="axes">Which axes.</param>
    public static Tensor roll(Tensor x, long[] shifts, long[] axes) =>
        shifts.AsSpan().ContainsAnyExcept(0) ? x.roll(shifts, axes) : x.alias();

    /// <summary>x Φ(x), with a backward of plain operators: with h = x / 2, it is h + h erf(x / √2).</summary>
    private static Tensor ComposedGelu(Tensor x)
    {
        using var scaled = x.mul(1 / Math.Sqrt(2));
        using var erf = scaled.erf();
        using var half = x.mul(0.5);
        return half.addcmul(half, erf, 1);
    }

    /// <summary>x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    private static Tensor TanhGelu(Tensor x)
    {
        using var square = x.mul(x);
        using var factor = square.mul(0.044715);
        using var cubic = x.addcmul(x, factor, 1);
        using var scaled = cubic.mul(Math.Sqrt(2 / Math.PI));
        using var tanh = scaled.tanh();
        using var half = x.mul(0.5);
        return half.addcmul(half, tanh, 1);
    }
}
