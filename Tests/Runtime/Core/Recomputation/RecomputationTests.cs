using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core;

/// <summary>Chains of calls that are computed again in backward, beside plain autograd.</summary>
[Collection("counts tensors")]
public sealed class RecomputationTests
{
    private const int Dim = 6;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Gradients_are_those_of_plain_autograd(bool reversible, bool norm)
    {
        var blocks = Blocks(5, reversible: reversible, norm: norm);
        Same(Gradients(blocks, recompute: false), Gradients(blocks, recompute: true));
    }

    // Results between the blocks are used as well, and a block is called where nobody uses what it gives.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Results_between_blocks_can_be_used_and_the_last_be_left(bool taps)
    {
        var blocks = Blocks(4);
        Same(Gradients(blocks, false, Loss), Gradients(blocks, true, Loss));

        Tensor Loss(List<(Tensor Y1, Tensor Y2)> y) => taps
            ? y[0].Y1.square().sum().add(y[2].Y2.sum()).add(y[3].Y1.mul(y[1].Y1).sum())
            : y[1].Y2.square().sum();
    }

    [Fact]
    public void One_tensor_may_be_several_inputs_and_blocks_may_be_called_twice()
    {
        var block = Blocks(1)[0];
        var results = new List<double[]>();
        foreach (var recompute in new[] { false, true })
        {
            block.Recompute = recompute;
            using var scope = NewDisposeScope();
            var x = Numbers(1).requires_grad_();
            var (a, b) = block.Call(x, x, x);
            var (c, d) = block.Call(b, a, x);
            var (e, f) = block.Call(b, c, x);
            e.square().sum().add(f.sum()).add(d.sum()).backward();
            results.Add([.. x.grad!.data<double>().ToArray(), .. block.parameters().SelectMany(p => p.grad!.data<double>().ToArray())]);
            block.zero_grad();
        }

        Close(results[0], results[1]);
    }

