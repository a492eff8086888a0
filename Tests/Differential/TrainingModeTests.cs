using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Code that asks for <c>training</c>: both implementations do in each mode what is declared for it, and leave nothing behind.</summary>
public sealed class TrainingModeTests(TrainingModeTests.Models models) : IClassFixture<TrainingModeTests.Models>
{
    /// <summary>Outputs in evaluation and in training, and what the declaration is.</summary>
    private static readonly Dictionary<string, (int Eval, int Train, string Text)> Cases = new()
    {
        ["modeaux"] = (1, 2, """
            modules:
              stem: conv2d(4, 6, 3, padding=1)
              act: act()
              body: conv2d(6, 8, 2, stride=2)
              aux_head: [global_avg_pool, "linear(6, num_classes)"]
              head: [global_avg_pool, "linear(8, num_classes)"]
            forward: |
              x = act(stem(image));
              y = head(body(x));
              if (training) return [aux_head(x), y];
              return y;
            features: stem, body
            """),
        ["modemean"] = (1, 2, """
            modules:
              head: [global_avg_pool, "linear(4, num_classes)"]
              dist_head: [global_avg_pool, "linear(4, num_classes)"]
            forward: |
              (a, b) = (head(image), dist_head(image));
              return training && num_classes > 0 ? [b, a] : [(a + b) / 2];
            features: { of: head, as: "rearrange(x, \"b c -> b c 1 1\")" }
            """),
        ["modestatic"] = (1, 1, """
            forward: |
              n = 1;
              xs = [image];
              if (!training) {
                n = 3;
                xs = [..xs, relu(image), image * 2];
              }
              for (int i = 0; i < n; i++) image = image + xs[i];
              return image;
            """),
        ["modechild"] = (1, 1, """
            modules:
              layers: { repeat: 2, as: i, block: "gated(4, i + 1)" }
              tail: { first: "gated(4, 5)", act: relu }
            forward: return tail(layers(image)) + layers[0](image);
            """),
        ["modeinverse"] = (1, 1, """
            modules:
              a: coupled(4)
              b: coupled(4)
            forward: return b(a(image));
            """),
        ["modewhole"] = (1, 1, """
            modules:
              inner: modeaux(num_classes=3)
              proj: linear(3, num_classes)
            forward: return proj(inner(image));
            """),
        ["modetrunk"] = (1, 1, """
            modules:
              inner: modesplit.features(out_indices=[0])
              proj: conv2d(4, num_classes, 1)
            forward: |
              levels = inner(image);
              return reduce(proj(levels[0]), "b c h w -> b c", "mean");
            """),
        ["modesplit"] = (1, 2, """
            modules:
              fast: conv2d(4, 4, 1)
              slow: conv2d(4, 4, 3, padding=1)
              norm: batch_norm2d(4)
              last: conv2d(4, num_classes, 1)
            forward: |
              if (training) x = slow(image);
              else x = fast(image);
              x = norm(x);
              y = last(x);
              return training ? [x, y] : [y];
            features: norm, last
            """),
    };

    private const string Blocks = """
        ---
        block: gated(int dim, int scale)
        input: x[B, dim, H, W]
        output: "[B, dim, H, W]"
        modules:
          proj: conv2d(dim, dim, 1)
        forward: |
          if (training && scale > 1) return x + scale * proj(x);
          return training ? x * scale : proj(x);
        ---
        block: coupled(int dim)
        input: x[B, dim, H, W]
        output: "y[B, dim, H, W]"
        modules:
          f: conv2d(dim / 2, dim / 2, 3, padding=1)
        forward: |
          (a, b) = chunk(x, 2, 1);
          b = training ? b + f(a) : b - f(a);
          return cat([b, a], 1);
        inverse: |
          (b, a) = chunk(y, 2, 1);
          b = training ? b - f(a) : b + f(a);
          x = cat([a, b], 1);
          return x;
        """;

