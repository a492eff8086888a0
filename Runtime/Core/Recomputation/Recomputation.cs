using Notochord.Compatibility;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>
/// Trades computation for memory in training: a call keeps none of what it computed on its way, and backward computes it again (Chen et al. 2016,
/// arXiv:1604.06174). A block with an inverse does not keep its inputs either: a chain of such blocks keeps only the outputs of the last (Gomez et
/// al. 2017, The Reversible Residual Network, arXiv:1707.04585).
/// </summary>
/// <remarks>
/// What is computed again is what was computed at first: dropout and drop path draw the same noise, and what a forward stores (running
/// statistics, <see cref="Ops.Op.store"/>) it stores once. Backward of backward is refused. TorchSharp before 0.102.6 has no functions
/// with a backward of their own: there every call is plain autograd.
/// </remarks>
public static class Recomputation
{
    [ThreadStatic] private static Noise? t_noise;
    [ThreadStatic] private static bool t_isAgain;

    /// <summary>Whether this thread computes something again, so that nothing is to be stored.</summary>
    public static bool IsRunning => t_isAgain;

    /// <summary>Whether this thread computes a call whose noise will be drawn again, so that it must come from <see cref="Bernoulli"/>.</summary>
    public static bool IsNoiseRepeatable => t_noise is not null;

    /// <summary>The source of noise of the call that this thread computes, or null outside of such calls.</summary>
    internal static Noise? Noise => t_noise;

    /// <summary>Whether a call of this module is to be recomputed: it is asked to, trains, and somebody may go backward.</summary>
    public static bool IsWanted(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module is IRecomputable { Recompute: true } && module.training && is_grad_enabled();
    }

    /// <summary>1 with a probability of <paramref name="keep"/>, else 0: the same numbers where a call is computed again.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="keep">The probability, 0 to 1.</param>
    /// <param name="like">Type and device of the result.</param>
    /// <param name="owner">The module that draws. One that draws several times in a call must do so in one order, in its inverse as well.</param>
    public static Tensor Bernoulli(long[] shape, double keep, Tensor like, nn.Module owner)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (t_noise is { } noise) return noise.Bernoulli(shape, keep, like, owner);
        var mask = empty(shape, dtype: like.dtype, device: like.device);
        InPlace.Done(mask, mask.bernoulli_(keep));
        return mask;
    }

    /// <summary>Calls a module so that backward computes it again.</summary>
    /// <param name="module">Whose parameters <paramref name="compute"/> uses.</param>
    /// <param name="inputs">Its inputs; the caller keeps them and must not change them in place before backward.</param>
    /// <param name="compute">What it computes: results that the caller owns.</param>
    /// <param name="inverse">How inputs are recovered; null: all are kept.</param>
    /// <returns>The outputs; the caller owns them, and must not change them in place.</returns>
    public static Tensor[] Call(nn.Module module, Tensor[] inputs, Func<Tensor[], Tensor[]> compute, Inverse? inverse = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(compute);
        Tensor[] parameters = [.. module.parameters().Where(p => p.requires_grad)];
        if (parameters.Length == 0 && !Array.Exists(inputs, x => x.requires_grad)) return compute(inputs);
        return RecomputedFunction.Apply(new RecomputedCall(inputs, parameters, compute, inverse), inputs, parameters);
    }

    /// <summary>Runs something with this source of noise; again: nothing is stored meanwhile.</summary>
    internal static T With<T>(Noise noise, bool again, Func<T> run)
    {
        var (outerNoise, outerAgain) = (t_noise, t_isAgain);
        (t_noise, t_isAgain) = (noise, again || outerAgain);
        try
        {
            return run();
        }
        finally
        {
            (t_noise, t_isAgain) = (outerNoise, outerAgain);
        }
    }
}
