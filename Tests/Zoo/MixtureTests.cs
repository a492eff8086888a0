using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Execution;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Zoo.Tests;

/// <summary>Mixtures of experts are what they must be where that is known without them.</summary>
public sealed class MixtureTests
{
    private const int Dim = 32;

    [Fact]
    public void One_expert_is_an_mlp()
    {
        using var scope = NewDisposeScope();
        using var model = Layer("modsquad_moe", ("num_experts", 1), ("k", 1));
        var x = rand([2, 7, Dim], ScalarType.Float64);
        Near(Expert(model, x, 0), Tokens(model, x));
    }

    [Fact]
    public void With_all_experts_it_is_the_mixture_that_the_gates_weigh()
    {
        using var scope = NewDisposeScope();
        using var model = Layer("modsquad_moe", ("k", 6));
        var x = rand([2, 7, Dim], ScalarType.Float64);
        var gates = F.linear(x, model.get_parameter("f_gate.0.weight")!).softmax(-1);
        var mixture = Enumerable.Range(0, 6).Select(e => Expert(model, x, e) * gates.narrow(-1, e, 1)).Aggregate((a, b) => a + b);
        Near(mixture, Tokens(model, x));
    }

    [Theory]
    [InlineData("modsquad_moe", "")]
    [InlineData("modsquad_moe_attention", "q_proj.")]
    public void The_order_of_the_experts_changes_nothing(string name, string prefix)
    {
        using var scope = NewDisposeScope();
        using var model = Layer(name);
        var x = rand([2, 7, model.get_parameter(prefix + "f_gate.0.weight")!.size(1)], ScalarType.Float64);
        var before = model.ForwardFeatures(x).Select(f => f.Tensor).ToList();
        using (no_grad())
        {
            bool IsOfExperts(string parameter) => parameter.StartsWith(prefix + "experts.", StringComparison.Ordinal) || parameter.Contains("output_experts.", StringComparison.Ordinal) || parameter.Contains("f_gate.", StringComparison.Ordinal);
            foreach (var (_, tensor) in model.named_parameters().Where(p => IsOfExperts(p.Item1))) tensor.copy_(tensor.flip(0));
        }

        var after = model.ForwardFeatures(x).Select(f => f.Tensor).ToList();
        Near(before[0], after[0]);
        Near(before[1], after[1]);
    }

    // The router's bias towards two experts is so strong that no token takes another.
    [Fact]
    public void Experts_without_tokens_do_no_harm()
    {
        using var scope = NewDisposeScope();
        using var model = Layer("modsquad_moe");
        var x = rand([2, 7, Dim], ScalarType.Float64) + 1;
        using (no_grad())
        {
            var gate = model.get_parameter("f_gate.0.weight")!;
            gate.zero_();
            gate[1].fill_(0.3);
            gate[4].fill_(0.2);
        }

        var gates = F.linear(x, model.get_parameter("f_gate.0.weight")!).softmax(-1);
        var outputs = model.ForwardFeatures(x).Select(f => f.Tensor).ToList();
        Near((Expert(model, x, 1) * gates.narrow(-1, 1, 1)) + (Expert(model, x, 4) * gates.narrow(-1, 4, 1)), outputs[0]);
        Assert.True(outputs[1].isfinite().all().item<bool>());
        (outputs[0].sum() + outputs[1].sum()).backward();
        var gradient = model.get_parameter("experts.w")!.grad!.abs().sum([1, 2]);
        Assert.Equal([false, true, false, false, true, false], gradient.gt(0).data<bool>().ToArray());
    }

    // Over any number of experts and tokens: k tokens' worth, not that of all experts.
    [Fact]
    public void The_cost_is_that_of_the_experts_chosen()
    {
        long Macs(int experts, int k) => Dsl.Cost.CostModel.Measure(Instance("modsquad_moe", ("num_experts", experts), ("k", k)), 1, new Dictionary<string, long> { ["N"] = 5 }).Macs;
        var gate = 5L * Dim;
        Assert.Equal(5 * 2 * (2 * Dim * 48) + (6 * gate), Macs(6, 2));
        Assert.Equal(5 * 2 * (2 * Dim * 48) + (12 * gate), Macs(12, 2));
        Assert.Equal(5 * 3 * (2 * Dim * 48) + (6 * gate), Macs(6, 3));
    }

    private static Tensor Expert(nn.Module model, Tensor x, int e)
    {
        Tensor P(string name) => model.get_parameter(name)![e];
        var hidden = F.gelu(x.matmul(P("experts.w")) + P("experts.b"));
        return hidden.matmul(P("output_experts.w")) + P("output_experts.b");
    }

    private static Tensor Tokens(Backbone model, Tensor x) => model.ForwardFeatures(x)[0].Tensor;

    private static ModelInstance Instance(string name, params (string Name, long Value)[] values)
        => Shared.Project.Instantiate(name, values.ToDictionary(v => v.Name, v => (Value)new IntValue(v.Value)))!;

    private static ExecutedBackbone Layer(string name, params (string Name, long Value)[] values)
    {
        manual_seed(5);
        var model = new ExecutedBackbone(Instance(name, values));
        model.to(ScalarType.Float64);
        model.eval();
        return model;
    }

    private static void Near(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        var error = (expected - found).abs().max().item<double>();
        Assert.True(error < 1e-12, $"off by {error}");
    }
}
