using Notochord.Architectures;
using Notochord.Execution;
using Notochord.Parity;
using static TorchSharp.torch;

namespace Notochord.Zoo.Tests;

/// <summary>Models cut to their features, beside what timm says of them (<c>create_model(name, features_only=True).feature_info</c>).</summary>
public sealed class FeaturesTests
{
    /// <summary>Name, and for each level the module, its channels and its reduction.</summary>
    public static TheoryData<string, string[], int[], int[]> Published => new()
    {
        { "resnet18", ["act1", "layer1", "layer2", "layer3", "layer4"], [64, 64, 128, 256, 512], [2, 4, 8, 16, 32] },
        { "resnet50", ["act1", "layer1", "layer2", "layer3", "layer4"], [64, 256, 512, 1024, 2048], [2, 4, 8, 16, 32] },
        { "mobilenetv2_100", ["blocks.0", "blocks.1", "blocks.2", "blocks.4", "blocks.6"], [16, 24, 32, 96, 320], [2, 4, 8, 16, 32] },
        { "efficientnet_b0", ["blocks.0", "blocks.1", "blocks.2", "blocks.4", "blocks.6"], [16, 24, 40, 112, 320], [2, 4, 8, 16, 32] },
        { "convnext_atto", ["stages.0", "stages.1", "stages.2", "stages.3"], [40, 80, 160, 320], [4, 8, 16, 32] },
        { "swin_tiny_patch4_window7_224", ["layers.0", "layers.1", "layers.2", "layers.3"], [96, 192, 384, 768], [4, 8, 16, 32] },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Levels_are_those_that_timm_gives(string name, string[] modules, int[] channels, int[] reductions)
    {
        using var model = Backbones.Create(name, features_only: true);
        Assert.Equal(modules, model.Info.Features.Select(f => f.Name));
        Assert.Equal(channels, model.Info.Features.Select(f => f.Channels));
        Assert.Equal(reductions, model.Info.Features.Select(f => f.Reduction));
        using var image = zeros([1, 3, 224, 224]);
        foreach (var level in model.Eval().ForwardFeatures(image))
        {
            Assert.Equal([1, level.Channels, 224 / level.Reduction, 224 / level.Reduction], level.Tensor.shape);
            level.Dispose();
        }
    }

    [Theory]
    [InlineData("resnet18", new long[] { 1, -2 }, "layer4", "fc")]
    [InlineData("mobilenetv2_035", new long[] { 3 }, "blocks.5", "conv_head")]
    [InlineData("swin_s3_tiny_224", new long[] { 0, 2 }, "layers.3", "head")]
    [InlineData("vit_tiny_patch16_224", new long[] { 2, 5 }, "blocks.6", "norm")]
    [InlineData("mit_b0", new long[] { 0, 1 }, "block3", "patch_embed3")]
    public void What_lies_behind_the_last_level_is_gone_and_the_rest_is_unchanged(string name, long[] outIndices, string gone, string alsoGone)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var whole = Backbones.Create(name).Eval();
        var cut = Backbones.Create(name, features_only: true, out_indices: outIndices).Eval();
        var executed = ((Backbone)new ExecutedBackbone(Shared.Project.Instantiate(name)!)).FeaturesOnly(outIndices).Eval();
        var names = cut.state_dict().Keys.ToHashSet();
        Assert.Equal(names.Order(StringComparer.Ordinal), executed.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(names, n => n.StartsWith(gone + ".", StringComparison.Ordinal) || n.StartsWith(alsoGone + ".", StringComparison.Ordinal));
        Assert.Contains(whole.state_dict().Keys, n => n.StartsWith(gone + ".", StringComparison.Ordinal));
        Assert.Subset(whole.state_dict().Keys.ToHashSet(), names);
        Assert.Equal(outIndices.Length, cut.Info.Features.Length);
        Assert.Equal(cut.Info.Features.AsEnumerable(), executed.Info.Features);

        foreach (var model in new[] { whole, cut, executed }) ModelFill.ByRule(model);
        var image = ModelFill.TensorOf(GoldenRule.Input("input", 3 * 224 * 224), [1, 3, 224, 224]);
        var expected = whole.ForwardFeatures(image, [.. outIndices.Select(i => (int)i)]);
        foreach (var model in new[] { cut, executed })
        {
            var found = model.ForwardFeatures(image);
            Assert.Equal(expected.Select(f => f.Name), found.Select(f => f.Name));
            foreach (var (e, f) in expected.Zip(found)) Assert.InRange(f.Tensor.sub(e.Tensor).abs().max().item<float>(), 0, 1e-4f * (1 + e.Tensor.std().item<float>()));
        }
    }

    [Fact]
    public void A_cut_model_says_that_it_has_no_output()
    {
        using var model = Backbones.Create("resnet18", features_only: true);
        using var image = zeros([1, 3, 64, 64]);
        Assert.Contains("call ForwardFeatures", Assert.Throws<InvalidOperationException>(() => model.Forward(image)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet5", false, null, null, "Did you mean 'resnet50'?")]
    [InlineData("swin_tiny", false, null, null, "those that begin with 'swin' are swin_base_patch4_window12_384")]
    [InlineData("resnet18", true, 5L, null, "resnet18 has the levels 0 (act1), 1 (layer1), 2 (layer2), 3 (layer3), 4 (layer4); -1 is the last.")]
    [InlineData("resnet18", false, 1L, null, "say features_only: true as well")]
    [InlineData("resnet18", false, null, 256L, "resnet18 has no img_size; it takes num_classes, in_chans.")]
    public void A_mistake_in_creation_says_what_there_is(string name, bool featuresOnly, long? level, long? size, string expected)
    {
        var mistake = Assert.ThrowsAny<ArgumentException>(() => Backbones.Create(
            name, img_size: size is { } s ? [s] : null, features_only: featuresOnly, out_indices: level is { } l ? [l] : null));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }
}
