using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

// Handles are counted over the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Notochord.Differential.Tests;

/// <summary>Lists of tensors, optional inputs and blocks that contain themselves: both implementations give what plain code gives, and leave nothing behind.</summary>
public sealed class ListTests(ListTests.Models models) : IClassFixture<ListTests.Models>
{
    /// <summary>The forward of a model over x[B, 4, H, W], and the same by hand; helper blocks are in <see cref="Blocks"/>.</summary>
    private static readonly Dictionary<string, (string Forward, Func<Tensor, Tensor> Expected)> Cases = new()
    {
        ["made"] = ("xs = [x, 2 * x]; return cat(xs, 1);", x => cat([x, 2 * x], 1)),
        ["spread"] = ("xs = [x]; xs = [..xs, 2 * x]; xs = [3 * x, ..xs, ..xs]; return cat(xs, 1);", x => cat([3 * x, x, 2 * x, x, 2 * x], 1)),
        ["from nothing"] = ("xs = []; for (int i = 0; i < 3; i++) { x = x + i; xs = [..xs, x]; } return cat(xs, 1);", x => cat([x, x + 1, x + 3], 1)),
        ["grows while it is read"] = ("xs = [x]; for (int i = 0; i < 3; i++) xs = [..xs, xs[^1] * 2 + xs[0]]; return xs[^1] - xs[1];", x => (15 * x) - (3 * x)),
        ["element is replaced"] = ("xs = [x, 2 * x, 3 * x]; for (int i = 0; i < 3; i++) xs = [..xs[..i], xs[i] + i, ..xs[(i + 1)..]]; return cat(xs, 1);", x => cat([x, (2 * x) + 1, (3 * x) + 2], 1)),
        ["parts"] = ("parts = chunk(x, 4, 1); y = parts[2]; return y - parts[^4] * parts[1];", x => x[.., 2..3] - (x[.., 0..1] * x[.., 1..2])),
        ["split"] = ("parts = split(x, [1, 3], 1); return cat([parts[1], parts[0]], 1);", x => cat([x[.., 1..4], x[.., 0..1]], 1)),
        ["unbind"] = ("return stack(unbind(x, 1)[1..3], 1);", x => x[.., 1..3]),
        ["foreach"] = ("sum = x; foreach (var part in chunk(x, 2, 1)) sum = sum + cat([part, part], 1); return sum;", x => x + cat([x[.., ..2], x[.., ..2]], 1) + cat([x[.., 2..], x[.., 2..]], 1)),
        ["foreach of numbers"] = ("y = x; foreach (var k in taps) { y = y * k; } return y;", x => 6 * x),
        ["foreach over what grows"] = ("xs = [x]; for (int i = 0; i < 2; i++) foreach (var y in xs) xs = [..xs, y + 1]; return cat(xs, 1);", x => cat([x, x + 1, x + 1, x + 2], 1)),
        ["different shapes"] = ("xs = [x]; for (int i = 0; i < 2; i++) xs = [..xs, avg_pool2d(xs[i], 2)]; y = interpolate(xs[2], xs[1].shape[2], \"nearest\") + xs[1]; return y * len(xs);", x => 3 * (nn.functional.avg_pool2d(x, 2) + Up(nn.functional.avg_pool2d(x, 4), 4))),
        ["static length"] = ("xs = [x, x]; if (len(xs) > 1) x = x * len(xs[1..]) + 5; return x;", x => x + 5),
        ["from a child"] = ("ys = pyramid(x); return ys[0] * len(ys) + interpolate(ys[2], ys[0].shape[2], \"nearest\");", x => (3 * x) + Up(nn.functional.avg_pool2d(x, 4))),
        ["through children"] = ("return fuse(scaled(pyramid(x)));", x => 2 * (x + Up(nn.functional.avg_pool2d(x, 2)) + Up(nn.functional.avg_pool2d(x, 4)))),
        ["a literal for a child"] = ("ys = scaled([x, x + 1, ..[x]]); return cat(ys, 1);", x => cat([2 * x, 2 * (x + 1), 2 * x], 1)),
        ["mixed results"] = ("(y, rest) = both(x); return y + rest[0] * rest[1];", x => (2 * x) + (x * (x + 1))),
        ["a list by condition"] = ("ys = len(taps) > 1 ? [x, x * 2] : []; if (len(taps) > 5) zs = [x]; else zs = [..ys, x]; return cat(zs, 1);", x => cat([x, 2 * x, x], 1)),
        ["names keep their values"] = ("y = x; for (int i = 0; i < 2; i++) { before = y; y = y * 3; y = y + before; } return y;", x => 16 * x),
        ["swap"] = ("(a, b) = (x, 2 * x); for (int i = 0; i < 3; i++) { (a, b) = (b, a); } return a - 3 * b;", x => -x),
        ["unused"] = ("xs = [x, x * 2]; ys = [..xs, x]; zs = chunk(x, 4, 1); return ys[1];", x => 2 * x),
        ["absent"] = ("return merge(x, none) + merge(x);", x => 2 * x),
        ["present"] = ("return merge(x, x * 4) - merge(x);", x => 4 * x),
        ["optional is handed on"] = ("return outer(x) + outer(x, 2 * x);", x => (2 * x) + (2 * x)),
        ["block of a parameter"] = ("return cat([..given(x)], 1);", x => cat([x, Up(nn.functional.avg_pool2d(x, 2))], 1)),
        ["a scalar"] = ("return times(x, sum(full([3], 2, like=x)));", x => 6 * x),
        ["recursion"] = ("return tree(x);", x => 15 * x),
    };

