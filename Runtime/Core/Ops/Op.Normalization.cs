using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Batch normalisation that counts the batches which it learns from, as torch.nn.BatchNorm does.</summary>
    /// <param name="numBatchesTracked">A scalar of int64, or null.</param>
    /// <inheritdoc cref="batch_norm(Tensor, Tensor, Tensor, Tensor, Tensor, bool, double, double)"/>
    public static Tensor batch_norm(
        Tensor x, Tensor runningMean, Tensor runningVar, Tensor? weight, Tensor? bias, Tensor? numBatchesTracked, bool training, double momentum, double eps)
    {
        if (training && numBatchesTracked is not null && !Recomputation.IsRunning)
        {
            using (no_grad()) InPlace.Done(numBatchesTracked, numBatchesTracked.add_(1));
        }

        return batch_norm(x, runningMean, runningVar, weight, bias, training, momentum, eps);
    }

    /// <summary>x / sqrt(mean(x²) + eps) over the last axis, times weight: Zhang and Sennrich 2019, arXiv:1910.07467.</summary>
    /// <param name="x">[.., C].</param>
    /// <param name="weight">[C] or null.</param>
    /// <param name="eps">Added to the mean of the squares.</param>
    public static Tensor rms_norm(Tensor x, Tensor? weight, double eps)
    {
        using var squares = x.square();
        using var mean = squares.mean([-1], true);
        using var shifted = mean.add(eps);
        using var factor = shifted.rsqrt();
        if (weight is null) return x.mul(factor);
        using var normed = x.mul(factor);
        return normed.mul(weight);
    }

    /// <summary>x / max(|x|_p, eps) along an axis.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">Which norm.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="eps">The least divisor.</param>
    public static Tensor normalize(Tensor x, double p, long axis, double eps)
    {
        using var length = linalg.vector_norm(x, p, [axis], true);
        using var divisor = length.clamp_min(eps);
        return x.div(divisor);
    }
}
