using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class SourceKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["store"] = c => [Store(c.Tensor("state"), c.Tensor("value"))],
        ["zeros"] = c => [zeros(c.Ints("shape"), Type(c), Where(c))],
        ["ones"] = c => [ones(c.Ints("shape"), Type(c), Where(c))],
        ["full"] = c => [full(c.Ints("shape"), c.Double("value"), Type(c), Where(c))],
        ["arange"] = c => [arange(c.Int("start"), c.Int("stop"), c.Int("step"), Type(c), Where(c))],
        ["linspace"] = c => [linspace(c.Double("start"), c.Double("stop"), c.Int("steps"), Type(c), Where(c))],
        ["eye"] = c => [eye(c.Int("n"), c.Int("n"), Type(c), Where(c))],
        ["meshgrid"] = c => meshgrid(c.Tensors("tensors"), c.Text("indexing")),
        ["tensor"] = c => [tensor(c.Doubles("values"), Type(c), Where(c))],
        ["cast"] = c => [Cast(c)],
    };

    private static ScalarType Type(KernelCall call) => call.Text("type") switch
    {
        "int" => ScalarType.Int64,
        "bool" => ScalarType.Bool,
        _ => call.Optional("like")?.dtype ?? ScalarType.Float32,
    };

    private static Device Where(KernelCall call) => call.Optional("like")?.device ?? CPU;

    private static Tensor Store(Tensor state, Tensor value)
    {
        if (!Recomputation.IsRunning && state.ne(value).any().item<bool>())
        {
            using (no_grad()) _ = state.copy_(value);
        }

        return state.alias();
    }

    private static Tensor Cast(KernelCall call)
    {
        var x = call.Tensor("x");
        var isThere = call.Text("type") switch { "int" => x.dtype == ScalarType.Int64, "bool" => x.dtype == ScalarType.Bool, _ => x.is_floating_point() };
        if (isThere) return x.alias();
        return x.to_type(call.Text("type") switch { "int" => ScalarType.Int64, "bool" => ScalarType.Bool, _ => ScalarType.Float32 });
    }
}
