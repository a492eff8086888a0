using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>What an argument or a result is; mirrors enum Tag of the native part.</summary>
internal enum Tag
{
    None, Tensor, Int, Double, Bool, IntList, DoubleList, BoolList, TensorList, String, Device, OptionalTensorList, Complex, Default, Generator,
}

/// <summary>An argument or result as it crosses the border; mirrors struct Arg of the native part.</summary>
internal struct NativeArg
{
    internal Tag Tag;
    internal int Length;
    internal long Value;
}

/// <summary>An argument of an operator: a number in place, or the object that holds the rest, kept alive by being here.</summary>
internal readonly struct Arg
{
    internal readonly object? Reference;
    internal readonly long Value;
    internal readonly Tag Tag;
    internal readonly int Index;

    private Arg(Tag tag, long value = 0, object? reference = null, int index = 0)
    {
        Tag = tag;
        Value = value;
        Reference = reference;
        Index = index;
    }

    /// <summary>No value: an optional argument that is absent.</summary>
    internal static Arg None => new(Tag.None);

    /// <summary>The default that the operator's schema gives.</summary>
    internal static Arg Default => new(Tag.Default);

    /// <summary>A list of tensors.</summary>
    internal static Arg List(IEnumerable<Tensor> tensors) => new(Tag.TensorList, 0, tensors as Tensor[] ?? [.. tensors]);

    /// <summary>A list of tensors, some of them absent, as index takes.</summary>
    internal static Arg OptionalList(Tensor?[] tensors) => new(Tag.OptionalTensorList, 0, tensors);

    public static implicit operator Arg(Tensor? t) => t is null ? None : new(Tag.Tensor, t.Handle, t);
    public static implicit operator Arg(long v) => new(Tag.Int, v);
    public static implicit operator Arg(int v) => new(Tag.Int, v);
    public static implicit operator Arg(double v) => new(Tag.Double, BitConverter.DoubleToInt64Bits(v));
    public static implicit operator Arg(float v) => (double)v;
    public static implicit operator Arg(bool v) => new(Tag.Bool, v ? 1 : 0);
    public static implicit operator Arg(long? v) => v is { } x ? x : None;
    public static implicit operator Arg(double? v) => v is { } x ? x : None;
    public static implicit operator Arg(bool? v) => v is { } x ? x : None;
    public static implicit operator Arg(string? v) => v is null ? None : new(Tag.String, 0, v);
    public static implicit operator Arg(long[]? v) => v is null ? None : new(Tag.IntList, 0, v);
    public static implicit operator Arg(double[]? v) => v is null ? None : new(Tag.DoubleList, 0, v);
    public static implicit operator Arg(bool[]? v) => v is null ? None : new(Tag.BoolList, 0, v);
    public static implicit operator Arg(ScalarType v) => new(Tag.Int, (long)v);
    public static implicit operator Arg(ScalarType? v) => v is { } x ? x : None;
    public static implicit operator Arg(Device? v) => v is null ? None : new(Tag.Device, (long)v.type, null, v.index);
    public static implicit operator Arg(Generator? v) => v is null ? None : new(Tag.Generator, v.Handle, v);

    public static implicit operator Arg(Scalar? v) => v switch
    {
        null => None,
        { Kind: Tag.Complex } => new(Tag.Complex, 0, v),
        _ => new(v.Kind, v.Bits),
    };

    /// <summary>The parts of a complex number argument.</summary>
    internal Complex Complex => ((Scalar)Reference!).Complex;
}
