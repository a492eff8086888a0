using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core;

/// <summary>Numbers into tensors and back.</summary>
internal static class Tensors
{
    public static Tensor Of(long[] shape, params float[] values)
    {
        using var flat = tensor(values);
        return flat.reshape(shape);
    }

    /// <summary>0, 1, 2... in row-major order.</summary>
    public static Tensor Count(params long[] shape) => Of(shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)i)]);

    public static float[] Values(Tensor tensor)
    {
        using var wide = tensor.to(ScalarType.Float32);
        using var here = wide.contiguous();
        return here.data<float>().ToArray();
    }

    public static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"expected {expected} within {tolerance}, found {actual}");

    public static void Near(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"number {i}: expected {expected[i]} within {tolerance}, found {actual[i]}");
        }
    }
}
