using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Tests.Torch;

/// <summary>Layers against loops in C#.</summary>
public class LayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 1, 2, 2)]
    [InlineData(4, 2, 1, 0)]
    public void Convolution_is_its_sum(int groups, int stride, int dilation, int padding)
    {
        using var scope = NewDisposeScope();
        var (x, w, b) = (randn([2, 4, 7, 6], float64), randn([8, 4 / groups, 3, 3], float64), randn([8], float64));
        var y = F.conv2d(x, w, b, [stride, stride], [padding, padding], [dilation, dilation], groups);
        var (h, width) = (y.shape[2], y.shape[3]);
        Assert.Equal((7 + 2 * padding - dilation * 2 - 1) / stride + 1, h);
        var (xd, wd, bd) = (x.data<double>(), w.data<double>(), b.data<double>());
        double Tap(int n, int o, int i, int j, int c, int p, int q)
        {
            var (r, s) = (i * stride + p * dilation - padding, j * stride + q * dilation - padding);
            return r < 0 || r >= 7 || s < 0 || s >= 6 ? 0 : wd[o, c, p, q] * xd[n, o / (8 / groups) * (4 / groups) + c, r, s];
        }
        double[] expected =
        [
            .. from n in Enumerable.Range(0, 2)
               from o in Enumerable.Range(0, 8)
               from i in Enumerable.Range(0, (int)h)
               from j in Enumerable.Range(0, (int)width)
               select bd[o] + (from c in Enumerable.Range(0, 4 / groups)
                               from p in Enumerable.Range(0, 3)
                               from q in Enumerable.Range(0, 3)
                               select Tap(n, o, i, j, c, p, q)).Sum(),
        ];
        NumericsTests.Close(expected, y);
        var columns = F.unfold(x, (3, 3), (dilation, dilation), (padding, padding), (stride, stride));
        if (groups == 1) NumericsTests.Close(expected, w.reshape(8, -1).matmul(columns).reshape(y.shape) + b.reshape(1, 8, 1, 1));
    }

    [Fact]
    public void Transposed_convolution_is_the_adjoint_of_convolution()
    {
        using var scope = NewDisposeScope();
        var (x, w, y) = (randn([1, 3, 9, 9], float64), randn([5, 3, 3, 3], float64), randn([1, 5, 5, 5], float64));
        var left = F.conv2d(x, w, null, [2, 2], [1, 1]).mul(y).sum().item<double>();
        var right = F.conv_transpose2d(y, w, null, [2, 2], [1, 1]).mul(x).sum().item<double>();
        Assert.Equal(left, right, 9);
    }

    [Theory]
    [InlineData("layer", 12)]
    [InlineData("group", 6)]
    [InlineData("instance", 3)]
    [InlineData("batch", 6)]
    public void Norms_give_mean_zero_and_variance_one_over_their_axes(string kind, int each)
    {
        using var scope = NewDisposeScope();
        var x = randn([2, 4, 3], float64) * 3 + 5;
        var y = kind switch
        {
            "layer" => F.layer_norm(x, [4, 3], eps: 0),
            "group" => F.group_norm(x, 2, eps: 0),
            "instance" => F.instance_norm(x, eps: 0),
            _ => F.batch_norm(x, null, null, training: true, eps: 0),
        };
        var rows = kind == "batch" ? y.transpose(0, 1).reshape(-1, each) : y.reshape(-1, each);
        NumericsTests.Close(Enumerable.Repeat(0.0, (int)rows.shape[0]), rows.mean([1]), 1e-9);
        NumericsTests.Close(Enumerable.Repeat(1.0, (int)rows.shape[0]), rows.var([1], false), 1e-9);
    }

    [Fact]
    public void Batch_norm_remembers_in_training_and_uses_it_after()
    {
        using var scope = NewDisposeScope();
        var norm = nn.BatchNorm2d(3, momentum: 0.5);
        var x = randn(4, 3, 5, 5) * 2 + 1;
        norm.call(x);
        var mean = x.mean([0, 2, 3]);
        Assert.True(norm.running_mean!.allclose(mean * 0.5, 1e-4, 1e-5));
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        norm.eval();
        var y = norm.call(x);
        var expected = (x - norm.running_mean!.reshape(1, 3, 1, 1)) / (norm.running_var!.reshape(1, 3, 1, 1) + 1e-5).sqrt();
        Assert.True(y.allclose(expected, 1e-4, 1e-4));
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], norm.state_dict().Keys);
        Assert.Throws<ArgumentException>(() => norm.call(randn(4, 3)));
    }

    [Fact]
    public void Pools_pool()
    {
        using var scope = NewDisposeScope();
        var x = arange(16, float64).reshape(1, 1, 4, 4);
        NumericsTests.Close([5, 7, 13, 15], F.max_pool2d(x, 2));
        NumericsTests.Close([2.5, 4.5, 10.5, 12.5], F.avg_pool2d(x, 2));
        NumericsTests.Close([7.5], F.adaptive_avg_pool2d(x, 1));
        NumericsTests.Close([5, 7, 13, 15], nn.MaxPool2d(2).call(x));
    }

    [Fact]
    public void Space_and_channels_change_places()
    {
        using var scope = NewDisposeScope();
        var x = arange(16, float64).reshape(1, 4, 2, 2);
        var y = F.pixel_shuffle(x, 2);
        NumericsTests.Close([0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15], y);
        Assert.True(F.pixel_unshuffle(y, 2).Equals(x));
        NumericsTests.Close([0, 0, 0, 1, 0, 2, 0, 3], F.pad(arange(4, float64).reshape(1, 4, 1), (1, 0)));
        NumericsTests.Close([1, 0, 1, 2, 1], F.pad(arange(3, float64).reshape(1, 1, 3), (1, 1), TorchSharp.PaddingModes.Reflect));
        NumericsTests.Close([2, 0, 1, 2, 0], F.pad(arange(3, float64).reshape(1, 1, 3), (1, 1), TorchSharp.PaddingModes.Circular));
    }

    [Fact]
    public void Images_are_resampled()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 0, 1, 2, 3 }).reshape(1, 1, 2, 2);
        NumericsTests.Close([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], F.interpolate(x, scale_factor: [2, 2]));
        NumericsTests.Close([0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3], F.interpolate(x, [3, 3], mode: InterpolationMode.Bilinear, align_corners: true));
        NumericsTests.Close([1.5], F.interpolate(x, [1, 1], mode: InterpolationMode.Area));
        var centre = zeros([1, 1, 1, 2], float64);
        NumericsTests.Close([1.5], F.grid_sample(x, centre, align_corners: true));
    }

    [Fact]
    public void Dropout_drops_what_it_says_and_only_in_training()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var x = ones(100, 200);
        Assert.True(F.dropout(x, 0.3, false).Equals(x));
        var y = F.dropout(x, 0.3);
        Assert.InRange((y == 0).to(float32).mean().item<float>(), 0.28f, 0.32f);
        Assert.Equal(1 / 0.7, y.max().item<float>(), 5);
        var channels = F.dropout2d(ones(10, 50, 4, 4), 0.5).mean([2, 3]);
        Assert.True(((channels == 0).logical_or(channels == 2)).all().item<bool>());
    }
}