    public static TheoryData<string, bool> Modes
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in Cases.Keys)
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Both_do_what_the_mode_asks_for(string name, bool train)
    {
        using var scope = NewDisposeScope();
        var (executed, generated) = Pair(name);
        executed.train(train);
        generated.train(train);
        manual_seed(2);
        var x = rand(2, 4, 8, 8);
        var (expected, found) = (executed.ForwardOutputs(x), generated.ForwardOutputs(x));
        Assert.Equal(train ? Cases[name].Train : Cases[name].Eval, expected.Count);
        AssertEqual(expected, found);
        AssertEqual([expected[^1]], [executed.Forward(x)]);
        AssertEqual([expected[^1]], [generated.Forward(x)]);
        AssertEqual(Gradients(executed, x), Gradients(generated, x));
        if (executed.Info.Features.Length == 0) return;
        AssertEqual([.. executed.ForwardFeatures(x).Select(f => f.Tensor)], [.. generated.ForwardFeatures(x).Select(f => f.Tensor)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_modes_differ(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = rand(2, 4, 8, 8);
        var (executed, generated) = Pair(name);
        foreach (var model in new[] { executed, generated })
        {
            model.eval();
            var eval = model.ForwardOutputs(x);
            model.train();
            var train = model.ForwardOutputs(x);
            // As a module, an architecture gives its output alone: the same in both modes.
            Assert.True(name == "modewhole" || eval.Count != train.Count || !eval[^1].allclose(train[^1]), model.GetType().Name);
            if (model.Info.Features.Length == 0 || name == "modemean") continue;
            foreach (var level in model.FeaturesOnly([0]).ForwardFeatures(x)) Assert.NotEqual(0, level.Tensor.abs().sum().item<float>());
            model.eval();
            foreach (var level in model.ForwardFeatures(x)) Assert.NotEqual(0, level.Tensor.abs().sum().item<float>());
        }
    }

    [Fact]
    public void A_child_may_be_in_another_mode_than_the_model()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = rand(2, 4, 8, 8);
        var (executed, generated) = Pair("modechild");
        foreach (var model in new[] { executed, generated }) model.train();
        var whole = executed.Forward(x);
        foreach (var model in new[] { executed, generated }) model.named_children().First(c => c.Item1 == "layers").Item2.eval();
        AssertEqual([executed.Forward(x)], [generated.Forward(x)]);
        Assert.False(whole.allclose(executed.Forward(x)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_left(string name)
    {
        var (executed, generated) = Pair(name);
        using var first = executed;
        using var second = generated;
        foreach (var model in new[] { executed, generated })
        {
            foreach (var train in new[] { false, true })
            {
                using var guard = no_grad();
                model.train(train);
                using var x = rand(2, 4, 8, 8);
                model.Forward(x).Dispose();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var before = Tensor.TotalCount;
                foreach (var y in model.ForwardOutputs(x)) y.Dispose();
                foreach (var level in model.ForwardFeatures(x)) level.Dispose();
                Assert.True(Tensor.TotalCount == before, $"{model.GetType().Name}, training {train}: {Tensor.TotalCount - before} handles are left.");
            }
        }
    }

    private (Backbone Executed, Backbone Generated) Pair(string name)
    {
        var executed = new ExecutedBackbone(models.Project.Instantiate(name)!);
        var generated = models.Generated.Create(name);
        var weights = generated.named_parameters().ToDictionary(p => p.Item1, p => p.Item2);
        Assert.Equal(weights.Keys.Order(StringComparer.Ordinal), executed.named_parameters().Select(p => p.Item1).Order(StringComparer.Ordinal));
        using var guard = no_grad();
        foreach (var (path, tensor) in executed.named_parameters()) tensor.copy_(weights[path]);
        return (executed, generated);
    }

    private static List<Tensor> Gradients(Backbone model, Tensor x)
    {
        var input = x.detach().requires_grad_();
        var loss = model.ForwardOutputs(input).Select((y, i) => y.mul(i + 1).sum()).Aggregate((a, b) => a + b);
        loss.backward();
        return [input.grad!];
    }

    private static void AssertEqual(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found)
    {
        Assert.Equal(expected.Count, found.Count);
        for (var i = 0; i < expected.Count; i++) Assert.True(expected[i].allclose(found[i], rtol: 1e-4, atol: 1e-6), $"output {i}");
    }

    private static string Text(string name) => $"arch: {name}\n{Use(name)}params:\n  num_classes: 5\n{(name == "modeaux" ? "  act: relu\n" : "")}input: image[B, 4, H, W]\n{Cases[name].Text}\n{(name is "modechild" or "modeinverse" ? Blocks : "")}";

    private static string Use(string name) => name switch { "modewhole" => "use: [modeaux]\n", "modetrunk" => "use: [modesplit]\n", _ => "" };

    /// <summary>All models, read and compiled once.</summary>
    public sealed class Models
    {
        public Models()
        {
            var declarations = Cases.Keys.Select(n => ($"{n}.arch.yaml", Text(n))).ToList();
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
