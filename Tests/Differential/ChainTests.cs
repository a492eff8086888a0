using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>Children of a chain, called one by one: they may take and give what they like, also within chains of chains.</summary>
public sealed class ChainTests
{
    private const string Text = """
        arch: chains
        input: x[B, 4]
        modules:
          attn: [add(2), "linear(4, 4, bias=false)", halves]
          q: { a: add(3), b: relu, inner: { c: add(5), d: relu } }
        forward: |
          y = attn[0](x, x);
          y = attn[1](y);
          (left, right) = attn[2](y);
          z = q.a(left, right);
          z = q.b(z);
          z = q.inner.c(z, left);
          return q.inner.d(z);
        ---
        block: add(int by)
        input: x[B, C], y[B, C]
        forward: return x + y * by;
        ---
        block: halves
        input: x[B, C]
        forward: |
          (a, b) = chunk(x, 2, 1);
          return (a, b);
        """;

    private const string Gates = """
        arch: gates
        params: { tasks: 0 }
        input: x[B, 4]
        modules:
          gates: { when: tasks > 0, use: { repeat: tasks, as: t, name: "task{t}", block: "linear(4, 4)" }, else: { repeat: 2, as: t, name: "{t}", block: relu } }
          same: { when: tasks > 0, use: { repeat: tasks, as: t, name: "a{t}", block: relu }, else: { repeat: 1, as: t, name: "b{t}", block: relu } }
        forward: return same[0](gates[0](x) + gates[1](x));
        """;

    /// <summary>Repetitions that are the parent's own children, by a condition.</summary>
    [Fact]
    public void Named_repetitions_may_be_chosen()
    {
        List<(string Path, string Text)> declarations = [("gates.arch.yaml", Gates)];
        var project = new Project(declarations);
        project.Check();
        Assert.True(project.Diagnostics.Items.Count == 0, string.Join('\n', project.Diagnostics.Items));
        using var executed = new ExecutedBackbone(project.Instantiate("gates")!);
        using var generated = new GeneratedModels(declarations).Create("gates");
        using var x = arange(-2, 2).to(ScalarType.Float32).reshape(1, 4);
        foreach (var model in new Backbone[] { executed, generated })
        {
            Assert.Equal(["0", "1", "b0"], model.named_children().Select(c => c.Item1));
            using var y = model.Forward(x);
            Assert.Equal([0, 0, 0, 2], y.data<float>().ToArray());
        }
    }

    [Fact]
    public void Both_implementations_call_them_alike()
    {
        List<(string Path, string Text)> declarations = [("chains.arch.yaml", Text)];
        var project = new Project(declarations);
        project.Check();
        Assert.True(project.Diagnostics.Items.Count == 0, string.Join('\n', project.Diagnostics.Items));
        using var executed = new ExecutedBackbone(project.Instantiate("chains")!);
        using var generated = new GeneratedModels(declarations).Create("chains");
        using var scope = NewDisposeScope();
        var x = arange(8).to(ScalarType.Float32).reshape(2, 4);
        foreach (var model in new Backbone[] { executed, generated })
        {
            var weight = model.named_parameters().Single().Item2;
            using (no_grad()) weight.copy_(eye(4));
            Assert.Equal(["attn.1.weight"], model.named_parameters().Select(p => p.Item1));
            var (left, right) = ((3 * x)[.., ..2], (3 * x)[.., 2..]);
            var expected = left + (3 * right) + (5 * left);
            Assert.Equal(expected.data<float>().ToArray(), model.Forward(x).data<float>().ToArray());
        }
    }
}
