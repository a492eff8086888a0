using System.Globalization;
using Notochord.Dsl;
using Notochord.Execution;
using Notochord.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Two implementations of the language, the executor and the generated code, do the same with random declarations.</summary>
public sealed class ExecutorAgreesTests(ExecutorAgreesTests.Models models) : IClassFixture<ExecutorAgreesTests.Models>
{
    // Of the largest value, in float64: views differ between the two (a copy here, strides there), so sums come in another order, and norms of nearly
    // constant data enlarge that. A gradient may also be 0 in truth (a bias before a norm): beside it, a share of the model's largest.
    private const double Tolerance = 1e-9;
    private const double GradientTolerance = 1e-7;

    // More seeds: NOTOCHORD_SEEDS=1000-1200.
    private static readonly string Range = Environment.GetEnvironmentVariable("NOTOCHORD_SEEDS") ?? "1-30";

    public static TheoryData<int> Seeds => new(SeedList);

    private static IEnumerable<int> SeedList
    {
        get
        {
            var ends = Range.Split('-').Select(e => int.Parse(e, CultureInfo.InvariantCulture)).ToList();
            return Enumerable.Range(ends[0], ends[1] - ends[0] + 1);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Executor_and_generated_code_agree(int seed)
    {
        using var generated = models.Generated.Create(RandomDeclaration.Name(seed));
        using var executed = new ExecutedBackbone(models.Project.Instantiate(RandomDeclaration.Name(seed))!);
        AssertSameState(generated, executed);
        foreach (var model in new[] { generated, executed }) model.to(ScalarType.Float64);
        Fill(seed, generated, executed);
        foreach (var (batch, height, width) in new[] { (1, 32, 32), (2, 32, 48) })
        {
            manual_seed(seed);
            using var image = rand([batch, 3, height, width], dtype: ScalarType.Float64);
            AssertSameOutput(generated, executed, image);
            AssertSameGradients(generated, executed, image);
            // Both, since running statistics move.
            AssertNothingLeft(generated, image);
            AssertNothingLeft(executed, image);
        }
    }

    private static void AssertSameState(Backbone generated, Backbone executed)
    {
        static IEnumerable<string> Describe(Backbone model) => StateDict.Of(model).Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.shape)}] {s.Tensor.dtype}");
        Assert.Equal(Describe(executed), Describe(generated));
        Assert.Equal(executed.named_parameters().Select(p => p.Item1), generated.named_parameters().Select(p => p.Item1));
    }

    private static void Fill(int seed, Backbone generated, Backbone executed)
    {
        using var guard = no_grad();
        manual_seed(seed);
        foreach (var (to, from) in StateDict.Of(executed).Zip(StateDict.Of(generated), (e, g) => (e.Tensor, g.Tensor)))
        {
            if (from.is_floating_point())
            {
                // Variances are positive.
                using var noise = rand(from.shape).mul_(0.5f).add_(from.dim() == 1 ? 0.5f : -0.25f);
                from.copy_(noise);
            }

            to.copy_(from);
        }
    }

    private static void AssertSameOutput(Backbone generated, Backbone executed, Tensor image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach (var model in new[] { generated, executed }) model.eval();
        AssertClose("output", executed.Forward(image), generated.Forward(image), Tolerance);
        foreach (var (e, g) in executed.ForwardFeatures(image).Zip(generated.ForwardFeatures(image)))
        {
            AssertClose(e.Name, e.Tensor, g.Tensor, Tolerance);
            Assert.Equal($"{e.Index} {e.Name} {e.Channels} {e.Reduction}", $"{g.Index} {g.Name} {g.Channels} {g.Reduction}");
        }
    }

    private static void AssertSameGradients(Backbone generated, Backbone executed, Tensor image)
    {
        using var scope = NewDisposeScope();
        foreach (var model in new[] { generated, executed })
        {
            model.train();
            model.zero_grad();
        }

        var (expected, found) = (executed.Forward(image), generated.Forward(image));
        AssertClose("output in training", expected, found, Tolerance);
        foreach (var y in new[] { expected, found }) y.mul(linspace(-1, 2, y.size(1), dtype: ScalarType.Float64)).sum().backward();
        var largest = executed.named_parameters().Where(p => p.Item2.grad is not null).Select(p => p.Item2.grad!.abs().max().item<double>()).Append(1e-3).Max();
        foreach (var ((name, e), (_, g)) in executed.named_parameters().Zip(generated.named_parameters()).Reverse())
        {
            Assert.True(e.grad is null == g.grad is null, $"{name} has a gradient in {(e.grad is null ? "generated code" : "the executor")} only.");
            if (e.grad is not null) AssertClose($"gradient of {name}", e.grad, g.grad!, GradientTolerance, 1e-9 * largest);
        }

        // Running statistics.
        foreach (var (e, g) in executed.named_buffers().Zip(generated.named_buffers())) AssertClose(e.Item1, e.Item2, g.Item2, Tolerance);
    }

    /// <summary>A forward leaves its result and nothing else, with autograd and without.</summary>
    private static void AssertNothingLeft(Backbone model, Tensor image)
    {
        model.Forward(image).Dispose();
        foreach (var train in new[] { false, true })
        {
            using var guard = set_grad_enabled(train);
            model.train(train);
            // What nobody disposes goes with a finalizer, which must not hide a leak nor come between two counts.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = Tensor.TotalCount;
            using var y = model.Forward(image);
            Assert.Equal(before + 1, Tensor.TotalCount);
            foreach (var feature in model.ForwardFeatures(image)) feature.Dispose();
            Assert.Equal(before + 1, Tensor.TotalCount);
        }
    }

    private static void AssertClose(string what, Tensor expected, Tensor found, double tolerance, double floor = 1e-12)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.Equal(expected.dtype, found.dtype);
        var (a, b) = (expected.detach().to_type(ScalarType.Float64), found.detach().to_type(ScalarType.Float64));
        var scale = a.abs().max().item<double>();
        Assert.True(double.IsFinite(scale), $"{what} is not finite: the declaration tests nothing.");
        var difference = a.sub(b).abs().max().item<double>();
        Assert.True(difference <= (tolerance * scale) + floor, $"{what}: {difference} apart, of {scale}.");
    }

    /// <summary>All declarations, read and compiled once.</summary>
    public sealed class Models
    {
        public Models()
        {
            var declarations = SeedList.Select(s => ($"{RandomDeclaration.Name(s)}.arch.yaml", RandomDeclaration.Text(s))).ToList();
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
