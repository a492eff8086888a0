using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests;

/// <summary>Blocks that promise a relation: integrators have their order, linear attention is attention with other weights.</summary>
public class TransformerBlockTests
{
    // dx/dt = A x has the solution exp(A t) x. Half the step divides the error by 2^order.
    [Theory]
    [InlineData("euler", 1)]
    [InlineData("midpoint", 2)]
    [InlineData("rk4", 4)]
    public void TheErrorOfAnIntegratorFallsWithItsOrder(string method, int order)
    {
        manual_seed(1);
        using var a = rand([5, 5], ScalarType.Float64).sub(0.5);
        using var x = rand([3, 5], ScalarType.Float64);
        using var exact = x.matmul(Exponential(a.mul(1.5)).transpose(0, 1));
        double Error(int steps)
        {
            using var net = Declarations.OverBlocks(["transformer"], "x[B, 5]", "return flow(x);", $"modules:\n  flow: integrate(linear(5, 5, bias=false), \"{method}\", {steps}, 1.5)");
            net.to(ScalarType.Float64);
            using (no_grad()) net.state_dict()["flow.f.weight"].copy_(a);
            using var found = net.Forward(x);
            return found.sub(exact).abs().max().item<double>();
        }

        foreach (var steps in new[] { 8, 16, 32 }) Assert.Equal(order, Math.Log2(Error(steps) / Error(2 * steps)), 0.15);
    }

    [Fact]
    public void OneStepOfEulerIsAResidualConnection()
    {
        using var net = Declarations.OverBlocks(
            ["transformer", "attention", "mlp"], "x[B, N, 8]", "return cat([flow(x), x + field(x)], 0);",
            "modules:\n  flow: integrate(parallel_field(8, attention(8, 2), mlp(8, 16)), \"euler\")\n  field: parallel_field(8, attention(8, 2), mlp(8, 16))");
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        using (no_grad())
        {
            foreach (var (name, value) in state.Where(s => s.Key.StartsWith("field.", StringComparison.Ordinal))) state["flow.f" + name["field".Length..]].copy_(value);
        }

        using var x = rand([2, 5, 8], ScalarType.Float64);
        using var both = net.Forward(x);
        Assert.InRange(both[..2].sub(both[2..]).abs().max().item<double>(), 0, 1e-12);
        Assert.True(both[..2].sub(x).abs().max().item<double>() > 0.1);
    }

    [Theory]
    [InlineData("elu")]
    [InlineData("relu")]
    [InlineData("softmax")]
    public void LinearAttentionHasTheWeightsOfItsFeatures(string feature)
    {
        using var net = Declarations.OverBlocks(["linear_attention"], "x[3, B, 2, N, 4]", "return kernel(x[0], x[1], x[2]);", $"modules:\n  kernel: kernel_attention(\"{feature}\", 0)");
        manual_seed(2);
        using var x = rand([3, 2, 2, 7, 4], ScalarType.Float64).sub(0.4).requires_grad_();
        var (q, k, v) = (x[0], x[1], x[2]);
        Tensor Feature(Tensor t) => feature == "relu" ? t.relu() : t.exp().minimum(ones_like(t)) + t.relu();
        var weights = feature == "softmax" ? q.softmax(-1).matmul(k.softmax(2).transpose(2, 3)) : Feature(q).matmul(Feature(k).transpose(2, 3));
        using var expected = (weights / weights.sum(-1, keepdim: true)).matmul(v);
        using var probe = rand_like(expected);
        expected.mul(probe).sum().backward();
        using var other = x.detach().requires_grad_();
        using var found = net.Forward(other);
        found.mul(probe).sum().backward();
        Assert.InRange(found.sub(expected).abs().max().item<double>(), 0, 1e-12);
        Assert.InRange(other.grad!.sub(x.grad!).abs().max().item<double>(), 0, 1e-11);
    }

    private static Tensor Exponential(Tensor a)
    {
        var (sum, term) = (eye(a.shape[0], dtype: a.dtype), eye(a.shape[0], dtype: a.dtype));
        for (var n = 1; n < 40; n++)
        {
            term = term.matmul(a) / n;
            sum += term;
        }

        return sum;
    }
}
