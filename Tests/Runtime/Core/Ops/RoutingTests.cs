using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

[Collection("counts tensors")]
public sealed class RoutingTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 30));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_vector_meets_the_matrix_of_its_expert(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (tokens, k, experts, from, to) = (random.Next(1, 9), random.Next(1, 4), random.Next(1, 6), random.Next(1, 5), random.Next(1, 5));
        var shared = random.Next(2) == 0;
        var used = random.Next(1, experts + 1);
        Tensor Values(params long[] shape) => tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextDouble() - 0.5).ToArray(), ScalarType.Float64).reshape(shape);
        var (x, weight, bias) = (Values(tokens, shared ? 1 : k, from), Values(experts, from, to), random.Next(2) == 0 ? null : Values(experts, to));
        var choices = Enumerable.Range(0, tokens * k).Select(_ => (long)random.Next(used)).ToArray();
        var index = tensor(choices).reshape(tokens, k);

        var found = Op.expert_linear(x, weight, index, bias);

        Assert.Equal([tokens, k, to], found.shape);
        var expected = PlainExperts.Products(Numbers(x), i => shared ? i / k : i, Numbers(weight), bias is null ? null : Numbers(bias), choices, from, to);
        Near(expected, Numbers(found));

        // Other numbers for the experts change nothing.
        var order = randperm(experts, ScalarType.Int64);
        var renumbered = order.argsort().index_select(0, index.reshape(-1)).reshape(tokens, k);
        Near(expected, Numbers(Op.expert_linear(x, weight.index_select(0, order), renumbered, bias?.index_select(0, order))));
    }

    [Fact]
    public void A_view_that_repeats_vectors_is_as_good_as_its_copy()
    {
        using var scope = NewDisposeScope();
        var (x, weight, index) = (rand([5, 1, 3], ScalarType.Float64), rand([4, 3, 2], ScalarType.Float64), randint(0, 4, [5, 3], ScalarType.Int64));
        var expected = Op.expert_linear(x.expand(5, 3, 3).contiguous(), weight, index, null);
        Near(Numbers(expected), Numbers(Op.expert_linear(x.expand(5, 3, 3), weight, index, null)));
        Near(Numbers(expected), Numbers(Op.expert_linear(x, weight, index, null)));
        Gradients.AreRight(i => Op.expert_linear(i[0].expand(5, 3, 3), i[1], index, null), x, weight);
    }

    [Fact]
    public void One_expert_is_a_linear_map()
    {
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (rand([2, 5, 3], ScalarType.Float64), rand([1, 3, 4], ScalarType.Float64), rand([1, 4], ScalarType.Float64));
        var found = Op.expert_linear(x, weight, zeros([2, 5], ScalarType.Int64), bias);
        Near(Numbers(nn.functional.linear(x, weight[0].t(), bias[0])), Numbers(found));
    }

    [Fact]
    public void No_vectors_give_no_results()
    {
        using var scope = NewDisposeScope();
        var weight = rand([2, 3, 4], requires_grad: true);
        var found = Op.expert_linear(zeros(0, 3), weight, zeros([0], ScalarType.Int64), null);
        Assert.Equal([0, 4], found.shape);
        found.sum().backward();
        Assert.Equal(0, weight.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void An_expert_that_is_not_there_is_refused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => Op.expert_linear(rand(1, 3), rand(2, 3, 4), tensor(new long[] { 2 }), null));
        Assert.Contains("An index of expert_linear is 2; the experts are 0 to 1.", error.Message, StringComparison.Ordinal);
    }

    // Expert 1 has no vector: its gradient is 0, as the differences say.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_of_experts_are_those_of_differences(int vectors)
    {
        manual_seed(1);
        using var index = tensor(new long[] { 2, 0, 0, 3, 2, 0 }).reshape(3, 2);
        using var x = rand([3, vectors, 2], ScalarType.Float64);
        using var weight = rand([4, 2, 3], ScalarType.Float64);
        using var bias = rand([4, 3], ScalarType.Float64);
        Gradients.AreRight(i => Op.expert_linear(i[0], i[1], index, i[2]).square(), x, weight, bias);
    }

    [Fact]
    public void Gates_of_the_largest_are_differentiable()
    {
        manual_seed(1);
        using var logits = rand([3, 5], ScalarType.Float64);
        Gradients.AreRight(
            i =>
            {
                var parts = Op.topk(i[0].softmax(-1), 2, -1);
                return zeros([3, 5], ScalarType.Float64).scatter(-1, parts[1], parts[0].square());
            },
            logits);
        using var values = rand([2, 4], ScalarType.Float64);
        Gradients.AreRight(i => Op.sort(i[0], -1, true)[0].mul(arange(4, ScalarType.Float64)), values);
    }

    [Fact]
    public void Places_are_taken_or_added_to()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3);
        var (index, source) = (tensor(new long[] { 2, 0, 1, 1 }).reshape(2, 2), tensor(new double[] { 10, 20, 30, 40 }).reshape(2, 2));
        Near([20, 2, 10, 4], Numbers(x.scatter(1, index, source))[..4]);
        Near([21, 2, 13, 4, 75, 6], Numbers(x.scatter_add(1, index, source)));
        var around = rand([2, 3], ScalarType.Float64);
        Gradients.AreRight(i => i[0].scatter_add(1, index, i[1]).square(), around, rand([2, 2], ScalarType.Float64));
    }

    [Theory]
    [InlineData(true, new[] { 5.0, 4, 4 }, new long[] { 1, 0, 3 })]
    [InlineData(false, new[] { 1.0, 2, 4 }, new long[] { 4, 2, 0 })]
    public void Elements_have_ranks(bool largest, double[] values, long[] places)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 4, 5, 2, 4, 1 });
        var top = Op.topk(x, 3, 0, largest);
        Near(values, Numbers(top[0]));
        var ordered = Op.sort(x, 0, largest);
        Near(values, Numbers(ordered[0])[..3]);
        Assert.Equal(places, ordered[1].data<long>().ToArray()[..3]);
        Near(Numbers(top[0]), Numbers(x.gather(0, top[1])));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var x = rand(4, 1, 3);
        using var weight = rand(5, 3, 2);
        using var bias = rand(5, 2);
        using var index = tensor(new long[] { 0, 3, 3, 1, 0, 0, 3, 3 }).reshape(4, 2);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        Op.expert_linear(x, weight, index, bias).Dispose();
        Op.expert_linear(x, weight, index, null).Dispose();
        TensorArrays.Dispose(Op.topk(x, 1, -1));
        TensorArrays.Dispose(Op.sort(x, -1));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static double[] Numbers(Tensor x) => x.contiguous().data<double>().ToArray();

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(Math.Abs(expected[i] - found[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {found[i]}");
    }
}
