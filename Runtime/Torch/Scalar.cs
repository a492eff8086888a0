using System.Numerics;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any element type, as an operand.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Tag Kind;
    internal readonly long Bits;
    internal readonly Complex Complex;

    private Scalar(ScalarType type, Tag kind, long bits, Complex complex = default)
    {
        Type = type;
        Kind = kind;
        Bits = bits;
        Complex = complex;
    }

    public ScalarType Type { get; }

    internal double AsDouble => Kind switch
    {
        Tag.Double => BitConverter.Int64BitsToDouble(Bits),
        Tag.Complex => Complex.Real,
        _ => Bits,
    };

    internal long AsLong => Kind is Tag.Double or Tag.Complex ? (long)AsDouble : Bits;

    internal static Scalar FromNative(in NativeArg value) => value.Tag switch
    {
        Tag.Bool => new(ScalarType.Bool, Tag.Bool, value.Value),
        Tag.Double => new(ScalarType.Float64, Tag.Double, value.Value),
        _ => new(ScalarType.Int64, Tag.Int, value.Value),
    };

    internal static Scalar Of(double value, ScalarType type) => new(type, Tag.Double, BitConverter.DoubleToInt64Bits(value));

    private static Scalar Of(long value, ScalarType type) => new(type, Tag.Int, value);

    private static Scalar Of(Complex value, ScalarType type) => new(type, Tag.Complex, 0, value);

    public static implicit operator Scalar(byte value) => Of(value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => Of(value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => Of(value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => Of(value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => Of(value, ScalarType.Int64);
    public static implicit operator Scalar(float value) => Of((double)value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => Of(value, ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, Tag.Bool, value ? 1 : 0);
    public static implicit operator Scalar((float, float) value) => Of(new Complex(value.Item1, value.Item2), ScalarType.ComplexFloat32);
    public static implicit operator Scalar(Complex value) => Of(value, ScalarType.ComplexFloat64);

    /// <summary>Nothing native is held; present because TorchSharp's has it.</summary>
    public void Dispose()
    {
    }
}
