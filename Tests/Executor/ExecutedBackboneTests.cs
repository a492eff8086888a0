using Notochord.Execution;
using Notochord.Guards;
using static TorchSharp.torch;

// Live tensors are counted.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Notochord.Tests;

public class ExecutedBackboneTests
{
    private const string Net = """
        arch: net
        params:
          num_classes: 5
          dim: 8
          drop: 0.0
        input: image[B, 3, H, W]
        modules:
          conv: conv2d(3, dim, 3, padding=1, bias=false)
          bn: batch_norm2d(dim)
          stage: { repeat: 2, as: i, block: half(dim) }
          head: linear(dim, num_classes)
        features: [bn, stage]
        forward: |
          x = bn(conv(image));
          x = stage(x);
          return head(reduce(x, "b c h w -> b c", "mean"));
        ---
        block: half(int dim)
        input: x[B, dim, H, W]
        output: "[B, dim, H / 2, W / 2]"
        parameters:
          gamma: ones[dim]
        constants:
          table: arange(0, dim, type="float")
        forward: |
          y = reduce(x, "b c (h p) (w q) -> b c h w", "max", p=2, q=2);
          return y * rearrange(gamma + 0 * table, "c -> 1 c 1 1");
        """;

    [Fact]
    public void StateDictNamesArePathsAndConstantsAreNotAmongThem()
    {
        using var net = Declarations.Backbone(Net);
        Assert.Equal(
            ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked", "stage.0.gamma", "stage.1.gamma", "head.weight", "head.bias"],
            Weights.StateDict.Of(net).Select(s => s.Name));
        Assert.Equal(net.Info.ParameterCount, net.ParameterCount());
    }

    [Fact]
    public void ABufferWithCodeIsInTheStateDictAndServesTheCode()
    {
        using var net = Declarations.Backbone("""
            arch: net
            params:
              size: 3
            input: x[B, size]
            buffers:
              offset: |
                i = arange(0, size);
                return i * i;
            constants:
              twice: offset * 2
            forward: return x + twice;
            """);
        Assert.Equal(["offset"], Weights.StateDict.Of(net).Select(s => s.Name));
        Assert.Equal([0, 1, 4], Weights.StateDict.Of(net).Single().Tensor.data<long>().ToArray());
        using var zero = zeros(1, 3);
        using var y = net.Forward(zero);
        Assert.Equal([0, 2, 8], y.data<float>().ToArray());
    }

    [Fact]
    public void ATensorOfNumbersIsWrittenOutOrComputed()
    {
        using var net = Declarations.Forward("x[B, N]", "return x + tensor([1, 2.5, 3], like=x) + tensor(linspace(0, 1, 3), like=x);");
        using var zero = zeros(1, 3);
        using var y = net.Forward(zero);
        Assert.Equal([1, 3, 4], y.data<float>().ToArray());
    }

