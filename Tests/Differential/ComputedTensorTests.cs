using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Parameters, buffers and constants that statements compute: the same values in both implementations, each in memory of its own.</summary>
public sealed class ComputedTensorTests(ComputedTensorTests.Models models) : IClassFixture<ComputedTensorTests.Models>
{
    private const string Text = """
        arch: computed
        params:
          n: 3
        input: x[B, C, n]
        parameters:
          decay: |
            steps = log(arange(1, n + 1));
            return repeat(steps, "n -> d n", d=2);
          start: |
            return expand(ones([1, 1]), [2, n]);
          slope: ones[n]
        buffers:
          place: |
            return arange(0, n);
        constants:
          doubled: place * 2
        forward: return x * slope + sum(decay * start, 0) + doubled;
        """;

    private const string Chosen = """
        arch: chosen
        params:
          n: 3
        input: x[B, n]
        modules:
          shifted: masked(n, 1)
          plain: masked(n)
        ---
        block: masked(int n, int shift = 0)
        input: x[B, n]
        define:
          is_shifted: shift > 0
        parameters:
          scale: { when: is_shifted, use: "return 2 * expand(ones([1]), [n]);" }
        buffers:
          attn_mask:
            when: is_shifted
            use: |
              steps = arange(0, n);
              return steps * shift;
        constants:
          twice: { when: is_shifted, use: return attn_mask * 2; }
        forward: |
          if (scale != none) x = x * scale;
          if (is_shifted) x = x + attn_mask + twice;
          return x;
        """;

    private static readonly double[] Logs = [0, Math.Log(2), Math.Log(3)];

    [Fact]
    public void They_start_with_what_is_computed()
    {
        foreach (var model in models.All())
        {
            using (model)
            {
                Assert.Equal(["decay", "slope", "start"], model.named_parameters().Select(p => p.Item1).Order(StringComparer.Ordinal));
                Assert.Equal(["decay", "place", "slope", "start"], Weights.StateDict.Of(model).Select(t => t.Name).Order(StringComparer.Ordinal));
                using var x = zeros(1, 1, 3);
                using var y = model.Forward(x);
                Assert.Equal(Logs.Select((log, i) => (float)((2 * log) + (2 * i))), y.data<float>().ToArray());
                Assert.Equal(9 + 6, model.ParameterCount());
            }
        }
    }

    [Fact]
    public void They_are_trained_element_by_element()
    {
        foreach (var model in models.All())
        {
            using (model)
            {
                var start = model.named_parameters().Single(p => p.Item1 == "start").Item2;
                using var x = zeros(1, 1, 3);
                using var loss = model.Forward(x).sum();
                loss.backward();
                Assert.Equal([.. Logs, .. Logs], start.grad!.data<float>().ToArray().Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
                using (no_grad()) start[0, 1].fill_(5);
                Assert.Equal([1, 5, 1, 1, 1, 1], start.data<float>().ToArray());
            }
        }
    }

    /// <summary>What a condition leaves out is in no state dict, and code asks for it.</summary>
    [Fact]
    public void They_are_there_where_their_condition_holds()
    {
        foreach (var model in models.All("chosen"))
        {
            using (model)
            {
                Assert.Equal(["shifted.attn_mask", "shifted.scale"], Weights.StateDict.Of(model).Select(t => t.Name).Order(StringComparer.Ordinal));
                using var x = ones(1, 3);
                using var y = model.Forward(x);
                // (1 * 2 + [0, 1, 2] + [0, 2, 4]), and the plain block adds nothing.
                Assert.Equal([2, 5, 8], y.data<float>().ToArray());
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
            List<(string Path, string Text)> declarations = [("computed.arch.yaml", Text), ("chosen.arch.yaml", Chosen)];
            _project = new Project(declarations);
            _project.Check();
            Assert.True(_project.Diagnostics.Items.Count == 0, string.Join('\n', _project.Diagnostics.Items));
            _generated = new GeneratedModels(declarations);
        }

        internal IEnumerable<Backbone> All(string name = "computed") => [new ExecutedBackbone(_project.Instantiate(name)!), _generated.Create(name)];
    }
}
