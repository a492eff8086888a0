using System.Numerics;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type) => Ops.to_dtype.One(this, type);
        public Tensor to_type(ScalarType type) => Ops.to_dtype.One(this, type);
        public Tensor to(Device device) => Ops.to_dtype_layout.One(this, Arg.None, Arg.None, device);
        public Tensor to(DeviceType deviceType, int deviceIndex = -1) => to(new Device(deviceType, deviceIndex));
        public Tensor to(string device) => to(new Device(device));
        public Tensor to(ScalarType type, Device device) => Ops.to_dtype_layout.One(this, type, Arg.None, device);
        public Tensor to(Tensor other) => Ops.to_other.One(this, other);
        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null) => to(device ?? new Device(DeviceType.CUDA));
        public Tensor type(ScalarType dtype) => to(dtype);
        public Tensor type_as(Tensor tensor) => Ops.type_as.One(this, tensor);
        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor @byte() => to(ScalarType.Byte);
        public Tensor @char() => to(ScalarType.Int8);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);

        /// <summary>The only element.</summary>
        public Scalar ToScalar() => is_complex() ? ComplexItem() : Ops.item.Number(this);

        /// <summary>The only element, as the .NET type of the tensor's element type.</summary>
        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, not {numel()}.");
            if (NumberOf(typeof(T)) is { } expected && expected != dtype)
                throw new ArgumentException($"The tensor's elements are {dtype}, not {typeof(T).Name}.");
            var value = ToScalar();
            if (typeof(T) == typeof(float)) return (T)(object)(float)value.AsDouble;
            if (typeof(T) == typeof(double)) return (T)(object)value.AsDouble;
            if (typeof(T) == typeof(long)) return (T)(object)value.AsLong;
            if (typeof(T) == typeof(int)) return (T)(object)(int)value.AsLong;
            if (typeof(T) == typeof(short)) return (T)(object)(short)value.AsLong;
            if (typeof(T) == typeof(byte)) return (T)(object)(byte)value.AsLong;
            if (typeof(T) == typeof(sbyte)) return (T)(object)(sbyte)value.AsLong;
            if (typeof(T) == typeof(bool)) return (T)(object)(value.AsLong != 0);
            if (typeof(T) == typeof(Half)) return (T)(object)(Half)value.AsDouble;
            if (typeof(T) == typeof(Complex)) return (T)(object)value.ToComplexFloat64();
            if (typeof(T) == typeof((float, float))) return (T)(object)value.ToComplexFloat32();
            throw new NotSupportedException($"No element type is read as {typeof(T).Name}.");
        }

        /// <summary>The elements, on the CPU, as .NET numbers.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (NumberOf(typeof(T)) is { } expected && expected != dtype)
                throw new ArgumentException($"The tensor's elements are {dtype}, not {typeof(T).Name}.");
            return new TensorAccessor<T>(this);
        }

        private Scalar ComplexItem()
        {
            using var parts = to(ScalarType.ComplexFloat64).view_as_real().contiguous().reshape(2);
            var values = parts.data<double>();
            return new Complex(values[0], values[1]);
        }

        /// <summary>The element type that a .NET type is read from; null: none in particular.</summary>
        internal static ScalarType? NumberOf(Type type) =>
            type == typeof(float) ? ScalarType.Float32 :
            type == typeof(double) ? ScalarType.Float64 :
            type == typeof(long) ? ScalarType.Int64 :
            type == typeof(int) ? ScalarType.Int32 :
            type == typeof(short) ? ScalarType.Int16 :
            type == typeof(byte) ? ScalarType.Byte :
            type == typeof(sbyte) ? ScalarType.Int8 :
            type == typeof(bool) ? ScalarType.Bool :
            type == typeof(Half) ? ScalarType.Float16 :
            type == typeof(Complex) ? ScalarType.ComplexFloat64 :
            type == typeof((float, float)) ? ScalarType.ComplexFloat32 : null;

        public static implicit operator Tensor(bool value) => tensor(value);
        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(Complex value) => Ops.scalar_tensor.One((Scalar)value, ScalarType.ComplexFloat64);
        public static implicit operator Tensor(Scalar scalar) => Ops.scalar_tensor.One(scalar, scalar?.Type);
        public static implicit operator Tensor(bool[] value) => tensor(value);
        public static implicit operator Tensor(byte[] value) => tensor(value);
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        public static implicit operator Tensor(short[] value) => tensor(value);
        public static implicit operator Tensor(int[] value) => tensor(value);
        public static implicit operator Tensor(long[] value) => tensor(value);
        public static implicit operator Tensor(float[] value) => tensor(value);
        public static implicit operator Tensor(double[] value) => tensor(value);

        public static explicit operator bool(Tensor value) => value.ToScalar().ToBoolean();
        public static explicit operator byte(Tensor value) => value.ToScalar().ToByte();
        public static explicit operator sbyte(Tensor value) => value.ToScalar().ToSByte();
        public static explicit operator short(Tensor value) => value.ToScalar().ToInt16();
        public static explicit operator int(Tensor value) => value.ToScalar().ToInt32();
        public static explicit operator long(Tensor value) => value.ToScalar().ToInt64();
        public static explicit operator float(Tensor value) => value.ToScalar().ToSingle();
        public static explicit operator double(Tensor value) => value.ToScalar().ToDouble();
    }
}

/// <summary>Reading single-element tensors, and small conveniences.</summary>
public static class TensorExtensionMethods
{
    public static bool ToBoolean(this torch.Tensor value) => (bool)value;
    public static byte ToByte(this torch.Tensor value) => (byte)value;
    public static sbyte ToSByte(this torch.Tensor value) => (sbyte)value;
    public static short ToInt16(this torch.Tensor value) => (short)value;
    public static int ToInt32(this torch.Tensor value) => (int)value;
    public static long ToInt64(this torch.Tensor value) => (long)value;
    public static float ToSingle(this torch.Tensor value) => (float)value;
    public static double ToDouble(this torch.Tensor value) => (double)value;
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (a, b) => a * b);
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor, tensor.requires_grad);
}
