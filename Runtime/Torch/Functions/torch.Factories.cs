using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType s_default = ScalarType.Float32;

    public static ScalarType get_default_dtype() => s_default;

    public static void set_default_dtype(ScalarType dtype) => s_default = dtype;

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.arange_start_step.One(start, stop, step, dtype ?? Widest(start, stop, step), Arg.None, device), requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.linspace.One(start, end, steps, dtype ?? s_default, Arg.None, device), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.logspace.One(start, end, steps, @base, dtype ?? s_default, Arg.None, device), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.eye_m.One(rows, columns < 0 ? rows : columns, dtype ?? s_default, Arg.None, device), requires_grad);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Grad(Ops.randperm_generator.One(n, generator, dtype ?? ScalarType.Int64, Arg.None, device), requires_grad);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Grad(Ops.randint_low_generator.One(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, device), requires_grad);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Grad(randn(size, dtype, device, false, generator).mul_(std).add_(mean), requires_grad);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.empty_strided.One(size, strides, dtype ?? s_default, Arg.None, device), requires_grad);

    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.hann_window_periodic.One(len, periodic, dtype ?? s_default, Arg.None, device), requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(Ops.zeros_like, input, dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(Ops.ones_like, input, dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(Ops.empty_like, input, dtype, device, requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(Ops.rand_like, input, dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(Ops.randn_like, input, dtype, device, requires_grad);

    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.randint_like_low_dtype.One(input, low, high, dtype, Arg.None, device), requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Grad(Ops.full_like.One(input, value, dtype, Arg.None, device), requires_grad);

    public static Tensor complex(Tensor real, Tensor imag) => Ops.complex.One(real, imag);

    public static Tensor polar(Tensor abs, Tensor angle) => Ops.polar.One(abs, angle);

    /// <summary>A tensor of the array's shape with a copy of its elements.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        var type = Tensor.NumberOf(rawArray.GetType().GetElementType()!)
            ?? throw new ArgumentException($"No element type is made from {rawArray.GetType().GetElementType()}.", nameof(rawArray));
        var raw = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(rawArray), Buffer.ByteLength(rawArray));
        return Copied(raw, type, Shape(rawArray), dtype, device, requires_grad);
    }

    private static Tensor Like(Op op, Tensor input, ScalarType? dtype, Device? device, bool requires_grad) =>
        Grad(op.One(input, dtype, Arg.None, device), requires_grad);

    private static Tensor Grad(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;

    private static Tensor Single<T>(ReadOnlySpan<T> value, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged =>
        Copied(value, [], dtype, device, requires_grad);

    private static Tensor Copied<T>(ReadOnlySpan<T> data, long[] shape, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged =>
        Copied(MemoryMarshal.AsBytes(data), Tensor.NumberOf(typeof(T))!.Value, shape, dtype, device, requires_grad);

    private static Tensor Copied(ReadOnlySpan<byte> data, ScalarType type, long[] shape, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var made = Ops.empty_memory_format.One(shape, type);
        if (made.numel() * made.element_size() != data.Length)
        {
            made.Dispose();
            throw new ArgumentException($"The dimensions [{string.Join(", ", shape)}] do not match the number of elements given.");
        }
        data.CopyTo(made.bytes);
        if ((dtype is { } wanted && wanted != type) || (device is not null && device.type != DeviceType.CPU))
        {
            using var plain = made;
            made = plain.to(dtype ?? type, device ?? CPU);
        }
        return Grad(made, requires_grad);
    }

    private static ReadOnlySpan<T> Flat<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static T[] Listed<T>(IList<T> list) => list as T[] ?? [.. list];

    private static long[] Shape(Array array)
    {
        var shape = new long[array.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = array.GetLength(i);
        return shape;
    }

    /// <summary>The element type of a range: real if any of its numbers is.</summary>
    private static ScalarType Widest(params ReadOnlySpan<Scalar> numbers)
    {
        foreach (var number in numbers)
        {
            if (is_floating_point(number.Type)) return s_default;
        }
        return ScalarType.Int64;
    }

    private static ScalarType DefaultOf(Scalar value) =>
        is_complex(value.Type) ? ScalarType.ComplexFloat32 : s_default;
}
