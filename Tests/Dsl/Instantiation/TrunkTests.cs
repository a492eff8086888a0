using System.Globalization;
using Notochord.Dsl.Cost;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;

namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Architectures as modules of others.</summary>
public class TrunkTests
{
    private const string Body = """
        arch: body
        params:
          in_chans: 3
          num_classes: 10
          dim: 8
          norm: batch_norm2d
        input: image[B, in_chans, H, W]
        variants:
          body_small: {}
          body_wide: { dim: 16 }
        stem:
          conv: conv2d(in_chans, dim, 4, stride=4)
        stages:
          name: layers
          count: 3
          as: i
          downsample: { when: i > 0, use: "conv2d(dim << (i - 1), dim << i, 2, stride=2)" }
          depth: 1
          index: j
          block: ["norm(dim << i)", relu]
        head:
          pool: global_avg_pool
          fc: linear(dim << 2, num_classes)
        features: stages
        init:
          conv2d.weight: constant(2.0)
        """;

    private const string Two = """
        arch: two
        use: [body]
        params:
          in_chans: 3
          backbone: body_small
        input: image[B, in_chans, H, W]
        variants:
          two_small: {}
          two_wide: { backbone: body_wide }
        modules:
          body: backbone.features(out_indices=[0, -2], in_chans=in_chans)
          low: conv2d(body.channels[0], 4, 1)
          high: conv2d(body.channels[1], 4, body.reductions[1] / body.reductions[0])
        forward: |
          c = body(image);
          return reduce(low(c[0]), "b c h w -> b c", "mean") + reduce(high(c[1]), "b c h w -> b c", "mean");
        init:
          conv2d.weight: constant(3.0)
        """;

    [Fact]
    public void A_trunk_holds_nothing_behind_its_last_level()
    {
        var model = Of(Two).Instantiate("two_small")!;
        Assert.Equal(
            ["body.conv.weight", "body.conv.bias", "body.layers.0.blocks.0.0.weight"],
            model.Tensors().Select(t => t.Name).Take(3));
        var names = model.Tensors().Select(t => t.Name).ToList();
        Assert.Contains("body.layers.1.downsample.weight", names);
        Assert.DoesNotContain(names, n => n.StartsWith("body.layers.2", StringComparison.Ordinal) || n.StartsWith("body.fc", StringComparison.Ordinal));
        var cost = CostModel.Measure(model, sizes: model.Image(32, 32));
        Assert.Equal(3 * 8 * 16 * 64 + 8 * 16 * 4 * 16, cost.Children[0].Macs);
    }

    [Theory]
    [InlineData("two_small", 8, 16)]
    [InlineData("two_wide", 16, 32)]
    public void What_it_knows_of_its_levels_is_static(string variant, long low, long high)
    {
        var model = Of(Two).Instantiate(variant, new Dictionary<string, Value> { ["in_chans"] = new IntValue(1) })!;
        var levels = model.Root.Find("body")!.Levels!;
        Assert.Equal([(low, 4L), (high, 8L)], levels.Select(l => (l.Channels, l.Reduction)));
        Assert.Equal($"[4, {high}, 2, 2]", Shape(model, "high.weight"));
        Assert.Equal($"[{low}, 1, 4, 4]", Shape(model, "body.conv.weight"));
    }

    [Fact]
    public void Each_architecture_initialises_its_own_modules()
    {
        var model = Of(Two).Instantiate("two_small")!;
        double Value(string name) => ((DoubleValue)model.Tensors().First(t => t.Name == name).Tensor.InitializerArguments["value"]).Number;
        Assert.Equal(2, Value("body.conv.weight"));
        Assert.Equal(3, Value("low.weight"));
    }

    [Fact]
    public void A_whole_architecture_is_a_module_as_well()
    {
        var model = Of("""
            arch: whole
            use: [body]
            input: image[B, 3, H, W]
            modules:
              body: body_wide(num_classes=5, norm=group_norm(groups=4))
              last: linear(5, 2)
            """).Instantiate("whole")!;
        Assert.Equal("[5, 64]", Shape(model, "body.fc.weight"));
        Assert.DoesNotContain(model.Tensors(), t => t.Name.EndsWith("running_mean", StringComparison.Ordinal));
    }

