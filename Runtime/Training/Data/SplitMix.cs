namespace Notochord.Training.Data;

/// <summary>A small random generator whose numbers are the same on every machine and .NET version.</summary>
/// <remarks>Source: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators", SplitMix64.</remarks>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>An integer from 0 to <paramref name="limit"/> - 1, by the high bits of a product (no modulo bias worth the name below 2^32).</summary>
    public int Next(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);
}
