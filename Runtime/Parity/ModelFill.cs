using System.Runtime.InteropServices;
using Notochord.Weights;
using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>Gives a model the weights that goldens were made with.</summary>
public static class ModelFill
{
    /// <summary>Fills each parameter and each running statistic from its name and shape.</summary>
    /// <param name="model">Float32, on any device.</param>
    public static void ByRule(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = model.named_parameters().Select(p => p.Item1).ToHashSet(StringComparer.Ordinal);
        using var guard = no_grad();
        foreach (var (name, tensor) in StateDict.Of(model))
        {
            if (tensor.dtype != ScalarType.Float32 || GoldenRule.State(name, tensor.shape, parameters.Contains(name)) is not { } values) continue;
            using var filled = TensorOf(values, tensor.shape);
            using var moved = filled.to(tensor.device);
            var result = tensor.copy_(moved);
            // By version, the tensor itself or another handle of it.
            if (!ReferenceEquals(result, tensor)) result.Dispose();
        }
    }

    /// <summary>A float32 tensor on the CPU with these values.</summary>
    internal static Tensor TensorOf(float[] values, long[] shape)
    {
        var made = empty(shape, dtype: ScalarType.Float32);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(made.bytes);
        return made;
    }

    /// <summary>Mean and standard deviation.</summary>
    internal static (double Mean, double Std) Moments(float[] values)
    {
        double sum = 0, squares = 0;
        foreach (var v in values) sum += v;
        var mean = sum / values.Length;
        foreach (var v in values) squares += (v - mean) * (v - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }

    /// <summary>The values of a tensor, row-major.</summary>
    internal static float[] ValuesOf(Tensor tensor)
    {
        using var guard = no_grad();
        using var here = tensor.to(CPU);
        using var single = here.to(ScalarType.Float32);
        using var contiguous = single.contiguous();
        return MemoryMarshal.Cast<byte, float>(contiguous.bytes).ToArray();
    }
}
