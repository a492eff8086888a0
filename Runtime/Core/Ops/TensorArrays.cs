using static TorchSharp.torch;

namespace Notochord.Ops;

/// <summary>
/// Lists of tensors, in which each handle is owned by who owns the list; and the arrays that operators with several results return, taken apart:
/// <c>var (q, k, v) = qkv.unbind(0)</c>. The count must be right.
/// </summary>
public static class TensorArrays
{
    /// <summary>Another handle of each tensor.</summary>
    /// <returns>A list that the caller owns.</returns>
    public static Tensor[] alias(this Tensor[] tensors) => Array.ConvertAll(tensors, static t => t.alias());

    /// <summary>Releases each tensor.</summary>
    public static void Dispose(this Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors) tensor.Dispose();
    }

    /// <summary>Two tensors.</summary>
    public static void Deconstruct(this Tensor[] tensors, out Tensor a, out Tensor b)
    {
        Expect(tensors, 2);
        (a, b) = (tensors[0], tensors[1]);
    }

    /// <summary>Three tensors.</summary>
    public static void Deconstruct(this Tensor[] tensors, out Tensor a, out Tensor b, out Tensor c)
    {
        Expect(tensors, 3);
        (a, b, c) = (tensors[0], tensors[1], tensors[2]);
    }

    /// <summary>Four tensors.</summary>
    public static void Deconstruct(this Tensor[] tensors, out Tensor a, out Tensor b, out Tensor c, out Tensor d)
    {
        Expect(tensors, 4);
        (a, b, c, d) = (tensors[0], tensors[1], tensors[2], tensors[3]);
    }

    /// <summary>Five tensors.</summary>
    public static void Deconstruct(this Tensor[] tensors, out Tensor a, out Tensor b, out Tensor c, out Tensor d, out Tensor e)
    {
        Expect(tensors, 5);
        (a, b, c, d, e) = (tensors[0], tensors[1], tensors[2], tensors[3], tensors[4]);
    }

    /// <summary>Six tensors.</summary>
    public static void Deconstruct(this Tensor[] tensors, out Tensor a, out Tensor b, out Tensor c, out Tensor d, out Tensor e, out Tensor f)
    {
        Expect(tensors, 6);
        (a, b, c, d, e, f) = (tensors[0], tensors[1], tensors[2], tensors[3], tensors[4], tensors[5]);
    }

    private static void Expect(Tensor[] tensors, int count)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == count) return;
        foreach (var tensor in tensors) tensor.Dispose();
        throw new ArgumentException($"Expected {count} tensors, found {tensors.Length}.", nameof(tensors));
    }
}
