using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Tests.Torch;

/// <summary>
/// libtorch 1.13.1's float32 gradients of gelu were garbage where the incoming gradient was not contiguous (its oneDNN path wrote
/// elsewhere). Here they are right, each time, in every layout; so are convolution's.
/// </summary>
public class GradientHazardTests
{
    private const int Runs = 1000;

    [Fact]
    public void Gelus_gradient_is_right_a_thousand_times_whatever_the_layout_of_what_comes_in()
    {
        using var outer = NewDisposeScope();
        manual_seed(1);
        var worst = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            using var scope = NewDisposeScope();
            var x = randn(2, 6, 5, 4).requires_grad_();
            var exact = x.detach().@double().requires_grad_();
            var pick = randn(2, 4, 5, 6);
            Through(x, run).mul(pick).sum().backward();
            Through(exact, run).mul(pick.@double()).sum().backward();
            var error = x.grad!.@double().sub(exact.grad!).abs().max().item<double>();
            Assert.True(double.IsFinite(error), $"run {run}: {error}");
            worst = Math.Max(worst, error);
        }
        Assert.InRange(worst, 0, 1e-5);
    }

    [Fact]
    public void Branches_joined_on_a_new_axis_train_right()
    {
        using var outer = NewDisposeScope();
        manual_seed(2);
        for (var run = 0; run < Runs; run++)
        {
            using var scope = NewDisposeScope();
            var x = randn(1, 3, 8, 8);
            var w = randn(4, 3, 3, 3).requires_grad_();
            var exact = w.detach().@double().requires_grad_();
            Branches(x, w).pow(2).sum().backward();
            Branches(x.@double(), exact).pow(2).sum().backward();
            var error = w.grad!.@double().sub(exact.grad!).abs().max().div(exact.grad!.abs().max()).item<double>();
            Assert.True(error < 1e-5, $"run {run}: {error}");
        }
    }

    /// <summary>Batch norm's backward read a channels-last gradient in the order of the input, in float64 as well: its definition is the witness.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Batch_norms_gradient_is_right_where_tokens_follow(long batch)
    {
        using var outer = NewDisposeScope();
        manual_seed(3);
        var x = randn(batch, 6, 5, 4).requires_grad_();
        var plain = x.detach().requires_grad_();
        var pick = randn(batch, 21, 6);
        Tokens(F.batch_norm(x, zeros(6), ones(6), training: true)).mul(pick).sum().backward();
        var centred = plain - plain.mean([0, 2, 3], keepdim: true);
        Tokens(centred / (centred.square().mean([0, 2, 3], keepdim: true) + 1e-5).sqrt()).mul(pick).sum().backward();
        Assert.InRange(x.grad!.sub(plain.grad!).abs().max().item<float>(), 0, 1e-4);

        // A token before those of the map, as class tokens stand.
        Tensor Tokens(Tensor y) => F.layer_norm(cat([ones(batch, 1, 6), (y * full([1, 6, 1, 1], 0.5)).flatten(2).transpose(1, 2)], 1), [6]);
    }

    /// <summary>The same for every layout of the input and of the gradient.</summary>
    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 6)]
    [InlineData(2, 1)]
    public void Batch_norms_gradient_is_right_in_every_layout(long batch, long channels)
    {
        using var outer = NewDisposeScope();
        manual_seed(4);
        long[] shape = [batch, channels, 5, 4];
        foreach (var (input, gradient) in from i in Layouts from g in Layouts select (i, g))
        {
            Tensor[] inputs = [Laid(randn(shape), input), randn(channels), randn(channels)];
            var pick = Laid(randn(shape), gradient);
            var found = Of(inputs, pick, (x, w, b) => F.batch_norm(x, zeros(channels), ones(channels), w, b, training: true));
            var expected = Of(inputs, pick, (x, w, b) =>
            {
                var centred = x - x.mean([0, 2, 3], keepdim: true);
                return (centred / (centred.square().mean([0, 2, 3], keepdim: true) + 1e-5).sqrt() * w.reshape(1, channels, 1, 1)) + b.reshape(1, channels, 1, 1);
            });
            for (var n = 0; n < found.Count; n++)
            {
                var error = found[n].sub(expected[n]).abs().max().item<float>();
                Assert.True(error < 1e-4, $"input {input}, gradient {gradient}: gradient {n} is off by {error}");
            }
        }

        static IList<Tensor> Of(Tensor[] inputs, Tensor pick, Func<Tensor, Tensor, Tensor, Tensor> run)
        {
            Tensor[] leaves = [.. inputs.Select(t => t.detach().requires_grad_())];
            return autograd.grad([run(leaves[0], leaves[1], leaves[2])], leaves, [pick]);
        }
    }

    private static readonly string[] Layouts = ["contiguous", "channels last", "strided", "slice of tokens", "batch inside"];

    // The same values with other strides.
    private static Tensor Laid(Tensor t, string layout) => layout switch
    {
        "channels last" => t.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
        "strided" => cat([t.unsqueeze(-1), t.unsqueeze(-1)], -1).select(-1, 0),
        "slice of tokens" => cat([zeros(t.shape[0], 1, t.shape[1]), t.flatten(2).transpose(1, 2)], 1)
            .slice(1, 1, 1 + (t.shape[2] * t.shape[3]), 1).transpose(1, 2).reshape(t.shape),
        "batch inside" => t.permute(1, 2, 3, 0).contiguous().permute(3, 0, 1, 2),
        _ => t,
    };

    [Theory]
    [InlineData("permuted")]
    [InlineData("expanded")]
    [InlineData("strided")]
    [InlineData("channels last")]
    public void Convolutions_gradients_are_right_for_every_layout_of_what_comes_in(string layout)
    {
        using var outer = NewDisposeScope();
        manual_seed(3);
        for (var run = 0; run < Runs / 4; run++)
        {
            using var scope = NewDisposeScope();
            var x = randn(2, 4, 7, 6);
            var w = randn(8, 4, 3, 3);
            var b = randn(8);
            var gradient = layout switch
            {
                "permuted" => randn(7, 6, 8, 2).permute(3, 2, 0, 1),
                "expanded" => randn(2, 8, 1, 1).expand([2, 8, 7, 6], false),
                "strided" => randn(2, 8, 7, 12).index(TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)),
                _ => randn(2, 7, 6, 8).permute(0, 3, 1, 2),
            };
            Tensor[] inputs = [x, w, b];
            var single = Gradients(inputs, gradient);
            var exact = Gradients([.. inputs.Select(t => t.@double())], gradient.@double());
            for (var i = 0; i < single.Count; i++)
            {
                var error = single[i].@double().sub(exact[i]).abs().max().div(exact[i].abs().max()).item<double>();
                Assert.True(error < 1e-5, $"run {run}, gradient {i}: {error}");
            }
        }
    }

    [Fact]
    public void Gelus_second_gradient_is_there()
    {
        using var scope = NewDisposeScope();
        var x = randn([5], float64).requires_grad_();
        var first = autograd.grad([x.gelu().sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        var step = 1e-5;
        var numeric = (Slope(x.detach().add(step)) - Slope(x.detach().sub(step))).div(2 * step);
        Assert.True(second.allclose(numeric, 1e-4, 1e-6));
    }

    private static Tensor Slope(Tensor at)
    {
        var x = at.alias().requires_grad_();
        return autograd.grad([x.gelu().sum()], [x])[0];
    }

    private static Tensor Through(Tensor x, int run) => (run % 4) switch
    {
        0 => x.gelu().permute(0, 3, 2, 1),
        1 => x.permute(0, 2, 3, 1).contiguous().gelu().permute(0, 2, 1, 3),
        2 => cat([x.gelu().unsqueeze(-1), x.unsqueeze(-1)], -1).sum(-1).permute(0, 3, 2, 1),
        _ => F.gelu(x.transpose(1, 3)),
    };

    private static Tensor Branches(Tensor x, Tensor w) =>
        cat([F.conv2d(x, w, padding: [1, 1]).gelu().unsqueeze(-1), F.conv2d(x, w, padding: [2, 2], dilation: [2, 2]).gelu().unsqueeze(-1)], -1);

    private static IList<Tensor> Gradients(Tensor[] inputs, Tensor gradient)
    {
        Tensor[] leaves = [.. inputs.Select(t => t.detach().requires_grad_())];
        return autograd.grad([F.conv2d(leaves[0], leaves[1], leaves[2], padding: [1, 1])], leaves, [gradient]);
    }
}
