using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>x tanh(softplus(x)): Misra 2019, arXiv:1908.08681.</summary>
    public static Tensor mish(Tensor x)
    {
        using var softplus = x.softplus();
        using var tanh = softplus.tanh();
        return x.mul(tanh);
    }

    /// <summary>The distance from 1 to the next larger number of the type of a tensor; a scalar.</summary>
    /// <exception cref="ArgumentException">The tensor holds no floating-point numbers.</exception>
    public static Tensor epsilon(Tensor like)
    {
        var value = like.dtype switch
        {
            ScalarType.Float64 => Math.ScaleB(1, -52),
            ScalarType.Float32 => Math.ScaleB(1, -23),
            ScalarType.Float16 => Math.ScaleB(1, -10),
            ScalarType.BFloat16 => Math.ScaleB(1, -7),
            _ => throw new ArgumentException($"Only floating-point numbers have an epsilon; these are {like.dtype}.", nameof(like)),
        };
        return tensor(value, like.dtype, like.device);
    }

    /// <summary>The elements of a where the condition holds, else b.</summary>
    public static Tensor where(Tensor condition, Tensor a, double b)
    {
        using var other = Number(b, a);
        return torch.where(condition, a, other);
    }

    /// <inheritdoc cref="where(Tensor, Tensor, double)"/>
    public static Tensor where(Tensor condition, double a, Tensor b)
    {
        using var first = Number(a, b);
        return torch.where(condition, first, b);
    }

    /// <summary>The number a where the condition holds, else b, in float32.</summary>
    public static Tensor where(Tensor condition, double a, double b)
    {
        using var first = tensor(a, ScalarType.Float32, condition.device);
        using var other = tensor(b, ScalarType.Float32, condition.device);
        return torch.where(condition, first, other);
    }

    /// <summary>The elements in another type: another handle where they have it.</summary>
    public static Tensor cast(Tensor x, ScalarType type) => x.dtype == type ? x.alias() : x.to_type(type);

    /// <summary>The elements as floating-point numbers: another handle where they are some, of whatever precision, else float32.</summary>
    public static Tensor to_float(Tensor x) => x.is_floating_point() ? x.alias() : x.to_type(ScalarType.Float32);

    // Where a tensor of integers meets a fraction, the fraction decides the type.
    private static Tensor Number(double value, Tensor beside) =>
        tensor(value, beside.is_floating_point() || value != Math.Truncate(value) ? beside.is_floating_point() ? beside.dtype : ScalarType.Float32 : beside.dtype, beside.device);
}
