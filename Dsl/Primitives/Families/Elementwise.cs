using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Functions of one tensor, element by element: the shape stays.</summary>
internal static class Elementwise
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        Map("relu(tensor x)", "max(0, x).", "{x}.relu()"),
        Map("relu6(tensor x)", "min(max(0, x), 6) (Krizhevsky 2010).", "{x}.relu6()"),
        Map("leaky_relu(tensor x, double slope = 0.01)", "x where x > 0, else slope x (Maas et al. 2013).", "{x}.leaky_relu({slope})"),
        new("prelu(tensor x, tensor weight)", "x where x > 0, else weight x; one weight, or one for each channel (axis 1) (He et al. 2015, arXiv:1502.01852).", InferPrelu, s => s.Fill("{x}.prelu({weight})")),
        Map("elu(tensor x, double alpha = 1)", "x where x > 0, else alpha (exp(x) - 1) (Clevert et al. 2015, arXiv:1511.07289).", "{x}.elu({alpha}, 1, 1)"),
        Map("selu(tensor x)", "1.0507 (x where x > 0, else 1.67326 (exp(x) - 1)) (Klambauer et al. 2017, arXiv:1706.02515).", "{x}.selu()"),
        Map("celu(tensor x, double alpha = 1)", "x where x > 0, else alpha (exp(x / alpha) - 1) (Barron 2017, arXiv:1704.07483).", s => s.Fill($"{{x}}.elu({{alpha}}, 1, 1.0 / {s.Operand("alpha")})")),
        Map("gelu(tensor x, string approximate = \"none\")", "x Phi(x), Phi of the normal distribution; approximate=\"tanh\": x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016, arXiv:1606.08415).", EmitGelu, s => s.Choice("approximate", "none", "tanh")),
        Map("silu(tensor x)", "x sigmoid(x) (Elfwing et al. 2017, arXiv:1702.03118).", "{x}.silu()"),
        Map("mish(tensor x)", "x tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).", "Op.mish({x})"),
        Map("sigmoid(tensor x)", "1 / (1 + exp(-x)).", "{x}.sigmoid()"),
        Map("log_sigmoid(tensor x)", "log(sigmoid(x)).", "{x}.log_sigmoid()"),
        Map("tanh(tensor x)", "Hyperbolic tangent.", "{x}.tanh()"),
        Map("hardswish(tensor x)", "x relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).", "{x}.hardswish()"),
        Map("hardsigmoid(tensor x)", "relu6(x + 3) / 6.", "{x}.hardsigmoid()"),
        Map("hardtanh(tensor x, double min = -1, double max = 1)", "x cut off at min and max.", "{x}.hardtanh({min}, {max})"),
        Map("softplus(tensor x)", "log(1 + exp(x)).", "{x}.softplus()"),
        Map("exp(tensor x)", "e to the power of x.", "{x}.exp()"),
        Map("expm1(tensor x)", "exp(x) - 1, exact near 0.", "{x}.expm1()"),
        Map("log(tensor x)", "Natural logarithm.", "{x}.log()"),
        Map("log2(tensor x)", "Logarithm to base 2.", "{x}.log2()"),
        Map("log1p(tensor x)", "log(1 + x), exact near 0.", "{x}.log1p()"),
        Map("sqrt(tensor x)", "Square root.", "{x}.sqrt()"),
        Map("rsqrt(tensor x)", "1 / sqrt(x).", "{x}.rsqrt()"),
        Map("square(tensor x)", "x^2.", "{x}.square()", keepsType: true),
        Map("reciprocal(tensor x)", "1 / x.", "{x}.reciprocal()"),
        Map("abs(tensor x)", "|x|.", "{x}.abs()", keepsType: true),
        Map("sign(tensor x)", "-1, 0 or 1.", "{x}.sign()", keepsType: true),
        Map("sin(tensor x)", "Sine.", "{x}.sin()"),
        Map("cos(tensor x)", "Cosine.", "{x}.cos()"),
        Map("tan(tensor x)", "Tangent.", "{x}.tan()"),
        Map("asin(tensor x)", "Inverse sine, of -1 to 1.", "{x}.asin()"),
        Map("acos(tensor x)", "Inverse cosine, of -1 to 1.", "{x}.acos()"),
        Map("atan(tensor x)", "Inverse tangent.", "{x}.atan()"),
        Map("sinh(tensor x)", "Hyperbolic sine.", "{x}.sinh()"),
        Map("cosh(tensor x)", "Hyperbolic cosine.", "{x}.cosh()"),
        Map("asinh(tensor x)", "Inverse hyperbolic sine.", "{x}.asinh()"),
        Map("acosh(tensor x)", "Inverse hyperbolic cosine, of 1 and more.", "{x}.acosh()"),
        Map("atanh(tensor x)", "Inverse hyperbolic tangent, of -1 to 1 (both excluded).", "{x}.atanh()"),
        Map("erf(tensor x)", "Error function.", "{x}.erf()"),
        Map("erfc(tensor x)", "1 - erf(x), exact where that is small.", "{x}.erfc()"),
        Map("erfinv(tensor x)", "The inverse of erf, of -1 to 1 (both excluded).", "{x}.erfinv()"),
        Map("lgamma(tensor x)", "Logarithm of the magnitude of the gamma function.", "{x}.lgamma()"),
        Map("digamma(tensor x)", "Derivative of lgamma.", "{x}.digamma()"),
        Map("floor(tensor x)", "Rounded down.", "{x}.floor()", keepsType: true),
        Map("ceil(tensor x)", "Rounded up.", "{x}.ceil()", keepsType: true),
        Map("round(tensor x)", "Rounded to the nearest integer, halves to even.", "{x}.round()", keepsType: true),
        Map("clamp(tensor x, double min, double max)", "x cut off at min and max.", "{x}.clamp({min}, {max})", keepsType: true),
        Map("neg(tensor x)", "-x.", "{x}.neg()", keepsType: true),
        new("epsilon(tensor like)", "The distance from 1 to the next larger number of the type of 'like': 2^-23 of float32, 2^-52 of float64. A scalar.", _ => [Shape.Of([])], s => s.Fill("Op.epsilon({like})")),
        new("logical_not(tensor x)", "Whether x is false or 0.", c => [c.Tensor("x") with { Type = ElementType.Bool }], s => s.Fill("{x}.logical_not()")),
    ];

    private static Primitive Map(string signature, string doc, string template, bool keepsType = false) => Map(signature, doc, s => s.Fill(template), null, keepsType);

    private static Primitive Map(string signature, string doc, Func<EmitSite, string> emit, Action<CallSite>? check = null, bool keepsType = false) => new(signature, doc, c => Infer(c, check, keepsType), emit);

    private static Shape[] Infer(CallSite call, Action<CallSite>? check, bool keepsType)
    {
        check?.Invoke(call);
        var x = call.Tensor("x");
        return [keepsType ? x : x with { Type = ElementType.Float }];
    }

    private static Shape[] InferPrelu(CallSite call)
    {
        var (x, weight) = (call.Tensor("x"), call.Tensor("weight", 1, "[1] or [channels]"));
        if (weight[0].Value != 1) call.RequireEqual(weight[0], x.Rank > 1 ? x[1] : x[0], "Weights of prelu and channels");
        return [x];
    }

    private static string EmitGelu(EmitSite site) => site.Fill(site.IsDefault("approximate") ? "Op.gelu({x})" : "Op.gelu({x}, {approximate})");
}
