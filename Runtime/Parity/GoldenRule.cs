using System.Text;

namespace Notochord.Parity;

/// <summary>Values that follow from a name and a shape, the same in every implementation: splitmix64 from the name's FNV-1a hash.</summary>
public static class GoldenRule
{
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const int PartLength = 1 << 15;

    /// <summary>The start of a name's numbers: 64-bit FNV-1a of its UTF-8 bytes.</summary>
    public static ulong Key(string name)
    {
        var key = FnvOffset;
        foreach (var b in Encoding.UTF8.GetBytes(name)) key = (key ^ b) * FnvPrime;
        return key;
    }

    /// <summary>Values of an input image.</summary>
    public static float[] Input(string key, long count) => Fill(key, count, new Spread(0, Math.Sqrt(3), Signed: true));

    /// <summary>Values of what the loss weighs output <paramref name="index"/> with.</summary>
    public static float[] Probe(int index, long count) => Fill(index == 0 ? "probe" : $"probe{index}", count, new Spread(0, 1, Signed: true));

    /// <summary>Values of a tensor of the state dict; null for a buffer that the rule leaves as it is.</summary>
    /// <param name="name">The state-dict name.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="isParameter">Whether it is trained.</param>
    public static float[]? State(string name, IReadOnlyList<long> shape, bool isParameter) =>
        SpreadOf(name, shape, isParameter) is { } spread ? Fill(name, shape.Aggregate(1L, (a, b) => a * b), spread) : null;

    private static Spread? SpreadOf(string name, IReadOnlyList<long> shape, bool isParameter)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        if (last.EndsWith("running_mean", StringComparison.Ordinal)) return new Spread(0, 0.1, Signed: true);
        if (last.EndsWith("running_var", StringComparison.Ordinal)) return new Spread(1, 0.5, Signed: false);
        if (!isParameter) return null;
        if (shape.Count <= 1) return last.Contains("bias", StringComparison.Ordinal) ? new Spread(0, 0.1, Signed: true) : new Spread(1, 0.2, Signed: true);
        var fanIn = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        return last.Contains("weight", StringComparison.Ordinal) ? new Spread(0, Math.Sqrt(3.0 / fanIn), Signed: true) : new Spread(0, 0.2, Signed: true);
    }

    private static float[] Fill(string name, long count, Spread spread)
    {
        var key = Key(name);
        var values = new float[count];
        var parts = (count + PartLength - 1) / PartLength;
        Parallel.For(0, parts, part =>
        {
            var start = part * PartLength;
            var slice = values.AsSpan((int)start, (int)Math.Min(PartLength, count - start));
            for (var i = 0; i < slice.Length; i++) slice[i] = spread.At(Uniform(key, (ulong)(start + i)));
        });
        return values;
    }

    // Uniform on [0, 1) with 24 bits.
    private static double Uniform(ulong key, ulong index)
    {
        var z = unchecked(key + ((index + 1) * Golden));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        z ^= z >> 31;
        return (z >> 40) * (1.0 / (1 << 24));
    }

    private readonly record struct Spread(double Offset, double Factor, bool Signed)
    {
        public float At(double uniform) => (float)(Offset + (Factor * (Signed ? (2 * uniform) - 1 : uniform)));
    }
}
