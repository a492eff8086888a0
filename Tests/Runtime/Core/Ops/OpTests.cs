using Notochord.Ops;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

public sealed class OpTests
{
    [Fact]
    public void Drop_path_keeps_or_removes_whole_samples_and_their_mean()
    {
        using var x = ones(4000, 3, 2);
        using var y = Op.drop_path(x, 0.25, Owner(training: true));
        var samples = Tensors.Values(y).Chunk(6).ToList();

        Assert.All(samples, sample => Assert.True(sample.All(value => value == 0) || sample.All(value => Math.Abs(value - (1 / 0.75f)) < 1e-6)));
        Tensors.Near(0.25, samples.Count(sample => sample[0] == 0) / 4000.0, 0.03);
    }

    [Fact]
    public void What_changes_nothing_gives_another_handle()
    {
        using var x = Tensors.Count(1, 1, 2, 2);
        Tensor[] same =
        [
            Op.drop_path(x, 0.5, Owner(training: false)),
            Op.drop_path(x, 0, Owner(training: true)),
            Op.dropout(x, 0.5, Owner(training: false)),
            Op.pad(x, [0, 0, 0, 0]),
            Op.roll(x, [0, 0], [2, 3]),
            Op.same_pad(x, (1, 1), (2, 2), (1, 1)),
            Op.interpolate(x, [2, 2], "bilinear"),
        ];
        foreach (var y in same)
        {
            Assert.NotSame(x, y);
            Assert.Equal([0, 1, 2, 3], Tensors.Values(y));
            y.Dispose();
        }

        Assert.Equal([0, 1, 2, 3], Tensors.Values(x));
    }

    [Fact]
    public void Epsilon_is_that_of_the_type()
    {
        using var doubles = Op.epsilon(zeros(1, ScalarType.Float64));
        using var floats = Op.epsilon(zeros(1, ScalarType.Float32));
        Assert.Equal(Math.BitIncrement(1.0) - 1, doubles.item<double>());
        Assert.Equal(MathF.BitIncrement(1f) - 1, floats.item<float>());
        Assert.Throws<ArgumentException>(() => Op.epsilon(zeros(1, ScalarType.Int64)));
    }

    [Fact]
    public void Dropping_everything_gives_zeros()
    {
        using var x = ones(5, 2);
        using var y = Op.drop_path(x, 1, Owner(training: true));
        Assert.All(Tensors.Values(y), value => Assert.Equal(0, value));
    }

    // x Phi(x) and its tanh approximation, from the definitions in double precision.
    [Theory]
    [InlineData("none", new float[] { -0.00404951f, -0.15865529f, 0f, 0.34573123f, 1.9544997f })]
    [InlineData("tanh", new float[] { -0.00363739f, -0.15880801f, 0f, 0.34571401f, 1.9545977f })]
    public void Gelu_is_that_of_its_definition(string approximate, float[] expected)
    {
        using var x = tensor([-3f, -1f, 0f, 0.5f, 2f]);
        using var y = Op.gelu(x, approximate);
        using var learnt = x.alias().requires_grad_();
        using var z = Op.gelu(learnt, approximate);

        Tensors.Near(expected, Tensors.Values(y), 2e-6);
        Tensors.Near(expected, Tensors.Values(z.detach()), 2e-6);
        Assert.Throws<ArgumentException>(() => Op.gelu(x, "erf"));
    }

    [Fact]
    public void The_gradient_of_gelu_is_right_every_time()
    {
        // Phi(x) + x phi(x) at -2, -0.5, 0, 1.5, in blocks large enough for every kernel's vector and tail loops.
        float[] points = [-2f, -0.5f, 0f, 1.5f];
        float[] expected = [-0.0852318f, 0.1325049f, 0.5f, 1.1274690f];
        const int repeats = 1027;
        using var pattern = tensor(points);
        using var tiled = pattern.repeat(repeats);
        using var wanted = tensor(expected).repeat(repeats);
        for (var run = 0; run < 1000; run++)
        {
            using var x = tiled.clone().requires_grad_();
            using var y = Op.gelu(x);
            using var total = y.sum();
            total.backward();
            using var gradient = x.grad;
            using var difference = gradient!.sub(wanted);
            using var absolute = difference.abs();
            using var worst = absolute.max();
            var found = worst.item<float>();
            Assert.True(found < 1e-5, $"run {run}: off by {found}");
        }
    }