    [Fact]
    public void An_architecture_that_gives_a_list_has_its_tensors_as_levels()
    {
        const string Pyramid = """
            arch: pyramid
            use: [body]
            input: image[B, 3, H, W]
            modules:
              body: body_small.features(out_indices=[-2, -1])
              side: { repeat: len(body.channels), as: i, block: "conv2d(body.channels[i], 4, 1)" }
            forward: |
              outs = [];
              c = body(image);
              for (int i = 0; i < len(c); i++) outs = [..outs, side[i](c[i])];
              return outs;
            """;
        var files = new[] { ("body.arch.yaml", Body), ("pyramid.arch.yaml", Pyramid), ("top.arch.yaml", """
            arch: top
            use: [pyramid]
            input: image[B, 3, H, W]
            modules:
              base: pyramid.features(out_indices=[1])
              last: conv2d(base.channels[0], base.reductions[0], 1)
            forward: |
              p = base(image);
              return last(p[0]);
            """) };
        var project = new Project(files.Select(f => (f.Item1, f.Item2.ReplaceLineEndings("\n"))));
        project.Check();
        Assert.Empty(project.Diagnostics.Items);
        Assert.Equal([("side.0", 4L, 8L), ("side.1", 4L, 16L)], project.Instantiate("pyramid")!.Features.Select(f => (f.Path, f.Channels, f.Reduction)));
        Assert.Equal("[16, 4, 1, 1]", Shape(project.Instantiate("top")!, "last.weight"));
        Assert.Contains(project.Instantiate("top")!.Tensors(), t => t.Name == "base.body.layers.2.downsample.weight");
    }

    [Theory]
    [InlineData("resnet.features(out_indices=[0])", "5:9 NOTO0101 'resnet' is no block in scope. Is its library or architecture in use:?")]
    [InlineData("body_smal.features(out_indices=[0])", "5:9 NOTO0101 'body_smal' is no block in scope. Did you mean 'body_small'?")]
    [InlineData("conv2d.features(out_indices=[0])", "5:9 NOTO0104 'conv2d' is a block; only an architecture has '.features'.")]
    [InlineData("body_small.feature(out_indices=[0])", "5:9 NOTO0007 Expected a module: a block with arguments, a conditional 'c ? a : b' of such, or 'none'. The levels of an architecture are body_small.features(..).")]
    [InlineData("body_small.features(out_indices=[0, 3])", "5:9 NOTO0103 body_small.features has no level 3; they are 0 (layers.0), 1 (layers.1), 2 (layers.2), and -1 is the last.")]
    [InlineData("body_small.features(out_indices=[2, -1])", "5:9 NOTO0103 out_indices asks twice for level 2 (layers.2).")]
    [InlineData("body_small.features(depth=[2, -1])", "5:29 NOTO0103 body_small.features has no parameter 'depth'; it is body_small.features(")]
    public void A_mistake_in_the_application_is_found_at_its_place(string application, string expected)
        => Assert.Contains(Findings($"""
            arch: wrong
            use: [body]
            input: image[B, 3, H, W]
            modules:
              body: "{application}"
            forward: return body(image);
            """.Replace(": \"", ": ", StringComparison.Ordinal).Replace("\"\n", "\n", StringComparison.Ordinal)), found => found.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void Levels_are_known_after_the_trunk_only()
        => Assert.Contains("5:15 NOTO0101 'body.channels' is known to modules that stand after 'body', which must be the trunk of an architecture. body: resnet50.features(..)", Findings("""
            arch: wrong
            use: [body]
            input: image[B, 3, H, W]
            modules:
              low: conv2d(body.channels[0], 4, 1)
              body: body_small.features(out_indices=[0])
            forward: return low(body(image));
            """));

    [Fact]
    public void An_architecture_cannot_contain_itself()
    {
        var project = new Project([("a.arch.yaml", Chain("a", "b")), ("b.arch.yaml", Chain("b", "a"))]);
        Assert.Equal(
            ["a.arch.yaml(2,7): error NOTO0106: An architecture cannot contain itself: a -> b -> a. Name the blocks that both need in a library.",
             "b.arch.yaml(2,7): error NOTO0106: An architecture cannot contain itself: b -> a -> b. Name the blocks that both need in a library."],
            project.Diagnostics.Items.Select(d => d.ToString()));
        project.Check();

        static string Chain(string name, string other) => $"arch: {name}\nuse: [{other}]\ninput: x[B, C]\nmodules:\n  inner: {other}\n";
    }

    private static Project Of(string yaml)
    {
        var project = new Project([("body.arch.yaml", Body.ReplaceLineEndings("\n")), ("net.arch.yaml", yaml.ReplaceLineEndings("\n"))]);
        Assert.Empty(project.Diagnostics.Items);
        return project;
    }

    private static string Shape(ModelInstance model, string name)
        => $"[{string.Join(", ", model.Tensors().First(t => t.Name == name).Tensor.Shape.Axes.Select(a => a.Value))}]";

    private static List<string> Findings(string yaml)
    {
        var project = new Project([("body.arch.yaml", Body.ReplaceLineEndings("\n")), ("net.arch.yaml", yaml.ReplaceLineEndings("\n"))]);
        project.Check();
        return [.. project.Diagnostics.Items.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Span.Line}:{d.Span.Column} {d.Rule.Id} {d.Message}{(d.Suggestion is null ? "" : " " + d.Suggestion)}"))];
    }
}
