using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Removes whole samples at random and scales the others by 1 / keep: Huang et al. 2016, arXiv:1603.09382.</summary>
    /// <param name="x">[B, ...]: each sample is kept or removed as a whole.</param>
    /// <param name="p">The probability of removal, 0 to 1.</param>
    /// <param name="owner">The module that does it: only in training. Where it is computed again, it removes the same.</param>
    public static Tensor drop_path(Tensor x, double p, nn.Module owner)
    {
        if (!owner.training || p == 0) return x.alias();
        var shape = new long[x.dim()];
        Array.Fill(shape, 1);
        shape[0] = x.size(0);
        return Masked(x, shape, p, owner);
    }

    /// <summary>Removes single numbers at random and scales the others by 1 / keep.</summary>
    /// <inheritdoc cref="drop_path"/>
    public static Tensor dropout(Tensor x, double p, nn.Module owner)
    {
        if (!owner.training || p == 0) return x.alias();
        return !Recomputation.IsNoiseRepeatable ? nn.functional.dropout(x, p, true) : Masked(x, x.shape, p, owner);
    }

    private static Tensor Masked(Tensor x, long[] shape, double p, nn.Module owner)
    {
        using var mask = Recomputation.Bernoulli(shape, 1 - p, x, owner);
        if (p < 1) InPlace.Done(mask, mask.div_(1 - p));
        return x.mul(mask);
    }
}