    [Fact]
    public void RunsWhateverSizeFitsAndSaysWhichDoesNot()
    {
        using var net = Declarations.Backbone(Net);
        net.eval();
        foreach (var (h, w) in new[] { (8L, 8L), (4L, 12L) })
        {
            using var image = randn(2, 3, h, w);
            using var y = net.Forward(image);
            Assert.Equal([2, 5], y.shape);
        }

        using var odd = randn(2, 3, 6, 8);
        // 6 halves once; the second stage sees 3.
        var e = Assert.Throws<ShapeGuardException>(() => net.Forward(odd));
        Assert.Contains("H % 2 == 0", e.Message, StringComparison.Ordinal);
        Assert.Contains("3 and 2", e.Message, StringComparison.Ordinal);
        Assert.Matches(@"test\.arch\.yaml\(26,\d+\)", e.Where);

        using var gray = randn(2, 1, 8, 8);
        Assert.Contains("'image' is [B, 3, H, W]; found [2, 1, 8, 8]", Assert.Throws<ShapeGuardException>(() => net.Forward(gray)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReleasesAllThatItMakes()
    {
        using var net = Declarations.Backbone(Net);
        using var image = randn(1, 3, 8, 8);
        net.Forward(image).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
        {
            net.Forward(image).Dispose();
            foreach (var feature in net.ForwardFeatures(image)) feature.Dispose();
            using var odd = randn(1, 3, 6, 8);
            Assert.Throws<ShapeGuardException>(() => net.Forward(odd));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void FeaturesStopTheRunAndAreTheLevels()
    {
        using var net = Declarations.Backbone(Net);
        net.eval();
        using var image = randn(1, 3, 16, 16);
        var levels = net.ForwardFeatures(image);
        Assert.Equal(["bn", "stage.0", "stage.1"], levels.Select(f => f.Name));
        Assert.Equal([1, 2, 4], levels.Select(f => f.Reduction));
        Assert.Equal([1, 8, 4, 4], levels[2].Tensor.shape);

        // 2 halves once only: the first two levels do not need the rest.
        using var small = randn(1, 3, 2, 2);
        var first = net.ForwardFeatures(small, [1]);
        Assert.Equal([1, 8, 1, 1], first[0].Tensor.shape);
        foreach (var f in levels.Concat(first)) f.Dispose();
    }

    [Fact]
    public void TrainingMovesTheStatisticsAndCounts()
    {
        using var net = Declarations.Backbone(Net);
        using var image = randn(4, 3, 8, 8);
        net.train();
        net.Forward(image).Dispose();
        using var y = net.Forward(image);
        Assert.Equal(2, net.Child("bn").get_buffer("num_batches_tracked")!.item<long>());
        Assert.NotEqual(0, net.Child("bn").get_buffer("running_mean")!.abs().sum().item<float>());
        y.sum().backward();
        Assert.All(net.named_parameters(), p => Assert.True(p.Item2.grad is not null, p.Item1));

        net.eval();
        net.Forward(image).Dispose();
        Assert.Equal(2, net.Child("bn").get_buffer("num_batches_tracked")!.item<long>());
    }

    [Fact]
    public void ResettingTheClassifierKeepsTheRest()
    {
        using var net = Declarations.Backbone(Net);
        net.eval();
        using var conv = net.Child("conv").get_parameter("weight")!.clone();
        using var head = net.Child("head").get_parameter("weight")!.clone();
        var names = net.named_parameters().Select(p => p.Item1).ToList();

        net.ResetClassifier(5);
        Assert.False(head.eq(net.Child("head").get_parameter("weight")!).all().item<bool>());
        net.ResetClassifier(7);
        Assert.True(conv.eq(net.Child("conv").get_parameter("weight")!).all().item<bool>());
        Assert.Equal(names, net.named_parameters().Select(p => p.Item1));
        Assert.Equal(7, net.Info.NumClasses);
        using var image = randn(1, 3, 8, 8);
        using var y = net.Forward(image);
        Assert.Equal([1, 7], y.shape);
    }

    [Fact]
    public void DropPathDropsWholeSamplesInTrainingOnly()
    {
        using var net = Declarations.Forward("x[B, N]", "return drop_path(x, 0.25);");
        using var x = ones(4000, 3);
        net.eval();
        using var same = net.Forward(x);
        Assert.True(same.eq(x).all().item<bool>());
        net.train();
        using var y = net.Forward(x);
        Assert.InRange(y.mean().item<float>(), 0.9f, 1.1f);
        Assert.All(y.data<float>(), v => Assert.True(v == 0 || Math.Abs((v * 0.75) - 1) < 1e-6));
        Assert.True(y.amax([1]).eq(y.amin([1])).all().item<bool>());
    }

    [Fact]
    public void AResultIsNeverTheHandleOfAnInput()
    {
        using var net = Declarations.Forward("x[B, N]", "return x;");
        using var x = ones(2, 3);
        var y = net.Forward(x);
        Assert.NotSame(x, y);
        y.Dispose();
        Assert.Equal(6, x.sum().item<float>());
    }

    [Fact]
    public void AnOperationThatFailsSaysWhere()
    {
        using var net = Declarations.Forward("x[B, N]", "return take(x, cast(x, \"int\"));");
        using var x = full([2, 3], 7f);
        var e = Assert.Throws<ExecutionException>(() => net.Forward(x));
        Assert.Contains("test.arch.yaml(4,", e.Message, StringComparison.Ordinal);
        Assert.Contains("take on [2, 3], [2, 3] failed", e.Message, StringComparison.Ordinal);
    }
}

internal static class Children
{
    public static nn.Module Child(this nn.Module module, string name) => module.named_children().First(c => c.Item1 == name).Item2;
}
