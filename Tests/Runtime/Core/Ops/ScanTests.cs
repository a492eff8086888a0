using System.Diagnostics;
using Notochord.Ops;
using Notochord.Scans;
using MemoryCount = TorchSharp.Interop.MemoryCount;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

[Collection("counts tensors")]
public sealed class ScanTests
{
    private const double Tolerance = 1e-10;

    /// <summary>Batch, channels, length, groups, states, window, and rows of the order (0: none): odd lengths, one position, less and more than a chunk, channels that fill no vector.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Sizes => new()
    {
        { 2, 3, 1, 1, 2, 0, 0 }, { 1, 6, 37, 1, 4, 0, 0 }, { 2, 12, 64, 3, 5, 0, 0 }, { 1, 9, 130, 1, 1, 0, 1 }, { 2, 8, 201, 2, 3, 0, 2 },
        { 2, 3, 1, 1, 2, 4, 0 }, { 1, 6, 37, 1, 4, 4, 0 }, { 2, 12, 64, 3, 5, 7, 0 }, { 1, 9, 131, 1, 2, 8, 1 }, { 1, 8, 201, 2, 3, 16, 2 }, { 1, 5, 150, 1, 2, 100, 0 },
        { 1, 2, 70, 1, 2, 1000, 0 }, { 1, 2, 70, 1, 2, 1, 0 }, { 1, 40, 129, 2, 17, 0, 0 },
    };

    public static TheoryData<int, int, int, int, int, int> DualSizes => new()
    {
        { 2, 1, 2, 3, 1, 4 }, { 1, 37, 4, 3, 2, 5 }, { 2, 64, 2, 4, 1, 3 }, { 1, 65, 3, 2, 3, 1 }, { 1, 200, 6, 1, 2, 4 }, { 2, 1100, 2, 3, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_scan_is_its_recurrence(int batch, int channels, int length, int groups, int states, int window, int rows)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(batch, channels, length, groups, states, rows);
        var expected = Plain(inputs, window);
        Near(expected, Op.selective_scan(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs.ElementAtOrDefault(5), window));
        Near(expected, Recorded(inputs, window));
        var (result, _) = new ChunkedScan(window).Forward(inputs, keep: true);
        Near(expected, result);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void All_ways_to_go_back_agree(int batch, int channels, int length, int groups, int states, int window, int rows)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(batch, channels, length, groups, states, rows);
        var direction = randn_like(inputs[0]);
        var leaves = Leaves(inputs);
        var expected = autograd.grad([Recorded([.. leaves, .. inputs.Skip(5)], window)], leaves, [direction]);
        var found = autograd.grad([Op.selective_scan(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], inputs.ElementAtOrDefault(5), window)], leaves, [direction]);
        using var unrecorded = no_grad();
        var chunked = new ChunkedScan(window);
        var (_, kept) = chunked.Forward(inputs, keep: true);
        var other = chunked.Backward(inputs, kept, direction);
        for (var i = 0; i < expected.Count; i++)
        {
            Near(Numbers(expected[i]), found[i]);
            Near(Numbers(expected[i]), other[i]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    public void Gradients_of_a_scan_are_those_of_differences(int window, int rows)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(1, 4, 11, 2, 2, rows);
        Gradients.AreRight(x => Op.selective_scan(x[0], x[1], x[2], x[3], x[4], inputs.ElementAtOrDefault(5), window), [.. inputs.Take(5)]);
    }

    [Fact]
    public void Gradients_of_gradients_go_through_what_is_recorded()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(1, 2, 7, 1, 2, 0);
        Gradients.AreRight(
            x =>
            {
                using var recording = enable_grad();
                var leaves = x.Select(t => t.requires_grad ? t : t.detach().requires_grad_()).ToArray();
                return autograd.grad([Op.selective_scan(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4])], [leaves[1]], [ones_like(leaves[0])], retain_graph: true, create_graph: true)[0];
            },
            inputs);
    }

