using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Inputs that are no images: what both implementations tell of them is the same, and what they do.</summary>
public sealed class InputTests(InputTests.Models models) : IClassFixture<InputTests.Models>
{
    private static readonly List<(string Path, string Text)> Declarations =
    [
        ("clips.arch.yaml", """
            arch: clips
            params: { in_chans: 2, dim: 6, frames: 8 }
            define: { step: frames / 4 }
            input: clip[B, in_chans, T * step, H, W]
            sizes: { T: 4, H: 5 * step, W: 12 }
            modules:
              embed: embed(in_chans, dim)
              turn: turn
            features: [embed, turn]
            ---
            block: embed(int in_chans, int dim)
            input: x[B, in_chans, T, H * 2, W * 2]
            modules: { proj: "linear(in_chans * 4, dim)" }
            forward: return proj(rearrange(x, "b c t (h q) (w r) -> b t h w (c q r)", q=2, r=2));
            ---
            block: turn
            input: x[B, T, H, W, C]
            forward: return rearrange(x, "b t h w c -> b c (t h) w");
            """),
        ("signal.arch.yaml", """
            arch: signal
            params: { dim: 4 }
            input: x[B, dim, L]
            sizes: { L: 9 }
            modules: { pool: pool, scale: scale(dim) }
            features: [pool, scale]
            ---
            block: pool
            input: x[B, C, L * 3]
            forward: return reduce(x, "b c (l three) -> b c l", "mean", three=3);
            ---
            block: scale(int dim)
            input: x[B, dim, L]
            parameters: { weight: "ones[dim, 1]" }
            forward: return x * weight;
            """),
    ];

    [Theory]
    [InlineData("clips", new long[] { 1, 2, 8, 10, 12 })]
    [InlineData("signal", new long[] { 1, 4, 9 })]
    public void Both_tell_the_same_of_inputs_and_levels(string name, long[] sizes)
    {
        var (instance, executed, generated) = models.All(name);
        using (executed)
        using (generated)
        {
            Assert.Equal(sizes, instance.InputSizes());
            Assert.Equal(sizes, executed.Info.InputShape());
            Assert.Equal(sizes, generated.Info.InputShape());
            Assert.Equal(executed.Info.Features.AsEnumerable(), generated.Info.Features);
            Assert.Equal(executed.Info.Sizes, generated.Info.Sizes);
        }
    }

    [Theory]
    [InlineData("clips")]
    [InlineData("signal")]
    public void Levels_are_as_told_and_measured_alike(string name)
    {
        using var scope = NewDisposeScope();
        var (_, executed, generated) = models.All(name);
        foreach (var model in new[] { executed, generated })
        {
            var told = model.Info.Features;
            var input = zeros(model.Info.InputShape(batch: 2));
            foreach (var (level, info) in model.ForwardFeatures(input).Zip(told))
            {
                Assert.Equal(info.Channels, level.Tensor.size(1));
                if (level.Tensor.dim() == input.dim()) Assert.Equal(info.Reductions.AsEnumerable(), input.shape.Skip(2).Zip(level.Tensor.shape.Skip(2), (of, to) => (int)(of / to)));
            }

            Assert.Equal(told.Select(t => (t.Channels, t.Reduction)), model.Measured().Info.Features.Select(t => (t.Channels, t.Reduction)));
        }
    }

    [Fact]
    public void Sizes_that_are_given_are_those_of_the_input()
    {
        var (_, executed, generated) = models.All("clips");
        foreach (var model in new[] { executed, generated })
        {
            using (model)
            {
                Assert.Equal([3, 2, 10, 4, 12], model.Info.InputShape(3, new Dictionary<string, long> { ["T"] = 5, ["H"] = 4 }));
                Assert.Contains("has no size 'L'", Assert.Throws<ArgumentException>(() => model.Info.InputShape(1, new Dictionary<string, long> { ["L"] = 5 })).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The models, read and compiled once.</summary>
    public sealed class Models
    {
        private readonly Project _project;
        private readonly GeneratedModels _generated;

        public Models()
        {
            _project = new Project(Declarations);
            _project.Check();
            Assert.True(_project.Diagnostics.Items.Count == 0, string.Join('\n', _project.Diagnostics.Items));
            _generated = new GeneratedModels(Declarations);
        }

        internal (Dsl.Instantiation.ModelInstance Instance, Backbone Executed, Backbone Generated) All(string name)
        {
            var instance = _project.Instantiate(name)!;
            return (instance, new ExecutedBackbone(instance), _generated.Create(name));
        }
    }
}
