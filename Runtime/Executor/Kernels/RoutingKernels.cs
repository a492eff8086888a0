using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class RoutingKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["topk"] = c => Ordered(c, c.Flag("largest"), true, c.Int("k")),
        ["sort"] = c => Ordered(c, c.Flag("descending"), c.Flag("stable"), c.Tensor("x").shape[Axis(c)]),
        ["scatter"] = Scatter,
        ["scatter_add"] = c => [c.Tensor("x") + Spread(c, c.Tensor("source"))],
        ["expert_linear"] = ExpertLinear,
    };

    private static int Axis(KernelCall call) => (int)(call.Int("axis") < 0 ? call.Int("axis") + call.Tensor("x").dim() : call.Int("axis"));

    // By the indices alone; values are gathered.
    private static Tensor[] Ordered(KernelCall call, bool descending, bool stable, long count)
    {
        var (x, axis) = (call.Tensor("x"), Axis(call));
        var (_, order) = x.detach().sort(axis, descending, stable);
        var index = order.narrow(axis, 0, count).contiguous();
        return [x.gather(axis, index), index];
    }

    // Elements whose place is taken are multiplied away, and the others added.
    private static Tensor[] Scatter(KernelCall call)
    {
        var (x, source) = (call.Tensor("x"), call.Tensor("source"));
        var taken = Spread(call, ones_like(source)).gt(0);
        return [where(taken, Spread(call, source), x)];
    }

    private static Tensor Spread(KernelCall call, Tensor source)
    {
        var (x, index) = (call.Tensor("x"), call.Tensor("index"));
        return zeros_like(x).scatter_add(Axis(call), index, source);
    }

    // Every expert finds its vectors by comparing.
    private static Tensor[] ExpertLinear(KernelCall call)
    {
        var (weight, index, bias) = (call.Tensor("weight"), call.Tensor("index"), call.Optional("bias"));
        var x = call.Tensor("x").expand([.. index.shape, weight.size(1)]).reshape(-1, weight.size(1));
        var choices = index.reshape(-1);
        var result = zeros([x.size(0), weight.size(2)], x.dtype, x.device);
        for (var e = 0; e < weight.size(0); e++)
        {
            var own = choices.eq(e).nonzero().reshape(-1);
            var product = x.index_select(0, own).matmul(weight[e]);
            result = result.index_add(0, own, bias is null ? product : product + bias[e], 1);
        }

        return [result.reshape([.. index.shape, weight.size(2)])];
    }
}
