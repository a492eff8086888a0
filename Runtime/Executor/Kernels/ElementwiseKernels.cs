using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

internal static class ElementwiseKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["relu"] = Map(x => x.relu()),
        ["relu6"] = Map(x => x.clamp(0, 6)),
        ["leaky_relu"] = c => [c.Tensor("x").leaky_relu(c.Double("slope"))],
        ["prelu"] = c => [c.Tensor("x").prelu(c.Tensor("weight"))],
        ["elu"] = c => [c.Tensor("x").elu(c.Double("alpha"), 1.0, 1.0)],
        ["selu"] = Map(x => x.selu()),
        ["celu"] = Celu,
        ["gelu"] = c => [c.Text("approximate") == "tanh" ? TanhGelu(c.Tensor("x")) : Gelu(c.Tensor("x"))],
        ["silu"] = Map(x => x * x.sigmoid()),
        ["mish"] = Map(x => x * x.softplus().tanh()),
        ["sigmoid"] = Map(x => x.sigmoid()),
        ["log_sigmoid"] = Map(x => x.log_sigmoid()),
        ["tanh"] = Map(x => x.tanh()),
        ["hardswish"] = Map(x => x * (x + 3).clamp(0, 6) / 6),
        ["hardsigmoid"] = Map(x => (x + 3).clamp(0, 6) / 6),
        ["hardtanh"] = c => [c.Tensor("x").clamp(c.Double("min"), c.Double("max"))],
        ["softplus"] = Map(x => x.softplus()),
        ["exp"] = Map(x => x.exp()),
        ["expm1"] = Map(x => x.expm1()),
        ["log"] = Map(x => x.log()),
        ["log2"] = Map(x => x.log2()),
        ["log1p"] = Map(x => x.log1p()),
        ["sqrt"] = Map(x => x.sqrt()),
        ["rsqrt"] = Map(x => x.rsqrt()),
        ["square"] = Map(x => x * x),
        ["reciprocal"] = Map(x => x.reciprocal()),
        ["abs"] = Map(x => x.abs()),
        ["sign"] = Map(x => x.sign()),
        ["sin"] = Map(x => x.sin()),
        ["cos"] = Map(x => x.cos()),
        ["tan"] = Map(x => x.sin() / x.cos()),
        ["asin"] = Map(x => x.asin()),
        ["acos"] = Map(x => x.acos()),
        ["atan"] = Map(x => x.atan()),
        ["sinh"] = Map(x => x.sinh()),
        ["cosh"] = Map(x => x.cosh()),
        ["asinh"] = Map(x => x.asinh()),
        ["acosh"] = Map(x => x.acosh()),
        ["atanh"] = Map(x => x.atanh()),
        ["erf"] = Map(x => x.erf()),
        ["erfc"] = Map(x => x.erfc()),
        ["erfinv"] = Map(x => x.erfinv()),
        ["lgamma"] = Map(x => x.lgamma()),
        ["digamma"] = Map(x => x.digamma()),
        ["floor"] = Map(x => x.floor()),
        ["ceil"] = Map(x => x.ceil()),
        ["round"] = Map(x => x.round()),
        ["clamp"] = c => [c.Tensor("x").clamp(c.Double("min"), c.Double("max"))],
        ["neg"] = Map(x => x.neg()),
        ["epsilon"] = c => [Epsilon(c.Tensor("like"))],
        ["logical_not"] = Map(x => x.logical_not()),
    };

    private static Kernel Map(Func<Tensor, Tensor> function) => c => [function(c.Tensor("x"))];

    private static Tensor[] Celu(KernelCall call)
    {
        var (x, alpha) = (call.Tensor("x"), call.Double("alpha"));
        return [x.clamp_min(0) + ((x / alpha).expm1() * alpha).clamp_max(0)];
    }

    // By its definition: the last half of one that added to 1 still changes it.
    private static Tensor Epsilon(Tensor like)
    {
        var epsilon = ones([], like.dtype, like.device);
        while ((epsilon / 2 + 1).gt(1).item<bool>()) epsilon = epsilon / 2;
        return epsilon;
    }

    // By erf: the fused backward of oneDNN 2.6 is sometimes wrong.
    private static Tensor Gelu(Tensor x) => x * ((x / Math.Sqrt(2)).erf() + 1) * 0.5;

    private static Tensor TanhGelu(Tensor x) => x * (((x + (x.pow(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh() + 1) * 0.5;
}
