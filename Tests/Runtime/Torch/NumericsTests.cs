using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Tests.Torch;

/// <summary>Values of the operators against plain arithmetic.</summary>
public class NumericsTests
{
    private static readonly double[] s_points = [-2.3, -1.2, -0.6, 0.3, 0.8, 1.7, 3.4];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    /// <summary>Abramowitz and Stegun 7.1.5, summed until it no longer changes.</summary>
    private static double Erf(double x)
    {
        double sum = 0, term = x;
        for (var n = 0; n < 200; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    public static TheoryData<string> Pointwise() => [.. s_pointwise.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Op, Func<double, double> Plain)> s_pointwise = new()
    {
        ["abs"] = (x => x.abs(), Math.Abs),
        ["neg"] = (x => -x, x => -x),
        ["exp"] = (x => x.exp(), Math.Exp),
        ["expm1"] = (x => x.expm1(), x => Math.Exp(x) - 1),
        ["log"] = (x => x.abs().log(), x => Math.Log(Math.Abs(x))),
        ["log1p"] = (x => x.abs().log1p(), x => Math.Log(1 + Math.Abs(x))),
        ["sqrt"] = (x => x.abs().sqrt(), x => Math.Sqrt(Math.Abs(x))),
        ["rsqrt"] = (x => x.abs().rsqrt(), x => 1 / Math.Sqrt(Math.Abs(x))),
        ["reciprocal"] = (x => x.reciprocal(), x => 1 / x),
        ["square"] = (x => x.square(), x => x * x),
        ["pow"] = (x => x.pow(3), x => x * x * x),
        ["sign"] = (x => x.sign(), x => Math.Sign(x)),
        ["sin"] = (x => x.sin(), Math.Sin),
        ["cos"] = (x => x.cos(), Math.Cos),
        ["tanh"] = (x => x.tanh(), Math.Tanh),
        ["erf"] = (x => x.erf(), Erf),
        ["floor"] = (x => x.floor(), Math.Floor),
        ["ceil"] = (x => x.ceil(), Math.Ceiling),
        ["round"] = (x => x.round(), Math.Round),
        ["trunc"] = (x => x.trunc(), Math.Truncate),
        ["relu"] = (x => x.relu(), x => Math.Max(x, 0)),
        ["relu6"] = (x => (x * 4).relu6(), x => Math.Clamp(4 * x, 0, 6)),
        ["gelu"] = (x => x.gelu(), x => x * (1 + Erf(x / Math.Sqrt(2))) / 2),
        ["silu"] = (x => x.silu(), x => x * Sigmoid(x)),
        ["sigmoid"] = (x => x.sigmoid(), Sigmoid),
        ["hardsigmoid"] = (x => x.hardsigmoid(), x => Math.Clamp(x + 3, 0, 6) / 6),
        ["hardswish"] = (x => x.hardswish(), x => x * Math.Clamp(x + 3, 0, 6) / 6),
        ["leaky_relu"] = (x => x.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x),
        ["elu"] = (x => F.elu(x, 1.5), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1)),
        ["celu"] = (x => F.celu(x, 2), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1)),
        ["selu"] = (x => x.selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1))),
        ["softplus"] = (x => F.softplus(x, 2), x => Softplus(2 * x) / 2),
        ["mish"] = (x => TorchSharp.torch.nn.Mish().call(x), x => x * Math.Tanh(Softplus(x))),
        ["clamp"] = (x => x.clamp(-1, 1), x => Math.Clamp(x, -1, 1)),
        ["scalar arithmetic"] = (x => (2 - x) / 4 + 3.0 / x * 2 - 1, x => (2 - x) / 4 + 3 / x * 2 - 1),
        ["remainder"] = (x => x % 2, x => x - 2 * Math.Floor(x / 2)),
        ["floor division"] = (x => x.div(0.75, RoundingMode.floor), x => Math.Floor(x / 0.75)),
        ["where"] = (x => where(x > 0, x, x * 10), x => x > 0 ? x : 10 * x),
        ["comparison"] = (x => (x >= 0.75).to(float64), x => x >= 0.75 ? 1 : 0),
        ["addcmul"] = (x => x.addcmul(x, x, 0.5), x => x + 0.5 * x * x),
        ["addcdiv"] = (x => x.addcdiv(x, x + 10, 0.5), x => x + 0.5 * x / (x + 10)),
        ["lerp"] = (x => x.lerp(x * 3, tensor(0.25)), x => x + 0.25 * (3 * x - x)),
        ["masked_fill"] = (x => x.masked_fill(x < 0, 7), x => x < 0 ? 7 : x),
        ["in place"] = (x => x.clone().add_(1).mul_(2).sub_(3).div_(4).clamp_(-0.5, 0.5), x => Math.Clamp(((x + 1) * 2 - 3) / 4, -0.5, 0.5)),
    };

    [Theory]
    [MemberData(nameof(Pointwise))]
    public void An_elementwise_operator_has_its_values_and_its_gradient(string name)
    {
        using var scope = NewDisposeScope();
        var (op, plain) = s_pointwise[name];
        var x = tensor(s_points).requires_grad_();
        var y = op(x);
        Close(s_points.Select(plain), y);
        Assert.Equal(float64, y.dtype);
        if (!y.requires_grad) return;
        const double Step = 1e-6;
        y.sum().backward();
        Close(s_points.Select(p => (plain(p + Step) - plain(p - Step)) / (2 * Step)), x.grad!, 1e-5);
    }

    [Fact]
    public void Matrices_multiply()
    {
        using var scope = NewDisposeScope();
        var a = arange(6, float64).reshape(2, 3);
        var b = arange(12, float64).reshape(3, 4);
        double[] product = [20, 23, 26, 29, 56, 68, 80, 92];
        Close(product, a.matmul(b));
        Close(product, mm(a, b));
        Close(product, einsum("ik,kj->ij", a, b));
        Close(product, bmm(a.unsqueeze(0), b.unsqueeze(0)));
        Close(product.Select(p => 2 * p + 3), ones([2, 4], float64).addmm(a, b, 3, 2));
        Close(product.Select(p => p + 1), F.linear(a, b.t(), ones(4, float64)));
        Close([0, 0, 0, 3, 4, 5], outer(tensor(new[] { 0.0, 1 }), tensor(new[] { 3.0, 4, 5 })));
    }

    [Fact]
    public void Shapes_change_as_told()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal([4, 2, 3], x.permute(2, 0, 1).shape);
        Assert.Equal([2, 12], x.flatten(1).shape);
        Assert.Equal([2, 3, 2, 2], x.unflatten(-1, 2, 2).shape);
        Assert.Equal([2, 1, 3, 4], x.unsqueeze(1).shape);
        Assert.Equal([2, 3, 4], x.unsqueeze(1).squeeze(1).shape);
        Assert.Equal([4, 3, 8], x.repeat(2, 1, 2).shape);
        Assert.Equal([2, 6, 4], x.repeat_interleave(2, 1).shape);
        Assert.Equal([2, 3, 4], x.narrow(2, 1, 2).expand_as(x.narrow(2, 1, 2)).shape.Select((s, i) => i == 2 ? s + 2 : s));
        Assert.Equal([3L, 2, 1, 0], x[0, 0].flip(0).data<long>().ToArray());
        Assert.Equal([3L, 0, 1, 2], x[0, 0].roll(1, 0).data<long>().ToArray());
        Assert.Equal(2, x.chunk(2).Length);
        Assert.Equal([1L, 2], x.split([1, 2], 1).Select(t => t.shape[1]));
        Assert.Equal(4, x.unbind(2).Length);
        Assert.True(stack(x.unbind(1), 1).Equals(x));
        Assert.True(cat(x.split(1, 2), 2).Equals(x));
        Assert.Equal([0L, 0, 0, 4, 5, 0], x[0].tril().narrow(0, 0, 2).narrow(1, 0, 3).reshape(-1).data<long>().ToArray());
        var grid = meshgrid([arange(2), arange(3)]);
        Assert.Equal([0L, 0, 0, 1, 1, 1], grid[0].reshape(-1).data<long>().ToArray());
        Assert.True(x.permute(0, 2, 1).contiguous().is_contiguous());
        Assert.False(x.permute(0, 2, 1).is_contiguous());
    }

    [Fact]
    public void Reductions_reduce()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[,] { { 1, 5, 3 }, { 4, 2, 6 } });
        Assert.Equal(21, x.sum().item<double>());
        Close([5, 7, 9], x.sum(0L));
        Close([3, 4], x.mean([1]));
        Close([2, 2], x.std(1));
        Close([8.0 / 3, 8.0 / 3], x.var([1], false));
        Close([5, 6], x.amax([1], false));
        Close([1, 2], x.amin(1));
        Assert.Equal(5, x.argmax().item<long>());
        Assert.Equal([1L, 2], x.argmax(1).data<long>().ToArray());
        var (values, indices) = x.topk(2, 1);
        Close([5, 3, 6, 4], values);
        Assert.Equal([1L, 2, 2, 0], indices.data<long>().ToArray());
        var (sorted, _) = x.sort(1);
        Close([1, 3, 5, 2, 4, 6], sorted);
        Close([1, 6, 9, 4, 6, 12], x.cumsum(1));
        Close([1, 5, 15, 4, 8, 48], x.cumprod(1));
        Close(new[] { 0, 1 }.Select(r => Math.Log(new[] { 0, 1, 2 }.Sum(c => Math.Exp(x[r, c].item<double>())))), x.logsumexp(1));
        Assert.Equal(Math.Sqrt(91), x.norm().item<double>(), 12);
        var e = s_points.Select(Math.Exp).ToArray();
        Close(e.Select(v => v / e.Sum()), tensor(s_points).softmax(0));
        Close(e.Select(v => Math.Log(v / e.Sum())), tensor(s_points).log_softmax(0));
        Assert.True((x > 0).all().item<bool>());
        Assert.False((x > 6).any().item<bool>());
    }

    [Fact]
    public void Rows_are_gathered_and_scattered()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var at = tensor(new long[,] { { 2, 0 }, { 1, 1 } });
        Close([3, 1, 5, 5], x.gather(1, at));
        Close([3, 1, 5, 5], x.take_along_dim(at, 1));
        Close([3, 6, 1, 4], x.index_select(1, tensor(new long[] { 2, 0 })).t());
        Close([1, 0, 1, 0, 2, 0], zeros([2, 3], float64).scatter_add_(1, at, ones([2, 2], float64)));
        Close([2, 4, 6], x.masked_select(x % 2 == 0));
    }

    [Fact]
    public void Fourier_transforms_are_sums_of_cosines_and_sines()
    {
        using var scope = NewDisposeScope();
        var n = s_points.Length;
        var spectrum = view_as_real(fft.rfft(tensor(s_points)));
        Close(Enumerable.Range(0, n / 2 + 1).SelectMany(k => new[]
        {
            s_points.Select((v, t) => v * Math.Cos(2 * Math.PI * k * t / n)).Sum(),
            -s_points.Select((v, t) => v * Math.Sin(2 * Math.PI * k * t / n)).Sum(),
        }), spectrum);
        var image = randn([2, 3, 4, 5], float64);
        Assert.True(fft.irfft2(fft.rfft2(image), [4, 5]).allclose(image));
        Assert.True(fft.irfft2(fft.rfft2(image, norm: TorchSharp.FFTNormType.Ortho), [4, 5], norm: TorchSharp.FFTNormType.Ortho).allclose(image));
        Assert.Equal(complex128, fft.fft_(image).dtype);
    }

    [Fact]
    public void Losses_are_their_formulas()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new double[,] { { 1, 2, 0.5 }, { 0, -1, 3 } });
        var classes = tensor(new long[] { 1, 0 });
        double Row(int r, int c) => scores[r, c].item<double>() - Math.Log(Enumerable.Range(0, 3).Sum(j => Math.Exp(scores[r, j].item<double>())));
        Assert.Equal(-(Row(0, 1) + Row(1, 0)) / 2, F.cross_entropy(scores, classes).item<double>(), 12);
        Assert.Equal(-(Row(0, 1) + Row(1, 0)) / 2, F.nll_loss(scores.log_softmax(1), classes).item<double>(), 12);
        const double Smooth = 0.1;
        var smoothed = new[] { (0, 1), (1, 0) }.Average(p => -(1 - Smooth) * Row(p.Item1, p.Item2) - Smooth / 3 * Enumerable.Range(0, 3).Sum(c => Row(p.Item1, c)));
        Assert.Equal(smoothed, F.cross_entropy(scores, classes, label_smoothing: Smooth).item<double>(), 12);
        Assert.Equal(s_points.Average(p => p * p), F.mse_loss(tensor(s_points), zeros(7, float64)).item<double>(), 12);
        Assert.Equal(s_points.Sum(Math.Abs), F.l1_loss(tensor(s_points), zeros(7, float64), TorchSharp.torch.nn.Reduction.Sum).item<double>(), 12);
        Assert.Equal(s_points.Average(p => Math.Abs(p) < 1 ? p * p / 2 : Math.Abs(p) - 0.5), F.smooth_l1_loss(tensor(s_points), zeros(7, float64)).item<double>(), 12);
        Assert.Equal(s_points.Average(p => Softplus(-p)), F.binary_cross_entropy_with_logits(tensor(s_points), ones(7, float64)).item<double>(), 12);
    }

    internal static void Close(IEnumerable<double> expected, Tensor actual, double tolerance = 1e-10)
    {
        var (e, a) = (expected.ToArray(), actual.reshape(-1).to(float64).data<double>().ToArray());
        Assert.Equal(e.Length, a.Length);
        for (var i = 0; i < e.Length; i++) Assert.True(Math.Abs(e[i] - a[i]) <= tolerance * (1 + Math.Abs(e[i])), $"element {i}: expected {e[i]}, found {a[i]}");
    }
}