    [Fact]
    public void Attention_is_softmax_of_scaled_products()
    {
        using var q = Tensors.Of([1, 2, 2], 1, 0, 0, 2);
        using var k = Tensors.Of([1, 3, 2], 1, 0, 0, 1, 1, 1);
        using var v = Tensors.Of([1, 3, 1], 1, 10, 100);
        using var mask = Tensors.Of([2, 3], 0, 0, float.NegativeInfinity, 0, 0, 0);
        double e = Math.Exp(0.5), e2 = Math.Exp(1);

        using var plain = Op.attention(q, k, v, null, 0.5);
        using var masked = Op.attention(q, k, v, mask, 0.5);

        var second = (float)((1 + (10 * e2) + (100 * e2)) / (1 + (2 * e2)));
        Tensors.Near([(float)((e + 10 + (100 * e)) / ((2 * e) + 1)), second], Tensors.Values(plain), 1e-4);
        Tensors.Near([(float)((e + 10) / (e + 1)), second], Tensors.Values(masked), 1e-4);
    }

    [Fact]
    public void Batch_norm_uses_the_batch_in_training_and_the_running_statistics_else()
    {
        using var x = Tensors.Of([2, 1, 1, 2], 1, 2, 3, 6);
        using var mean = zeros(1);
        using var variance = ones(1);
        using var weight = tensor([2f]);
        using var bias = tensor([1f]);

        using var evaluated = Op.batch_norm(x, mean, variance, weight, bias, training: false, eps: 0);
        using var trained = Op.batch_norm(x, mean, variance, weight, bias, training: true, momentum: 0.5, eps: 0);
        using var without = Op.batch_norm(x, null, null, null, null, training: false, eps: 0);

        // Mean 3, biased variance 3.5, unbiased 14 / 3.
        var unit = new[] { -2f, -1f, 0f, 3f }.Select(value => value / MathF.Sqrt(3.5f)).ToArray();
        Tensors.Near([3, 5, 7, 13], Tensors.Values(evaluated), 1e-5);
        Tensors.Near([.. unit.Select(value => (2 * value) + 1)], Tensors.Values(trained), 1e-5);
        Tensors.Near(unit, Tensors.Values(without), 1e-5);
        Tensors.Near([1.5f], Tensors.Values(mean), 1e-6);
        Tensors.Near([0.5f + (0.5f * 14 / 3)], Tensors.Values(variance), 1e-5);
    }

    [Fact]
    public void Layer_norm_is_over_the_last_axes()
    {
        using var x = Tensors.Of([2, 2], 1, 3, 10, 30);
        using var weight = tensor([1f, 2f]);
        using var y = Op.layer_norm(x, [2], weight, null, 0);
        Tensors.Near([-1, 2, -1, 2], Tensors.Values(y), 1e-4);
    }

    [Fact]
    public void Same_padding_is_tensorflows()
    {
        // Size 5, kernel 3, stride 2: 3 places, 2 pixels, one on each side. Size 4: 2 places, 1 pixel, at the end.
        using var x = Tensors.Of([1, 1, 5, 4], [.. Enumerable.Repeat(1f, 20)]);
        using var y = Op.same_pad(x, (3, 3), (2, 2), (1, 1));

        Assert.Equal([1, 1, 7, 5], y.shape);
        var rows = Tensors.Values(y).Chunk(5).ToList();
        Assert.Equal([0, 0, 0, 0, 0], rows[0]);
        Assert.Equal([1, 1, 1, 1, 0], rows[1]);
        Assert.Equal([0, 0, 0, 0, 0], rows[6]);
    }

    [Fact]
    public void Padding_roll_and_resizing()
    {
        using var x = Tensors.Count(1, 1, 2, 2);
        using var padded = Op.pad(x, [1, 0], PaddingModes.Constant, 9);
        using var reflected = Op.pad(x, [1, 0, 0, 0], PaddingModes.Reflect);
        using var rolled = Op.roll(x, [1], [3]);
        using var doubled = Op.interpolate(x, [2, 4]);
        using var smooth = Op.interpolate(x, [2, 3], "bilinear", alignCorners: true);
        using var mean = Op.adaptive_avg_pool2d(x, [1]);
        using var largest = Op.adaptive_max_pool2d(x, [1, 2]);

        Assert.Equal([9, 0, 1, 9, 2, 3], Tensors.Values(padded));
        Assert.Equal([1, 0, 1, 3, 2, 3], Tensors.Values(reflected));
        Assert.Equal([1, 0, 3, 2], Tensors.Values(rolled));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], Tensors.Values(doubled));
        Assert.Equal([0, 0.5f, 1, 2, 2.5f, 3], Tensors.Values(smooth));
        Assert.Equal([1.5f], Tensors.Values(mean));
        Assert.Equal([2, 3], Tensors.Values(largest));
        Assert.Throws<ArgumentException>(() => Op.interpolate(x, [4, 4], "cubic"));
    }

    private static nn.Module Owner(bool training)
    {
        var owner = new Notochord.Modules.Chain();
        owner.train(training);
        return owner;
    }
}
