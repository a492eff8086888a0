using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class MatrixKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["linear"] = c => [nn.functional.linear(c.Tensor("x"), c.Tensor("weight"), c.Optional("bias")!)],
        ["matmul"] = c => [c.Tensor("a").matmul(c.Tensor("b"))],
        ["einsum"] = c => [einsum(c.Text("equation"), c.Tensors("tensors"))],
        ["attention"] = Attention,
    };

    private static Tensor[] Attention(KernelCall call)
    {
        var scores = call.Tensor("q").matmul(call.Tensor("k").transpose(-2, -1)) * call.Double("scale");
        if (call.Optional("bias") is { } bias) scores += bias;
        return [scores.softmax(-1).matmul(call.Tensor("v"))];
    }
}
