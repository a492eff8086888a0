using Notochord.Dsl;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Differential.Tests;

/// <summary>A trunk called level by level gives its levels, in both implementations, and lets a model do something in between.</summary>
public sealed class LevelByLevelTests
{
    private const string Body = """
        arch: body
        params: { in_chans: 3, num_classes: 10, dim: 4, depth: 2 }
        input: image[B, in_chans, H, W]
        stem:
          conv: conv2d(in_chans, dim, 3, padding=1)
          act: relu
        stages:
          name: layer{i + 1}
          count: 3
          as: i
          flat: true
          depth: depth
          index: j
          block: "conv2d(dim, dim, 3, stride=j == 0 ? 2 : 1, padding=1)"
        head:
          pool: global_avg_pool
          fc: linear(dim, num_classes)
        features: act, stages
        """;

    private const string Net = """
        arch: net
        use: [body]
        params: { in_chans: 3, backbone: body, scale: 0.0 }
        input: image[B, in_chans, H, W]
        modules:
          nets: { repeat: 2, as: i, block: "backbone.features(out_indices=[0, 2, 3], in_chans=in_chans)" }
          mix: { repeat: 2, as: i, block: "conv2d(nets.channels[i + 1], nets.channels[i], 1)" }
        forward: |
          c = nets[0](image);
          x = nets[1][0](image);
          outs = [x];
          for (int i = 1; i < len(c); i++) {
            x = nets[1][i](x + scale * interpolate(mix[i - 1](c[i]), [x.shape[2], x.shape[3]], "nearest"));
            outs = [..outs, x];
          }
          return outs;
        """;

    private const string Whole = """
        arch: whole
        use: [body]
        params: { in_chans: 3, backbone: body }
        input: image[B, in_chans, H, W]
        modules:
          net: backbone.features(out_indices=[0, 2, 3], in_chans=in_chans)
        forward: return net(image);
        """;

    [Fact]
    public void Its_levels_are_those_of_the_whole()
    {
        using var scope = NewDisposeScope();
        var declarations = Declarations(Net);
        var generated = new GeneratedModels(declarations);
        var project = Checked(declarations);
        var whole = generated.Create("whole");
        var image = rand(2, 3, 16, 16);
        foreach (var model in new[] { generated.Create("net"), new ExecutedBackbone(project.Instantiate("net")!) })
        {
            CopyTo(model, whole, "nets.1.", "net.");
            var expected = whole.ForwardFeatures(image);
            var found = model.ForwardFeatures(image);
            Assert.Equal(expected.Count, found.Count);
            for (var i = 0; i < found.Count; i++) Assert.True(expected[i].Tensor.allclose(found[i].Tensor), $"{model.GetType().Name}, level {i}");
        }
    }

    [Fact]
    public void Both_do_the_same_in_between()
    {
        using var scope = NewDisposeScope();
        var declarations = Declarations(Net.Replace("scale: 0.0", "scale: 2.0", StringComparison.Ordinal));
        var generated = new GeneratedModels(declarations).Create("net");
        var executed = new ExecutedBackbone(Checked(declarations).Instantiate("net")!);
        CopyTo(generated, executed, "", "");
        var image = rand(2, 3, 17, 19);
        var (expected, found) = (executed.ForwardOutputs(image), generated.ForwardOutputs(image));
        for (var i = 0; i < 3; i++) Assert.True(expected[i].allclose(found[i], atol: 1e-6), $"level {i}");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        foreach (var y in generated.ForwardOutputs(image)) y.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Channels_may_be_last_inside()
    {
        using var scope = NewDisposeScope();
        const string last = """
            arch: body
            params: { in_chans: 3, num_classes: 10, dim: 4 }
            input: image[B, in_chans, H, W]
            stem:
              embed: to_tokens(in_chans, dim)
            stages:
              name: layers
              count: 3
              as: i
              depth: 1
              block: [layer_norm(dim), "linear(dim, dim)"]
            head:
              fc: linear(dim, num_classes)
            features: embed, layers
            ---
            block: to_tokens(int in_dim, int dim)
            input: x[B, in_dim, H, W]
            output: "[B, _, _, dim]"
            modules:
              proj: conv2d(in_dim, dim, 2, stride=2)
            forward: return rearrange(proj(x), "b c h w -> b h w c");
            """;
        (string, string)[] declarations = [("body.arch.yaml", last), ("net.arch.yaml", Net), ("whole.arch.yaml", Whole)];
        var whole = new GeneratedModels(declarations).Create("whole");
        var image = rand(2, 3, 16, 16);
        foreach (var model in new[] { new GeneratedModels(declarations).Create("net"), new ExecutedBackbone(Checked(declarations).Instantiate("net")!) })
        {
            CopyTo(model, whole, "nets.1.", "net.");
            var (expected, found) = (whole.ForwardFeatures(image), model.ForwardFeatures(image));
            for (var i = 0; i < found.Count; i++) Assert.True(expected[i].Tensor.allclose(found[i].Tensor), $"{model.GetType().Name}, level {i}");
        }
    }

    [Theory]
    [InlineData("nets[1][3](image)", "there is no level 3; the trunk has 3, from 0")]
    [InlineData("nets[1][-1](image)", "there is no level -1; the trunk has 3, from 0")]
    public void What_is_no_level_is_said(string call, string expected)
    {
        var project = new Project(Declarations(Net.Replace("nets[1][0](image)", call, StringComparison.Ordinal)));
        project.Check();
        Assert.Contains(project.Diagnostics.Items, d => d.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_trunk_that_does_more_between_its_levels_cannot_be_taken_apart()
    {
        var body = Body.Replace("features: act, stages", "forward: |\n  x = act(conv(image));\n  for (int i = 0; i < 3; i++) x = layers[i](x) * 2;\n  return fc(pool(x));\nfeatures: act, stages", StringComparison.Ordinal);
        var project = new Project([("body.arch.yaml", body.Replace("layers[i]", "stages[i]", StringComparison.Ordinal)), ("net.arch.yaml", Net)]);
        project.Check();
        Assert.Contains(project.Diagnostics.Items, d => d.ToString().Contains("it does more on the way to level 1 than to call modules one after the other", StringComparison.Ordinal));
    }

    private static (string Path, string Text)[] Declarations(string net) => [("body.arch.yaml", Body), ("net.arch.yaml", net), ("whole.arch.yaml", Whole)];

    private static Project Checked((string Path, string Text)[] declarations)
    {
        var project = new Project(declarations);
        project.Check();
        Assert.True(project.Diagnostics.Items.Count == 0, string.Join('\n', project.Diagnostics.Items.Take(20)));
        return project;
    }

    private static void CopyTo(Backbone from, Backbone to, string fromPrefix, string toPrefix)
    {
        using var guard = no_grad();
        var weights = from.named_parameters().ToDictionary(p => p.Item1, p => p.Item2);
        foreach (var (name, tensor) in to.named_parameters()) tensor.copy_(weights[fromPrefix + name[toPrefix.Length..]]);
    }
}
