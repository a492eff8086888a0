using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class ArithmeticKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["add"] = Binary((a, b) => a.add(b)),
        ["sub"] = Binary((a, b) => a.sub(b)),
        ["mul"] = Binary((a, b) => a.mul(b)),
        ["div"] = Binary((a, b) => a.div(b)),
        ["pow"] = Binary((a, b) => a.pow(b)),
        ["maximum"] = Binary((a, b) => a.maximum(b)),
        ["minimum"] = Binary((a, b) => a.minimum(b)),
        ["atan2"] = Binary((a, b) => a.atan2(b)),
        ["eq"] = Binary((a, b) => a.eq(b)),
        ["ne"] = Binary((a, b) => a.ne(b)),
        ["lt"] = Binary((a, b) => a.lt(b)),
        ["le"] = Binary((a, b) => a.le(b)),
        ["gt"] = Binary((a, b) => a.gt(b)),
        ["ge"] = Binary((a, b) => a.ge(b)),
        ["logical_and"] = Binary((a, b) => a.logical_and(b)),
        ["logical_or"] = Binary((a, b) => a.logical_or(b)),
        ["where"] = Where,
    };

    private static Kernel Binary(Func<Tensor, Tensor, Tensor> function) => c =>
    {
        var tensor = c.IsNumber("a") ? c.Tensor("b") : c.Tensor("a");
        return [function(c.Operand("a", tensor), c.Operand("b", tensor))];
    };

    private static Tensor[] Where(KernelCall call)
    {
        var floats = call.IsNumber("a") && call.IsNumber("b") ? zeros([], device: call.Tensor("condition").device) : call.IsNumber("a") ? call.Tensor("b") : call.Tensor("a");
        return [where(call.Tensor("condition"), call.Operand("a", floats), call.Operand("b", floats))];
    }
}
