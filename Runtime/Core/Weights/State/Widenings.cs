using System.Runtime.InteropServices;

namespace Notochord.Weights;

/// <summary>Stored types that TorchSharp has not, in the nearest wider type that it has.</summary>
internal static class Widenings
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(bits => Small(bits, mantissaBits: 3, bias: 7))];
    private static readonly float[] E5M2 = [.. Enumerable.Range(0, 256).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8)))];

    /// <summary>Any byte but 0 is true, and 1 is the only one that torch may be given.</summary>
    public static void Bool(ReadOnlySpan<byte> stored, Span<byte> tensor)
    {
        for (var i = 0; i < stored.Length; i++)
        {
            tensor[i] = stored[i] == 0 ? (byte)0 : (byte)1;
        }
    }

    public static void UInt16(ReadOnlySpan<byte> stored, Span<byte> tensor) => Each<ushort, int>(stored, tensor, static value => value);

    public static void UInt32(ReadOnlySpan<byte> stored, Span<byte> tensor) => Each<uint, long>(stored, tensor, static value => value);

    /// <summary>Numbers from 2^63 on have no place in torch 1's types.</summary>
    public static void UInt64(ReadOnlySpan<byte> stored, Span<byte> tensor) => Each<ulong, long>(stored, tensor, static value => checked((long)value));

    public static void Float8E4M3(ReadOnlySpan<byte> stored, Span<byte> tensor) => Each<byte, float>(stored, tensor, static bits => E4M3[bits]);

    public static void Float8E5M2(ReadOnlySpan<byte> stored, Span<byte> tensor) => Each<byte, float>(stored, tensor, static bits => E5M2[bits]);

    public static void Float8E8M0(ReadOnlySpan<byte> stored, Span<byte> tensor) =>
        Each<byte, float>(stored, tensor, static bits => bits == 255 ? float.NaN : (float)Math.ScaleB(1.0, bits - 127));

    private static void Each<TFrom, TTo>(ReadOnlySpan<byte> stored, Span<byte> tensor, Func<TFrom, TTo> widen)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(stored);
        var to = MemoryMarshal.Cast<byte, TTo>(tensor);
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = widen(from[i]);
        }
    }

    /// <summary>A float of 8 bits without infinities, whose largest code is NaN: Micikevicius et al. 2022, arXiv:2209.05433, table 1.</summary>
    private static float Small(int bits, int mantissaBits, int bias)
    {
        var magnitude = bits & 0x7f;
        if (magnitude == 0x7f)
        {
            return float.NaN;
        }

        var exponent = magnitude >> mantissaBits;
        var fraction = (magnitude & ((1 << mantissaBits) - 1)) / (double)(1 << mantissaBits);
        var value = exponent == 0 ? Math.ScaleB(fraction, 1 - bias) : Math.ScaleB(1 + fraction, exponent - bias);
        return (float)((bits & 0x80) == 0 ? value : -value);
    }
}
