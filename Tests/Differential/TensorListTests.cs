using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Lists of parameters and buffers: their names, and that both implementations read them alike, one by one and as a whole.</summary>
public sealed class TensorListTests(TensorListTests.Models models) : IClassFixture<TensorListTests.Models>
{
    private const string Text = """
        arch: lists
        params:
          count: 3
          extra: false
          width: 4
        variants:
          lists: {}
          listsnone: { count: 1 }
          listsmore: { count: 4, extra: true }
        input: x[B, width]
        parameters:
          w[i < count]: normal(std=i + 1.0)[width >> i % 2]
          bias[count - 1]: ones[width]
          more[2]: "extra ? zeros[width] : none"
        buffers:
          shift[2]: constant(0.5)[width]
        modules:
          scales: scales(count)
        forward: |
          for (int i = 0; i < len(w); i++) x = i % 2 == 0 ? x * w[i] : cat([x[.., ..(width / 2)] * w[i], x[.., (width / 2)..]], 1);
          foreach (var b in bias) x = x + b;
          foreach (var m in more) x = x + m;
          xs = [..shift, x, ..bias];
          foreach (var t in xs) x = x + t;
          return scales(x);
        ---
        block: scales(int count)
        input: x[B, C]
        output: "[B, C]"
        parameters:
          v[count]: ones[1]
        forward: return x * sum(cat(v, 0));
        """;

    [Theory]
    [InlineData("lists", "bias.0 bias.1 scales.v.0 scales.v.1 scales.v.2 w.0 w.1 w.2")]
    [InlineData("listsnone", "scales.v.0 w.0")]
    [InlineData("listsmore", "bias.0 bias.1 bias.2 more.0 more.1 scales.v.0 scales.v.1 scales.v.2 scales.v.3 w.0 w.1 w.2 w.3")]
    public void They_are_named_by_their_places_and_read_alike(string name, string names)
    {
        Tensor[] found = [];
        Tensor[][] gradients = [];
        foreach (var model in models.All(name))
        {
            using (model)
            {
                Assert.Equal(names.Split(' '), model.named_parameters().Select(p => p.Item1).Order(StringComparer.Ordinal));
                Assert.Equal(names.Split(' ').Concat(["shift.0", "shift.1"]).Order(StringComparer.Ordinal), Weights.StateDict.Of(model).Select(t => t.Name).Order(StringComparer.Ordinal));
                using (no_grad())
                {
                    foreach (var (key, value) in model.named_parameters()) value.copy_(linspace(0.3 + (0.1 * key.Length), 1 - (0.05 * (key[^1] - '0')), value.numel()).reshape(value.shape));
                }

                using var x = linspace(-1, 2, 8).reshape(2, 4);
                var y = model.Forward(x);
                y.sum().backward();
                found = [.. found, y.detach()];
                gradients = [.. gradients, [.. model.named_parameters().OrderBy(p => p.Item1, StringComparer.Ordinal).Select(p => p.Item2.grad!.clone())]];
            }
        }

        Assert.True(found[0].allclose(found[1]));
        Assert.All(gradients[0].Zip(gradients[1]), pair => Assert.True(pair.First.allclose(pair.Second)));
        Assert.All(gradients[0], g => Assert.True(g.abs().sum().item<float>() > 0));
    }

    [Theory]
    [InlineData("v[-1]: ones[2]", "forward: return x;", "A list of -1 tensors 'v'")]
    [InlineData("v[]: ones[2]", "forward: return x;", "NOTO")]
    [InlineData("v[2]: ones[2]", "forward: return x * v[2];", "no such part")]
    [InlineData("v[2]: ones[2]", "forward: return x * v;", "v")]
    public void What_is_wrong_is_said(string parameter, string forward, string message)
    {
        var project = new Project([("wrong.arch.yaml", $"arch: wrong\ninput: x[B, 2]\nparameters:\n  {parameter}\n{forward}\n")]);
        project.Check();
        Assert.Contains(project.Diagnostics.Items, d => d.ToString().Contains(message, StringComparison.Ordinal));
        Assert.True(project.Diagnostics.HasErrors);
    }

    /// <summary>The models, read and compiled once.</summary>
    public sealed class Models
    {
        private readonly Project _project;
        private readonly GeneratedModels _generated;

        public Models()
        {
            List<(string Path, string Text)> declarations = [("lists.arch.yaml", Text)];
            _project = new Project(declarations);
            _project.Check();
            Assert.True(_project.Diagnostics.Items.Count == 0, string.Join('\n', _project.Diagnostics.Items));
            _generated = new GeneratedModels(declarations);
        }

        internal IEnumerable<Backbone> All(string name) => [new ExecutedBackbone(_project.Instantiate(name)!), _generated.Create(name)];
    }
}
