using System.Globalization;
using Notochord.Architectures;
using Notochord.Dsl.Ir;
using Notochord.Execution;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace Notochord.Zoo.Tests;

/// <summary>Blocks that recover their inputs: every declared inverse, gradients beside plain autograd, and memory, which is the point.</summary>
public sealed class ReversibleTests
{
    private static readonly long[] Channels = [8, 16, 24, 32];
    private static readonly long[] Layers = [1, 1, 2, 1];
    private static readonly long[] Dims = [8, 16];

    /// <summary>Two networks: columns, whose blocks take and give several maps, and a chain of blocks from one map to another.</summary>
    public static TheoryData<string, string> Nets => new()
    {
        { "generated", "columns" }, { "executor", "columns" }, { "generated", "chain" }, { "executor", "chain" },
    };

    /// <summary>Architectures with blocks that declare an inverse, by their smallest variant, and how many different such modules that has.</summary>
    public static TheoryData<string> ReversibleVariants
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var architecture in Shared.Project.Architectures)
            {
                var models = architecture.Variants.Take(1).Select(v => Shared.Project.Instantiate(v.Name)!);
                foreach (var model in models.Where(m => Reversible(m).Any())) data.Add(model.Variant);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ReversibleVariants))]
    public void An_inverse_gives_the_inputs_back(string variant)
    {
        var model = Shared.Project.Instantiate(variant)!;
        foreach (var (type, graph, sizes) in Reversible(model).DistinctBy(r => (r.Type, r.Graph)))
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            using var module = new ExecutedModule(type);
            Fill(module);
            module.eval();
            Tensor[] inputs = [.. sizes.Select(s => randn(s, dtype: ScalarType.Float64))];
            var outputs = module.Run(graph, inputs);
            var inverse = graph.Inverse!;
            var kept = inputs.Where((_, i) => !inverse.Recovered.Contains(i));
            var recovered = module.Run(inverse.Graph, [.. outputs, .. kept]);
            for (var i = 0; i < recovered.Length; i++)
            {
                var expected = inputs[inverse.Recovered[i]];
                var error = recovered[i].sub(expected).abs().max().item<double>();
                Assert.True(error < 1e-9, string.Create(CultureInfo.InvariantCulture, $"{type.Display}: {graph.Inputs[inverse.Recovered[i]].Name} is off by {error:g3}."));
                Assert.False(expected.Equals(outputs[i]), $"{type.Display} does nothing to {graph.Inputs[inverse.Recovered[i]].Name}, so that this shows nothing.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Gradients_are_those_of_plain_autograd(string engine, string net)
    {
        using var model = Make(engine, net, 5);
        var (plainLoss, plain) = Gradients(model, recompute: false);
        var (loss, found) = Gradients(model, recompute: true);
        Assert.InRange(loss - plainLoss, -1e-12, 1e-12);
        var largest = plain.Values.Max(Norm);
        foreach (var (name, expected) in plain)
        {
            var error = Norm(found[name].Zip(expected, (a, b) => a - b));
            Assert.True(error <= (1e-5 * Norm(expected)) + (1e-12 * largest), string.Create(CultureInfo.InvariantCulture, $"{name}: off by {error / Norm(expected):g3}"));
        }

        // And it was something else, since what is recovered is rounded.
        Assert.Contains(plain, p => !p.Value.SequenceEqual(found[p.Key]));
    }

    [Theory]
    [InlineData("generated")]
    [InlineData("executor")]
    public void Gradients_are_those_of_what_was_computed_with_drop_path(string engine)
    {
        using var model = Make(engine, "columns", 4, dropPath: 0.5);
        model.train();
        using var scope = NewDisposeScope();
        manual_seed(1);
        var image = randn([4, 3, 32, 32], dtype: ScalarType.Float64);
        var direction = randn([4, 3, 32, 32], dtype: ScalarType.Float64);
        var parameter = image.clone().requires_grad_();
        Loss(parameter).backward();
        var slope = parameter.grad!.mul(direction).sum().item<double>();
        const double Step = 1e-6;
        var difference = (Loss(image + (direction * Step)) - Loss(image - (direction * Step))).item<double>() / (2 * Step);
        Assert.InRange(slope - difference, -1e-5 * Math.Abs(slope), 1e-5 * Math.Abs(slope));

        Tensor Loss(Tensor x)
        {
            manual_seed(3);
            return model.Forward(x).square().sum();
        }
    }

    // Beside the parameters and their gradients, a training step holds the same for 3, 6 and 24 columns or blocks.
    [Theory]
    [MemberData(nameof(Nets))]
    public void Memory_of_training_grows_by_the_parameters_alone(string engine, string net)
    {
        var few = Most(engine, net, 3, recompute: true);
        var twice = Most(engine, net, 6, recompute: true);
        var many = Most(engine, net, 24, recompute: true);
        var plain = Most(engine, net, 24, recompute: false);

        // A few bytes beside (running statistics are the parameters' size at most).
        static long Allowed((long Bytes, long Parameters) from, (long Bytes, long Parameters) to) => (to.Parameters - from.Parameters) * 11 / 10;
        Assert.True(twice.Bytes - few.Bytes <= Allowed(few, twice), $"3: {few}, 6: {twice}");
        Assert.True(many.Bytes - few.Bytes <= Allowed(few, many), $"3: {few}, 24: {many}");
        Assert.True(plain.Bytes - few.Bytes > 10 * Allowed(few, plain), $"24 without recomputation, which this test is not to let pass: {plain}");
    }

    // The most bytes of tensors during a training step beyond those before it, and the bytes of the gradients.
    private static (long Bytes, long Parameters) Most(string engine, string net, int length, bool recompute)
    {
        using var model = Make(engine, net, length, type: ScalarType.Float32);
        model.train();
        model.Recompute = recompute;
        using var image = randn([2, 3, 128, 128]);
        using var count = new MemoryCount();
        using (var scope = NewDisposeScope()) model.Forward(image).square().sum().backward();
        return (count.End().Most, 4 * model.ParameterCount());
    }

    private static Backbone Make(string engine, string net, int length, double dropPath = 0, ScalarType type = ScalarType.Float64)
    {
        var model = (engine, net) switch
        {
            ("generated", "columns") => new Revcol(new RevcolOptions { channels = Channels, layers = Layers, num_subnet = length, num_classes = 5, drop_path_rate = dropPath }),
            ("generated", "chain") => new Revnet(new RevnetOptions { dims = Dims, units = length, num_classes = 5 }),
            (_, "columns") => Executed(
                "revcol_tiny_cls", ("channels", List(Channels)), ("layers", List(Layers)), ("num_subnet", new IntValue(length)), ("drop_path_rate", new DoubleValue(dropPath))),
            _ => Executed("revnet_38", ("dims", List(Dims)), ("units", new IntValue(length))),
        };
        Fill(model, type);
        return model;
    }

    private static Backbone Executed(string variant, params (string Name, Value Value)[] values) =>
        new ExecutedBackbone(Shared.Project.Instantiate(variant, values.Append(("num_classes", new IntValue(5))).ToDictionary(v => v.Item1, v => v.Item2))!);

    private static ListValue List(long[] values) => new([.. values.Select(v => (Value)new IntValue(v))]);

    // Weights that neither vanish nor explode; all else, such as what is divided by, near 0.5.
    private static void Fill(nn.Module module, ScalarType type = ScalarType.Float64)
    {
        module.to(type);
        manual_seed(2);
        using var guard = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            using var scope = NewDisposeScope();
            var values = randn(parameter.shape, dtype: parameter.dtype);
            var isWeight = name.EndsWith("weight", StringComparison.Ordinal) && parameter.dim() > 1;
            parameter.copy_(isWeight ? values.div(Math.Sqrt(parameter.numel() / parameter.size(0))) : values.mul(0.05).add(0.5));
        }
    }

    private static (double Loss, Dictionary<string, double[]> Gradients) Gradients(Backbone model, bool recompute)
    {
        model.train();
        model.Recompute = recompute;
        model.zero_grad();
        using var scope = NewDisposeScope();
        manual_seed(1);
        var image = randn([2, 3, 64, 96], dtype: ScalarType.Float64).requires_grad_();
        var loss = model.Forward(image).square().sum();
        loss.backward();
        var found = model.named_parameters().ToDictionary(p => p.Item1, p => Values(p.Item2.grad!));
        found["image"] = Values(image.grad!);
        return (loss.item<double>(), found);
    }

    private static double[] Values(Tensor tensor) => tensor.contiguous().data<double>().ToArray();

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));

    // The calls of modules with an inverse, with the sizes of their inputs.
    private static IEnumerable<(ModuleType Type, Graph Graph, long[][] Sizes)> Reversible(Dsl.Instantiation.ModelInstance model)
    {
        var (symbols, _) = model.Graph.BindSymbols([model.InputSizes(2)]);
        return Calls(model.Graph, symbols!);

        static IEnumerable<(ModuleType Type, Graph Graph, long[][] Sizes)> Calls(Graph graph, IReadOnlyDictionary<string, long> symbols)
        {
            foreach (var call in graph.Nodes.OfType<ModuleNode>())
            {
                var inner = call.Bindings.ToDictionary(b => b.Key, b => b.Value.Evaluate(s => symbols[s]));
                if (call.Graph.Inverse is not null)
                {
                    yield return (call.Type, call.Graph, [.. call.Graph.Inputs.Select(i => (long[])[.. i.Shape.Axes.Select(a => a.Evaluate(s => inner[s]))])]);
                }

                foreach (var found in Calls(call.Graph, inner)) yield return found;
            }
        }
    }
}
