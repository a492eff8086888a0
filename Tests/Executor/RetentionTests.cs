using Notochord.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests;

/// <summary>The three forms of retention are one function: outputs, gradients, and the recurrence written out.</summary>
public class RetentionTests
{
    private const int Heads = 3;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var form in new[] { "parallel", "recurrent", "chunkwise" })
            {
                foreach (var length in new[] { 1, 2, 7, 8, 9, 16, 31 }) data.Add(form, length);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryFormIsTheRecurrence(string form, int length)
    {
        using var net = Net(form);
        manual_seed(length);
        using var x = rand([2, Heads, length, 4 + 4 + 5], ScalarType.Float64).sub(0.5).requires_grad_();
        using var expected = Recurrence(x);
        using var probe = rand_like(expected);
        expected.mul(probe).sum().backward();
        using var other = x.detach().requires_grad_();
        using var found = net.Forward(other);
        found.mul(probe).sum().backward();
        Assert.Equal([2, Heads, length, 5], found.shape);
        Assert.InRange(found.sub(expected).abs().max().item<double>(), 0, 1e-6);
        Assert.InRange(other.grad!.sub(x.grad!).abs().max().item<double>(), 0, 1e-6);
    }

    // The layer with its projections: the form is no part of the weights.
    [Theory]
    [InlineData(true, true, "recurrent", 11)]
    [InlineData(true, true, "chunkwise", 21)]
    [InlineData(false, false, "recurrent", 21)]
    [InlineData(false, false, "chunkwise", 11)]
    public void TheLayersShareTheirWeights(bool rotary, bool gated, string form, int length)
    {
        ExecutedBackbone Layer(string f)
        {
            var net = Declarations.OverBlocks(
                ["retention"], "x[B, N, 12]", "return layer(x);",
                $"modules:\n  layer: multi_scale_retention(12, {Heads}, \"{f}\", 4, {(rotary ? "true" : "false")}, {(gated ? "true" : "false")}, true)");
            net.to(ScalarType.Float64);
            return net;
        }

        using var parallel = Layer("parallel");
        using var other = Layer(form);
        other.load_state_dict(parallel.state_dict());
        manual_seed(4);
        using var x = rand([2, length, 12], ScalarType.Float64).sub(0.5).requires_grad_();
        using var y = x.detach().requires_grad_();
        using var expected = parallel.Forward(x);
        using var found = other.Forward(y);
        using var probe = rand_like(expected);
        expected.mul(probe).sum().backward();
        found.mul(probe).sum().backward();
        Assert.InRange(found.sub(expected).abs().max().item<double>(), 0, 1e-6 * expected.abs().max().item<double>());
        Assert.InRange(y.grad!.sub(x.grad!).abs().max().item<double>(), 0, 1e-6 * x.grad!.abs().max().item<double>());
        var gradients = parallel.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!);
        foreach (var (name, parameter) in other.named_parameters())
        {
            Assert.InRange(parameter.grad!.sub(gradients[name]).abs().max().item<double>(), 0, 1e-5 * (1e-3 + gradients[name].abs().max().item<double>()));
        }
    }

    // S at (i, j) = r S at (i - 1, j) + r S at (i, j - 1) - r^2 S at (i - 1, j - 1) + k^T v.
    [Theory]
    [InlineData(1, 6)]
    [InlineData(5, 3)]
    [InlineData(4, 7)]
    public void OverAMapItIsARecurrenceAlongBothAxes(int height, int width)
    {
        using var net = Declarations.OverBlocks(["retention"], "x[B, 3, H, W, 13]", "(q, k, v) = split(x, [4, 4, 5], -1);\nreturn retention(q, k, v);", "modules:\n  retention: retention2d(3)");
        manual_seed(6);
        using var x = rand([2, Heads, height, width, 13], ScalarType.Float64).sub(0.5);
        using var found = net.Forward(x);
        var (q, k, v) = (x[.., .., .., .., ..4], x[.., .., .., .., 4..8], x[.., .., .., .., 8..]);
        var rate = Rate();
        var states = new Tensor[height + 1, width + 1];
        for (var i = 0; i <= height; i++)
        {
            for (var j = 0; j <= width; j++)
            {
                if (i == 0 || j == 0)
                {
                    states[i, j] = zeros([2, Heads, 4, 5], ScalarType.Float64);
                    continue;
                }

                states[i, j] = (rate * (states[i - 1, j] + states[i, j - 1])) - (rate * rate * states[i - 1, j - 1]) + k[.., .., i - 1, j - 1].unsqueeze(-1).matmul(v[.., .., i - 1, j - 1].unsqueeze(-2));
                var expected = q[.., .., i - 1, j - 1].unsqueeze(-2).matmul(states[i, j]).squeeze(-2);
                Assert.InRange(found[.., .., i - 1, j - 1].sub(expected).abs().max().item<double>(), 0, 1e-6);
            }
        }
    }

    private static ExecutedBackbone Net(string form)
    {
        var net = Declarations.OverBlocks(["retention"], "x[B, 3, N, 13]", "(q, k, v) = split(x, [4, 4, 5], -1);\nreturn retention(q, k, v);", $"modules:\n  retention: retention({Heads}, \"{form}\", 8)");
        net.to(ScalarType.Float64);
        return net;
    }

    private static Tensor Rate() => tensor(Enumerable.Range(0, Heads).Select(i => 1 - Math.Pow(2, -5 - i)).ToArray()).reshape(Heads, 1, 1);

    // S_n = rate S_(n-1) + k_n^T v_n, y_n = q_n S_n.
    private static Tensor Recurrence(Tensor x)
    {
        var (q, k, v) = (x[.., .., .., ..4], x[.., .., .., 4..8], x[.., .., .., 8..]);
        var state = zeros([2, Heads, 4, 5], ScalarType.Float64);
        var outputs = new List<Tensor>();
        for (var n = 0; n < x.shape[2]; n++)
        {
            state = (Rate() * state) + k[.., .., n].unsqueeze(-1).matmul(v[.., .., n].unsqueeze(-2));
            outputs.Add(q[.., .., n].unsqueeze(-2).matmul(state).squeeze(-2));
        }

        return stack(outputs, 2);
    }
}