    [Fact]
    public void Other_precisions_and_shared_projections()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(2, 6, 100, 1, 4, 0);
        var expected = Plain(inputs, 0);
        var single = inputs.Select(x => x.to_type(ScalarType.Float32)).ToArray();
        var y = Op.selective_scan(single[0], single[1], single[2], single[3].squeeze(1), single[4].squeeze(1));
        Assert.Equal(ScalarType.Float32, y.dtype);
        Near(expected, y.to_type(ScalarType.Float64), 1e-4);
        var coarse = inputs.Select(x => x.to_type(ScalarType.BFloat16)).ToArray();
        Near(expected, Op.selective_scan(coarse[0], coarse[1], coarse[2], coarse[3], coarse[4]).to_type(ScalarType.Float64), 0.2);
    }

    // Steps so large that a state forgets all, and sums of exponents of thousands.
    [Fact]
    public void Large_steps_overflow_nowhere()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(1, 3, 300, 1, 2, 0);
        inputs[1] = inputs[1] * 1000;
        Near(Plain(inputs, 0), Op.selective_scan(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]), 1e-7);
        Near(Plain(inputs, 0), Recorded(inputs, 0), 1e-7);
        var x = randn([1, 300, 2, 3], ScalarType.Float64);
        var b = randn([1, 300, 1, 4], ScalarType.Float64);
        var logs = full([1, 300, 2], -800.0, ScalarType.Float64);
        Near(PlainDual(x, logs, b, b), Op.state_space_duality(x, logs, b, b));
        logs = full([1, 300, 2], double.NegativeInfinity, ScalarType.Float64);
        Near(PlainDual(x, logs, b, b), Op.state_space_duality(x, logs, b, b));
    }

    [Fact]
    public void What_is_no_order_is_refused()
    {
        using var scope = NewDisposeScope();
        var x = Inputs(1, 2, 3, 1, 2, 0);
        Tensor Scan(params long[] order) => Op.selective_scan(x[0], x[1], x[2], x[3], x[4], tensor(order));
        Assert.Contains("found 1 twice", Assert.Throws<ArgumentException>(() => Scan(0, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("found 3", Assert.Throws<ArgumentException>(() => Scan(0, 1, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3]; found [1, 2]", Assert.Throws<ArgumentException>(() => Scan(0, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("'b' of a scan", Assert.Throws<ArgumentException>(() => Op.selective_scan(x[0], x[1], x[2], x[3].narrow(-1, 0, 2), x[4])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DualSizes))]
    public void A_duality_is_its_recurrence(int batch, int length, int heads, int width, int groups, int states)
    {
        if (heads % groups != 0) heads = groups;
        using var scope = NewDisposeScope();
        var (x, logs, b, c) = DualInputs(batch, length, heads, width, groups, states);
        Near(PlainDual(x, logs, b, c), Op.state_space_duality(x, logs, b, c));
    }

    // More than a segment: computed again in backward.
    [Fact]
    public void A_long_duality_goes_back_as_its_recorded_steps_do()
    {
        using var scope = NewDisposeScope();
        var (x, logs, b, c) = DualInputs(1, 2100, 4, 2, 2, 3);
        Tensor[] leaves = [x.requires_grad_(), logs.requires_grad_(), b.requires_grad_(), c.requires_grad_()];
        var direction = randn_like(x);
        var expected = autograd.grad([new StateSpaceDuality().Recorded(leaves)], leaves, [direction]);
        var found = autograd.grad([Op.state_space_duality(x, logs, b, c)], leaves, [direction]);
        for (var i = 0; i < found.Count; i++) Near(Numbers(expected[i]), found[i]);
    }

    [Fact]
    public void Gradients_of_a_duality_are_those_of_differences()
    {
        using var scope = NewDisposeScope();
        var (x, logs, b, c) = DualInputs(1, 67, 2, 2, 1, 2);
        Gradients.AreRight(t => Op.state_space_duality(t[0], t[1], t[2], t[3]), x, logs, b, c);
    }

    [Fact]
    public void A_scan_whose_states_share_a_decay_is_a_duality()
    {
        using var scope = NewDisposeScope();
        var (x, logs, b, c) = DualInputs(1, 150, 1, 4, 1, 3);
        var delta = logs.neg().expand(1, 150, 4).transpose(1, 2);
        var u = x.squeeze(2).transpose(1, 2) / delta;
        var y = Op.selective_scan(u, delta, full([4, 3], -1.0, ScalarType.Float64), b.squeeze(2).transpose(1, 2), c.squeeze(2).transpose(1, 2));
        Near(Numbers(Op.state_space_duality(x, logs, b, c).squeeze(2).transpose(1, 2)), y);
    }

    // Forward and backward at 16,384 positions: 4 times the bytes of 4,096, a few times those of the inputs, and about 4 times the time.
    [Theory]
    [InlineData("scan", 6)]
    [InlineData("windows", 6)]
    [InlineData("chunked", 30)]
    [InlineData("duality", 12)]
    public void Long_sequences_cost_in_proportion(string kind, double mostTimesInput)
    {
        var (bytes, input, seconds) = Cost(kind, 4096);
        var (moreBytes, moreInput, moreSeconds) = Cost(kind, 16384);
        Assert.InRange((double)moreBytes / bytes, 1, 4.5);
        Assert.True(moreBytes <= mostTimesInput * moreInput, $"{moreBytes} bytes for inputs of {moreInput}");
        Assert.True(bytes <= mostTimesInput * input, $"{bytes} bytes for inputs of {input}");
        Assert.True(moreSeconds < 10 * seconds, $"{seconds} s, then {moreSeconds} s");
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var inputs = Inputs(1, 6, 300, 1, 4, 1);
        var (x, logs, b, c) = DualInputs(1, 130, 2, 3, 1, 4);
        foreach (var run in new Func<Tensor>[]
                 {
                     () => Op.selective_scan(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5], 4), () => Op.state_space_duality(x, logs, b, c),
                     () => new ChunkedScan(4).Forward(inputs, keep: false).Result,
                 })
        {
            run().Dispose();
            using var count = new MemoryCount();
            run().Dispose();
            Assert.Equal(0, count.End().Held);
        }
    }

    private static (long Bytes, long Input, double Seconds) Cost(string kind, long length)
    {
        const int channels = 96, states = 16;
        using var scope = NewDisposeScope();
        manual_seed(1);
        var leaves = kind == "duality"
            ? new[] { randn(1, length, 4, 24), randn(1, length, 4).abs().neg(), randn(1, length, 1, states), randn(1, length, 1, states) }
            : [randn(1, channels, length), rand(1, channels, length), rand(channels, states).neg(), randn(1, 1, states, length), randn(1, 1, states, length)];
        foreach (var leaf in leaves) leaf.requires_grad_();
        Run();
        var best = double.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var watch = Stopwatch.StartNew();
            Run();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        using var count = new MemoryCount();
        Run();
        return (count.End().Most, leaves.Sum(x => x.numel() * 4), best);

        void Run()
        {
            using var inner = NewDisposeScope();
            if (kind == "chunked")
            {
                using var unrecorded = no_grad();
                var scan = new ChunkedScan(0);
                var (result, kept) = scan.Forward(leaves, keep: true);
                _ = scan.Backward(leaves, kept, result);
                return;
            }

            var y = kind == "duality"
                ? Op.state_space_duality(leaves[0], leaves[1], leaves[2], leaves[3])
                : Op.selective_scan(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], null, kind == "windows" ? 16 : 0);
            _ = autograd.grad([y], leaves, [y.detach()]);
        }
    }

    private static Tensor[] Inputs(int batch, int channels, int length, int groups, int states, int rows)
    {
        manual_seed(length + channels);
        Tensor[] inputs =
        [
            randn([batch, channels, length], ScalarType.Float64), rand([batch, channels, length], ScalarType.Float64), rand([channels, states], ScalarType.Float64).mul(-2),
            randn([batch, groups, states, length], ScalarType.Float64), randn([batch, groups, states, length], ScalarType.Float64),
        ];
        return rows == 0 ? inputs : [.. inputs, rand([rows, length]).argsort(-1)];
    }

    private static (Tensor X, Tensor Logs, Tensor B, Tensor C) DualInputs(int batch, int length, int heads, int width, int groups, int states)
    {
        manual_seed(length);
        return (
            randn([batch, length, heads, width], ScalarType.Float64), rand([batch, length, heads], ScalarType.Float64).neg(),
            randn([batch, length, groups, states], ScalarType.Float64), randn([batch, length, groups, states], ScalarType.Float64));
    }

    private static Tensor[] Leaves(Tensor[] inputs) => [.. inputs.Take(5).Select(x => x.detach().requires_grad_())];

    private static Tensor Recorded(IReadOnlyList<Tensor> inputs, int window) => new ChunkedScan(window).Recorded(inputs);

    // The definition, one number at a time.
    private static double[] Plain(Tensor[] inputs, int window)
    {
        var (batch, channels, length, groups, states) = (inputs[0].shape[0], inputs[0].shape[1], inputs[0].shape[2], inputs[3].shape[1], inputs[2].shape[1]);
        var (u, delta, a, b, c) = (Numbers(inputs[0]), Numbers(inputs[1]), Numbers(inputs[2]), Numbers(inputs[3]), Numbers(inputs[4]));
        var order = inputs.Length > 5 ? inputs[5].data<long>().ToArray() : null;
        var y = new double[u.Length];
        for (var i = 0L; i < batch; i++)
        {
            for (var d = 0L; d < channels; d++)
            {
                var group = d / (channels / groups);
                long Visit(long t) => order is null ? t : order[(order.Length > length ? group * length : 0) + t];
                for (var n = 0L; n < states; n++)
                {
                    var row = ((i * channels) + d) * length;
                    var projection = ((((i * groups) + group) * states) + n) * length;
                    double Decay(long t) => Math.Exp(delta[row + Visit(t)] * a[(d * states) + n]);
                    double Given(long t) => delta[row + Visit(t)] * u[row + Visit(t)] * b[projection + Visit(t)];
                    var h = 0.0;
                    for (var t = 0L; t < length; t++)
                    {
                        h = (Decay(t) * h) + Given(t);
                        var r = 0.0;
                        var end = window == 0 ? t : Math.Min(length, (t / window * window) + window) - 1;
                        for (var s = end - 1; s >= t; s--) r = Decay(s) * (r + Given(s + 1));
                        y[row + Visit(t)] += c[projection + Visit(t)] * (h + r);
                    }
                }
            }
        }

        return y;
    }

    private static double[] PlainDual(Tensor x, Tensor logs, Tensor b, Tensor c)
    {
        var (heads, groups) = (x.shape[2], b.shape[2]);
        var h = zeros([x.shape[0], heads, b.shape[3], x.shape[3]], ScalarType.Float64);
        var (keys, queries) = (b.repeat_interleave(heads / groups, 2), c.repeat_interleave(heads / groups, 2));
        var ys = new List<Tensor>();
        for (var t = 0; t < x.shape[1]; t++)
        {
            h = (logs.select(1, t).exp().unsqueeze(-1).unsqueeze(-1) * h) + (keys.select(1, t).unsqueeze(-1) * x.select(1, t).unsqueeze(-2));
            ys.Add((queries.select(1, t).unsqueeze(-1) * h).sum(2));
        }

        return Numbers(stack(ys, 1));
    }

    private static double[] Numbers(Tensor x) => x.detach().contiguous().data<double>().ToArray();

    private static void Near(double[] expected, Tensor found, double tolerance = Tolerance)
    {
        var numbers = Numbers(found);
        Assert.Equal(expected.Length, numbers.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < numbers.Length; i++) Assert.True(Math.Abs(expected[i] - numbers[i]) <= tolerance * scale, $"number {i}: expected {expected[i]}, found {numbers[i]}");
    }
}