    [Fact]
    public void Backward_may_come_twice()
    {
        var blocks = Blocks(3);
        using var scope = NewDisposeScope();
        var x = Numbers(1).requires_grad_();
        var (y1, y2) = Run(blocks, x, Numbers(2), Numbers(3)).Last();
        var loss = y1.sum().add(y2.square().sum());
        autograd.backward([loss], retain_graph: true);
        var once = x.grad!.data<double>().ToArray();
        loss.backward();
        Close([.. once.Select(g => 2 * g)], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Gradients_can_be_asked_for_without_leaves()
    {
        var blocks = Blocks(3);
        using var scope = NewDisposeScope();
        var loss = Run(blocks, Numbers(1), Numbers(2), Numbers(3)).Last().Y2.sum();
        var parameter = blocks[0].parameters().First();
        var gradient = autograd.grad([loss], [parameter])[0];
        Assert.Null(parameter.grad);
        Assert.NotEqual(0, gradient.abs().sum().item<double>());
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient()
    {
        var blocks = Blocks(2);
        foreach (var parameter in blocks[0].parameters()) parameter.requires_grad = false;
        _ = Gradients(blocks, recompute: true, keep: true);
        Assert.All(blocks[0].parameters(), p => Assert.Null(p.grad));
        Assert.All(blocks[1].parameters(), p => Assert.NotNull(p.grad));
    }

    // With other noise the second time, the gradient would not be that of what was computed.
    [Fact]
    public void Noise_is_the_same_the_second_time()
    {
        var blocks = Blocks(3, drop: 0.4);
        using var scope = NewDisposeScope();
        var (x, x2, side) = (Numbers(1), Numbers(2), Numbers(3));
        var direction = Numbers(9);
        var parameter = x.clone().requires_grad_();
        Loss(parameter).backward();
        var slope = parameter.grad!.mul(direction).sum().item<double>();
        const double Step = 1e-6;
        var difference = (Loss(x + (direction * Step)).item<double>() - Loss(x - (direction * Step)).item<double>()) / (2 * Step);
        Assert.InRange(slope - difference, -1e-6 * Math.Abs(slope), 1e-6 * Math.Abs(slope));
        manual_seed(6);
        Assert.NotEqual(Loss(x).item<double>(), Last(x).item<double>());

        Tensor Loss(Tensor at)
        {
            manual_seed(5);
            return Last(at);
        }

        Tensor Last(Tensor at)
        {
            var (y1, y2) = Run(blocks, at, x2, side).Last();
            return y1.square().sum().add(y2.sum());
        }
    }

    [Fact]
    public void Statistics_are_learnt_once()
    {
        var expected = Statistics(false);
        var found = Statistics(true);
        Assert.Equal(expected.Batches, found.Batches);
        Close(expected.Mean, found.Mean);

        static (double[] Mean, long Batches) Statistics(bool recompute)
        {
            var blocks = Blocks(3, norm: true);
            _ = Gradients(blocks, recompute);
            return ([.. blocks.SelectMany(b => b.Mean.data<double>().ToArray())], blocks.Sum(b => b.Batches));
        }
    }

    [Fact]
    public void Nothing_is_computed_twice_without_backward_in_evaluation_and_when_switched_off()
    {
        foreach (var (recompute, training, recorded) in new[] { (true, false, true), (true, true, false), (false, true, true) })
        {
            var blocks = Blocks(2);
            foreach (var block in blocks)
            {
                block.train(training);
                block.Recompute = recompute;
            }

            using var scope = NewDisposeScope();
            var x = Numbers(1).requires_grad_();
            using (enable_grad(recorded))
            {
                var y = Run(blocks, x, Numbers(2), Numbers(3)).Last().Y1.sum();
                if (recorded) y.backward();
            }

            Assert.All(blocks, b => Assert.Equal(1, b.Calls));
        }
    }

    [Fact]
    public void What_computing_again_throws_arrives_at_the_caller_and_leaves_nothing()
    {
        Fail();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 10; i++) Fail();
        Assert.InRange(Tensor.TotalCount - before, long.MinValue, 5);
        Assert.False(Recomputation.IsRunning);
        Assert.True(is_grad_enabled());

        static void Fail()
        {
            using var scope = NewDisposeScope();
            using var block = new Coupling(Dim) { Fails = true };
            var y = block.Call(Numbers(1).requires_grad_(), Numbers(2), Numbers(3)).Y1.sum();
            Assert.Throws<TimeoutException>(() => y.backward());
        }
    }

    [Fact]
    public void Backward_of_backward_is_refused()
    {
        using var scope = NewDisposeScope();
        var block = Blocks(1)[0];
        var x = Numbers(1).requires_grad_();
        var y = block.Call(x, Numbers(2), Numbers(3)).Y1.sum();
        var refusal = Assert.Throws<NotSupportedException>(() => autograd.grad([y], [x], create_graph: true));
        Assert.Contains("Recompute", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_leave_nothing_behind()
    {
        var blocks = Blocks(4, drop: 0.1, norm: true);
        _ = Gradients(blocks, recompute: true);
        var before = Tensor.TotalCount;
        for (var i = 0; i < 20; i++) _ = Gradients(blocks, recompute: true);
        Assert.InRange(Tensor.TotalCount - before, long.MinValue, 5);

        // Nor where backward never comes.
        for (var i = 0; i < 20; i++)
        {
            using var scope = NewDisposeScope();
            _ = Run(blocks, Numbers(1).requires_grad_(), Numbers(2), Numbers(3));
        }

        Assert.InRange(Tensor.TotalCount - before, long.MinValue, 5);
    }

    // Between forward and backward a chain holds its last outputs and what cannot be recovered, however long it is.
    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void A_chain_holds_its_last_outputs_alone(int length)
    {
        var blocks = Blocks(length);
        var (x1, x2, side) = (Numbers(1).requires_grad_(), Numbers(2), Numbers(3));
        var before = Tensor.TotalCount;
        Tensor y1 = x1, y2 = x2;
        foreach (var block in blocks)
        {
            var (old1, old2) = (y1, y2);
            (y1, y2) = block.Call(old1, old2, side);
            if (ReferenceEquals(old1, x1)) continue;
            old1.Dispose();
            old2.Dispose();
        }

        // The results, the chain's handles of them, and for each block the handle of the side input, which is one tensor.
        Assert.Equal(before + 2 + 2 + length, Tensor.TotalCount);
        using var loss = y1.add(y2).sum();
        loss.backward();
        Assert.All(blocks, b => Assert.Equal(2, b.Calls));
        foreach (var tensor in new[] { y1, y2, x1, x2, side }) tensor.Dispose();
    }

    private static List<Coupling> Blocks(int count, double drop = 0, bool norm = false, bool reversible = true)
    {
        manual_seed(1);
        return [.. Enumerable.Range(0, count).Select(_ => new Coupling(Dim, drop, norm) { IsReversible = reversible })];
    }

    private static Tensor Numbers(long seed)
    {
        manual_seed(seed);
        return randn(4, Dim, dtype: ScalarType.Float64);
    }

    private static List<(Tensor Y1, Tensor Y2)> Run(List<Coupling> blocks, Tensor x1, Tensor x2, Tensor side)
    {
        var results = new List<(Tensor Y1, Tensor Y2)>();
        foreach (var block in blocks)
        {
            var (y1, y2) = block.Call(x1, x2, side);
            results.Add((y1, y2));
            // Each other time the halves change places.
            (x1, x2) = results.Count % 2 == 0 ? (y1, y2) : (y2, y1);
        }

        return results;
    }

    // The loss, then the gradients of the inputs, then those of the parameters.
    private static List<double[]> Gradients(List<Coupling> blocks, bool recompute, Func<List<(Tensor Y1, Tensor Y2)>, Tensor>? loss = null, bool keep = false)
    {
        foreach (var block in blocks) block.Recompute = recompute;
        using var scope = NewDisposeScope();
        var inputs = new[] { Numbers(1).requires_grad_(), Numbers(2).requires_grad_(), Numbers(3).requires_grad_() };
        var results = Run(blocks, inputs[0], inputs[1], inputs[2]);
        var value = loss?.Invoke(results) ?? results[^1].Y1.square().sum().add(results[^1].Y2.sum());
        value.backward();
        var found = new List<double[]> { new[] { value.item<double>() } };
        found.AddRange(inputs.Concat(blocks.SelectMany(b => b.parameters())).Select(t => t.grad?.data<double>().ToArray() ?? []));
        if (!keep)
        {
            foreach (var parameter in blocks.SelectMany(b => b.parameters())) parameter.grad = null;
        }

        return found;
    }

    private static void Same(List<double[]> expected, List<double[]> found)
    {
        Assert.Equal(expected.Count, found.Count);
        for (var i = 0; i < expected.Count; i++) Close(expected[i], found[i]);
    }

    private static void Close(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var size = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Length; i++) Assert.InRange(found[i] - expected[i], -1e-10 * size, 1e-10 * size);
    }
}
