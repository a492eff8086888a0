namespace Notochord.Weights;

/// <summary>The type of one element of a stored tensor. Values are stored little-endian.</summary>
public enum WeightType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>The upper half of a <see cref="Float32"/>.</summary>
    BFloat16,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,

    /// <summary>8 bits: sign, 4 of exponent, 3 of mantissa, no infinities (torch's <c>float8_e4m3fn</c>).</summary>
    Float8E4M3,

    /// <summary>8 bits: sign, 5 of exponent, 2 of mantissa (torch's <c>float8_e5m2</c>).</summary>
    Float8E5M2,

    /// <summary>8 bits of exponent alone, a power of two (torch's <c>float8_e8m0fnu</c>).</summary>
    Float8E8M0,

    /// <summary>Two <see cref="Float32"/>: real and imaginary part.</summary>
    Complex64,
}
