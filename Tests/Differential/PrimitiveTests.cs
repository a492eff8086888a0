using Notochord.Dsl;
using Notochord.Dsl.Primitives;
using Notochord.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Every primitive, alone in a model: its shape rule, its two implementations, and its gradients against finite differences.</summary>
public sealed class PrimitiveTests(PrimitiveTests.Models models) : IClassFixture<PrimitiveTests.Models>
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, cases) in PrimitiveCases.All)
            {
                for (var i = 0; i < cases.Length; i++) data.Add(name, i);
            }

            return data;
        }
    }

    [Fact]
    public void EveryPrimitiveHasACase()
        => Assert.Empty(PrimitiveTable.All.Select(p => p.Name).Except(PrimitiveCases.All.Keys));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shapes_implementations_and_gradients_agree(string primitive, int index)
    {
        var name = Architecture(primitive, index);
        var model = models.Project.Instantiate(name)!;
        using var scope = NewDisposeScope();
        using var executed = new ExecutedBackbone(model);
        using var generated = models.Generated.Create(name);
        manual_seed(1);
        var x = Values(PrimitiveCases.All[primitive][index].Shape);
        Fill(executed, generated);
        x.requires_grad_();
        var (expected, found) = (executed.Forward(x), generated.Forward(x));

        var (symbols, problem) = model.Graph.BindSymbols([x.shape]);
        Assert.True(symbols is not null, problem);
        Assert.Equal(model.Graph.Outputs[0].Shape.Axes.Select(a => a.Evaluate(s => symbols[s])), expected.shape);
        Assert.Equal(expected.dtype, found.dtype);
        AssertClose("output", expected, found);

        var probe = Values(expected.shape);
        List<(string Name, Tensor Gradient, Tensor Value)> tensors = [.. Backward(executed, x, expected, probe)];
        // libtorch's gradient of hardsigmoid has 1/6 in float32.
        foreach (var ((what, gradient, _), (_, other, _)) in tensors.Zip(Backward(generated, x, found, probe))) AssertClose($"gradient of {what}", gradient, other, 1e-7);
        // What cuts gradients does so on purpose.
        if (primitive != "detach") foreach (var (what, gradient, value) in tensors) AssertIsSlope(what, gradient, value, () => executed.Forward(x).mul(probe).sum().item<double>());
    }

    // In the order of magnitude of 1, no two alike, none at a kink.
    private static Tensor Values(ReadOnlySpan<long> shape) => rand(shape, dtype: ScalarType.Float64).mul(1.9).sub(0.95);

    private static void Fill(Backbone executed, Backbone generated)
    {
        foreach (var model in new[] { executed, generated })
        {
            model.to(ScalarType.Float64);
            model.eval();
        }

        using var guard = no_grad();
        foreach (var ((_, to), (_, other)) in executed.state_dict().Zip(generated.state_dict()))
        {
            to.copy_(rand(to.shape, dtype: ScalarType.Float64).add(0.5));
            other.copy_(to);
        }
    }

    private static IEnumerable<(string Name, Tensor Gradient, Tensor Value)> Backward(Backbone model, Tensor x, Tensor output, Tensor probe)
    {
        List<(string Name, Tensor Value)> inputs = [("x", x), .. model.named_parameters().Select(p => (p.Item1, (Tensor)p.Item2))];
        foreach (var (_, value) in inputs) value.grad?.zero_();
        output.mul(probe).sum().backward();
        return inputs.Select(i => (i.Name, i.Value.grad is { } grad ? grad.clone() : zeros_like(i.Value), i.Value)).ToList();
    }

    private static void AssertIsSlope(string what, Tensor gradient, Tensor value, Func<double> loss)
    {
        const double step = 1e-5;
        using var guard = no_grad();
        var flat = value.detach().view(-1);
        var slopes = gradient.contiguous().data<double>().ToArray();
        for (var i = 0; i < slopes.Length; i++)
        {
            using var scope = NewDisposeScope();
            var element = flat[i];
            element.add_(step);
            var above = loss();
            element.sub_(2 * step);
            var difference = (above - loss()) / (2 * step);
            element.add_(step);
            Assert.True(Math.Abs(difference - slopes[i]) < 1e-6 + (1e-6 * Math.Abs(difference)), $"{what}, number {i}: gradient {slopes[i]}, by differences {difference}");
        }
    }

    private static void AssertClose(string what, Tensor expected, Tensor found, double tolerance = 1e-10)
    {
        Assert.Equal(expected.shape, found.shape);
        var scale = expected.detach().abs().max().item<double>();
        var difference = expected.detach().sub(found.detach()).abs().nan_to_num(0).max().item<double>();
        Assert.True(difference <= (tolerance * (double.IsFinite(scale) ? scale : 1)) + 1e-12, $"{what}: {difference} apart, of {scale}.");
    }

    // The class of an architecture has its name without underscores.
    private static string Architecture(string primitive, int index) => $"{primitive.Replace("_", "", StringComparison.Ordinal)}case{index}";

    /// <summary>All models, read and compiled once.</summary>
    public sealed class Models
    {
        public Models()
        {
            var declarations = PrimitiveCases.All.SelectMany(c => c.Value.Select((call, i) => ($"{Architecture(c.Key, i)}.arch.yaml", call.Text(Architecture(c.Key, i))))).ToList();
            GeneratedModels.Dump(declarations);
            Project = new Project(declarations);
            Project.Check();
            Assert.True(Project.Diagnostics.Items.Count == 0, string.Join('\n', Project.Diagnostics.Items.Take(20)));
            Generated = new GeneratedModels(declarations);
        }

        internal Project Project { get; }

        internal GeneratedModels Generated { get; }
    }
}
