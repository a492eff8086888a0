using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

/// <summary>One axis at a time; products by their real and imaginary parts.</summary>
internal static class SpectrumKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["rfft"] = Forward,
        ["irfft"] = Inverse,
        ["complex_mul"] = Product,
    };

    private static Tensor[] Forward(KernelCall call)
    {
        var axes = call.Ints("axes");
        var x = fft.rfft(call.Tensor("x"), dim: axes[^1], norm: Norm(call));
        foreach (var axis in axes[..^1]) x = fft.fft_(x, dim: axis, norm: Norm(call));
        return [view_as_real(x)];
    }

    private static Tensor[] Inverse(KernelCall call)
    {
        var axes = call.Ints("axes");
        var x = view_as_complex(call.Tensor("x").contiguous());
        foreach (var axis in axes[..^1]) x = fft.ifft(x, dim: axis, norm: Norm(call));
        return [fft.irfft(x, call.Int("size"), axes[^1], Norm(call))];
    }

    private static Tensor[] Product(KernelCall call)
    {
        var (a, b) = (call.Tensor("a").unbind(-1), call.Tensor("b").unbind(-1));
        return [stack([(a[0] * b[0]) - (a[1] * b[1]), (a[0] * b[1]) + (a[1] * b[0])], -1)];
    }

    private static FFTNormType Norm(KernelCall call) => call.Text("norm") switch { "ortho" => FFTNormType.Ortho, "forward" => FFTNormType.Forward, _ => FFTNormType.Backward };
}
