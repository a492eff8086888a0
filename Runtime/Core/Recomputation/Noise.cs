using static TorchSharp.torch;

namespace Notochord;

/// <summary>
/// Random numbers that a call gets again when it is computed again, in whatever order its modules are called then: each module has a
/// stream of its own (numbered in the order of the first time), and its first draw is the same each time, and its second.
/// </summary>
internal sealed class Noise
{
    private readonly Lazy<long> _seed;
    private readonly Dictionary<nn.Module, int> _streams;
    private readonly Dictionary<nn.Module, int> _draws;

    /// <summary>New noise. Where nothing is drawn, the default generator goes on as if there were none.</summary>
    public Noise()
        : this(new Lazy<long>(Draw), [], [])
    {
    }

    private Noise(Lazy<long> seed, Dictionary<nn.Module, int> streams, Dictionary<nn.Module, int> draws) => (_seed, _streams, _draws) = (seed, streams, draws);

    /// <summary>The same noise from here on, to be drawn again.</summary>
    public Noise Again() => new(_seed, _streams, new(_draws));

    /// <summary>1 with a probability of <paramref name="keep"/>, else 0.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="keep">From 0 to 1.</param>
    /// <param name="like">Type and device.</param>
    /// <param name="owner">The module that draws.</param>
    public Tensor Bernoulli(long[] shape, double keep, Tensor like, nn.Module owner)
    {
        if (!_streams.TryGetValue(owner, out var stream)) _streams[owner] = stream = _streams.Count;
        var draw = _draws.GetValueOrDefault(owner);
        _draws[owner] = draw + 1;
        // On the CPU for every device: a generator of another device cannot be made with every version.
        using var generator = new Generator(unchecked((ulong)Mixed(_seed.Value, stream, draw)));
        var mask = empty(shape, dtype: like.dtype);
        InPlace.Done(mask, mask.bernoulli_(keep, generator));
        if (like.device_type == TorchSharp.DeviceType.CPU) return mask;
        using (mask) return mask.to(like.device);
    }

    private static long Draw()
    {
        using var number = randint(long.MaxValue, [1], dtype: ScalarType.Int64);
        return number.item<long>();
    }

    // SplitMix64 (Steele et al. 2014), fed with one number after the other.
    private static long Mixed(params ReadOnlySpan<long> numbers)
    {
        var state = 0UL;
        foreach (var number in numbers)
        {
            state = unchecked(state + (ulong)number + 0x9E3779B97F4A7C15);
            state = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
            state = unchecked((state ^ (state >> 27)) * 0x94D049BB133111EB);
            state ^= state >> 31;
        }

        return unchecked((long)state);
    }
}