    private const string Blocks = """
        ---
        block: pyramid(int levels)
        input: x[B, C, H, W]
        output: "[n < levels][B, C, _, _]"
        forward: |
          xs = [x];
          for (int i = 1; i < levels; i++) xs = [..xs, avg_pool2d(xs[i - 1], 2)];
          return xs;
        ---
        block: scaled(int factor)
        input: xs[..][B, C, _, _]
        forward: |
          ys = [];
          foreach (var x in xs) ys = [..ys, x * factor];
          return ys;
        ---
        block: fuse(int levels)
        input: xs[i < levels][B, C, H[i], W[i]]
        output: "[B, C, _, _]"
        forward: |
          sum = xs[0];
          foreach (var x in xs[1..]) sum = sum + interpolate(x, [sum.shape[2], sum.shape[3]], "nearest");
          return sum;
        ---
        block: both
        input: x[B, C, H, W]
        forward: return (2 * x, [x, x + 1]);
        ---
        block: merge
        input: x[B, C, H, W], skip?[B, C, H, W]
        output: "[B, C, H, W]"
        forward: |
          if (skip != none) x = x + skip;
          return x;
        ---
        block: outer
        input: x[B, C, H, W], skip?[B, C, H, W]
        modules:
          merge: merge
        forward: |
          return skip == none ? 2 * x : merge(x, skip) - x;
        ---
        block: times
        input: x[B, C, H, W], c[]
        forward: return c * x;
        ---
        block: resized
        input: x[B, C, H, W]
        forward: |
          small = avg_pool2d(x, 2);
          return [x, interpolate(small, [H, W], "nearest")];
        ---
        block: tree(int depth)
        input: x[B, C, H, W]
        output: "[B, C, H, W]"
        modules:
          left: "depth > 1 ? tree(depth - 1) : none"
          right: "depth > 1 ? tree(depth - 1) : none"
        forward: |
          if (depth == 1) return x;
          return left(x) + right(x) + x;
        """;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Lists_are_what_they_hold(string name)
    {
        using var generated = models.Generated.Create(Architecture(name));
        using var executed = new ExecutedBackbone(models.Project.Instantiate(Architecture(name))!);
        foreach (var model in new Backbone[] { executed, generated })
        {
            model.eval();
            AssertIsExpected(model, Cases[name].Expected);
            AssertGradientIsExpected(model, Cases[name].Expected);
            AssertNothingLeft(model);
        }
    }

    private static void AssertIsExpected(Backbone model, Func<Tensor, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = rand(2, 4, 8, 8);
        var kept = x.clone();
        Assert.True(model.Forward(x).allclose(expected(x)), model.GetType().Name);
        Assert.True(x.allclose(kept), "The input has changed.");
    }

    private static void AssertGradientIsExpected(Backbone model, Func<Tensor, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(1, 4, 8, 8, requires_grad: true), rand(1, 4, 8, 8));
        b.copy_(a.detach());
        b.requires_grad_();
        foreach (var y in new[] { model.Forward(a), expected(b) }) y.mul(y.detach().cumsum(1)).sum().backward();
        Assert.True(a.grad!.allclose(b.grad!), model.GetType().Name);
    }

    private static void AssertNothingLeft(Backbone model)
    {
        foreach (var train in new[] { false, true })
        {
            using var guard = set_grad_enabled(train);
            using var x = rand(1, 4, 8, 8, requires_grad: train);
            model.Forward(x).Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = Tensor.TotalCount;
            using var y = model.Forward(x);
            Assert.True(Tensor.TotalCount == before + 1, $"{model.GetType().Name}, training {train}: {Tensor.TotalCount - before - 1} handles are left.");
            // What it returns lives on its own.
            _ = y.sum().item<float>();
        }
    }

    private static Tensor Up(Tensor x, int size = 8) => nn.functional.interpolate(x, size: [size, size], mode: InterpolationMode.Nearest);

    private static string Architecture(string name) => "lists" + name.Replace(" ", "", StringComparison.Ordinal);

    private static string Text(string name) => $$"""
        arch: {{Architecture(name)}}
        params:
          taps: [2, 3]
        input: x[B, 4, H, W]
        modules:
        {{string.Join('\n', Modules.Where(m => Cases[name].Forward.Contains(m.Name + "(", StringComparison.Ordinal)).Select(m => $"  {m.Name}: {m.Entry}"))}}
        forward: |
          {{Cases[name].Forward}}
        {{Blocks}}
        ---
        block: holder(block inner)
        input: x[B, C, H, W]
        modules:
          inner: inner()
        forward: return [..inner(x)];
        """.Replace("modules:\nforward", "forward", StringComparison.Ordinal);

    private static readonly (string Name, string Entry)[] Modules =
    [
        ("pyramid", "pyramid(3)"), ("scaled", "scaled(2)"), ("fuse", "fuse(3)"), ("both", "both"), ("merge", "merge"), ("outer", "outer"),
        ("given", "holder(resized)"), ("times", "times"), ("tree", "tree(4)"),
    ];

    /// <summary>All models, read and compiled once.</summary>
    public sealed class Models
    {
        public Models()
        {
            var declarations = Cases.Keys.Select(n => ($"{Architecture(n)}.arch.yaml", Text(n))).ToList();
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
