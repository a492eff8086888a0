using Notochord.Architectures;
using Notochord.Dsl.Ir;
using Notochord.Execution;
using Notochord.Guards;
using Notochord.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Zoo.Tests;

/// <summary>Images that are not square, not divisible, or not what a model was made for: two implementations agree, or both refuse.</summary>
public sealed class SizeTests
{
    [Theory]
    [InlineData("resnet18", 97, 131)]
    [InlineData("resnet26d", 97, 131)]
    [InlineData("mobilenetv2_035", 75, 129)]
    [InlineData("convnext_atto", 71, 90)]
    [InlineData("convnextv2_atto", 71, 90)]
    [InlineData("swin_tiny_patch4_window7_224", 68, 92)]
    [InlineData("swin_s3_tiny_224", 128, 68)]
    [InlineData("swinv2_tiny_window8_256", 68, 92)]
    [InlineData("swinv2_cr_tiny_224", 92, 68)]
    [InlineData("twins_svt_small", 97, 131)]
    [InlineData("hieradet_small", 96, 160)]
    [InlineData("dinat_mini", 96, 75)]
    [InlineData("dinat_s_tiny", 100, 64)]
    [InlineData("hornet_tiny_gf", 97, 131)]
    [InlineData("transnext_micro", 256, 192)]
    [InlineData("overlock_xt", 128, 192)]
    [InlineData("halonet26t", 256, 512)]
    [InlineData("tiny_moat_0", 96, 160)]
    [InlineData("lrnet26", 97, 131)]
    [InlineData("skipblocknet_xs", 97, 131)]
    [InlineData("mobilenetv3_small_050", 97, 131)]
    [InlineData("nasnetamobile", 97, 131)]
    [InlineData("quadtree_b0", 128, 96)]
    [InlineData("spformer_tiny", 64, 96)]
    public void Any_size_runs(string name, int height, int width) => AssertSame(name, null, height, width);

    /// <summary>Attention so sharp with these weights that single precision decides nothing: a noise of 1e-6 in the input moves the output by a hundredth.</summary>
    [Theory]
    [InlineData("s2aformer_t", 100, 131)]
    [InlineData("medvit_v2_tiny", 97, 131)]
    public void Any_size_runs_in_double_precision(string name, int height, int width) => AssertSame(name, null, height, width, ScalarType.Float64);

    /// <summary>Windows and positions are planned for the size that the model is made for, as the reference does; a border that makes no patch is cut off.</summary>
    [Theory]
    [InlineData("swin_tiny_patch4_window7_224", 96, 160)]
    [InlineData("swin_tiny_patch4_window7_224", 70, 101)]
    [InlineData("swinv2_cr_tiny_224", 96, 160)]
    [InlineData("maxvit_tiny_rw_224", 64, 128)]
    [InlineData("hiera_tiny_224", 128, 192)]
    [InlineData("nest_tiny", 112, 112)]
    [InlineData("nest_tiny_jx", 112, 112)]
    [InlineData("convit_tiny", 64, 96)]
    [InlineData("tnt_s_legacy_patch16_224", 64, 96)]
    [InlineData("vit_tiny_patch16_224", 48, 96)]
    [InlineData("vit_tiny_patch16_224", 55, 100)]
    [InlineData("vit_tiny_karat_g3b_patch16_224", 48, 96)]
    public void A_model_is_made_for_a_size(string name, int height, int width) => AssertSame(name, [height, width], height, width);

    [Theory]
    [InlineData("swin_tiny_patch4_window7_224", 225, 224)]
    [InlineData("maxvit_tiny_tf_224", 240, 224)]
    [InlineData("coatnet_0_rw_224", 256, 256)]
    [InlineData("vit_tiny_patch16_224", 224, 240)]
    [InlineData("vit_tiny_patch16_224", 112, 448)]
    [InlineData("transnext_micro", 100, 100)]
    [InlineData("halonet26t", 224, 224)]
    [InlineData("lsnet_t", 320, 320)]
    [InlineData("maformer_s", 256, 256)]
    [InlineData("drsformer_small", 30, 40)]
    [InlineData("quadtree_b0", 100, 100)]
    [InlineData("spformer_tiny", 60, 96)]
    public void Other_sizes_are_refused_where_the_reference_refuses_them(string name, int height, int width)
    {
        using var image = zeros([1, 3, height, width]);
        using var executed = Executed(name, null).Eval();
        Assert.Throws<ShapeGuardException>(() => executed.Forward(image));
    }

    [Theory]
    [InlineData("swin_tiny_patch4_window7_224", 225, 224, "embed.blocks.yaml")]
    [InlineData("maxvit_tiny_tf_224", 240, 224, "maxxvit.arch.yaml")]
    [InlineData("vit_tiny_patch16_224", 224, 240, "vit.arch.yaml")]
    [InlineData("transnext_micro", 100, 100, "transnext.arch.yaml")]
    [InlineData("halonet26t", 224, 224, "halonet.arch.yaml")]
    [InlineData("vit_tiny_patch16_224", 112, 448, "vit.arch.yaml")]
    public void Generated_code_refuses_them_too(string name, int height, int width, string where)
    {
        using var image = zeros([1, 3, height, width]);
        using var generated = Backbones.Create(name).Eval();
        var refused = Assert.Throws<ShapeGuardException>(() => generated.Forward(image));
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(string name, long[]? size, long height, long width, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var generated = Backbones.Create(name, img_size: size).Eval();
        using var executed = Executed(name, size).Eval();
        ModelFill.ByRule(generated);
        ModelFill.ByRule(executed);
        foreach (var model in new[] { generated, executed }) model.to(type);
        var image = ModelFill.TensorOf(GoldenRule.Input("input", 2 * 3 * height * width), [2, 3, height, width]).to_type(type);
        var (found, expected) = (generated.Forward(image), executed.Forward(image));
        Assert.Equal(1000, expected.size(1));
        AssertNear(found, expected, 1e-4f, 1e-3f);

        var levels = generated.ForwardFeatures(image);
        foreach (var (a, b) in levels.Zip(executed.ForwardFeatures(image)))
        {
            Assert.Equal(b.Tensor.shape, a.Tensor.shape);
            Assert.Equal(a.Channels, a.Tensor.size(1));
            Assert.InRange(a.Tensor.size(2), height / a.Reduction, (height / a.Reduction) + 1);
            AssertNear(a.Tensor, b.Tensor, 1e-3f, 1e-3f);
        }

        Assert.Equal(generated.Info.Features.Length, levels.Count);
    }

    private static void AssertNear(Tensor found, Tensor expected, float absolute, float relative)
    {
        static float Number(Tensor x) => x.to_type(ScalarType.Float32).item<float>();
        Assert.InRange(Number(found.sub(expected).abs().max()), 0, absolute + (relative * Number(expected.std())));
    }

    private static ExecutedBackbone Executed(string name, long[]? size)
    {
        var given = size is null ? new Dictionary<string, Value>() : new() { ["img_size"] = new ListValue([.. size.Select(s => (Value)new IntValue(s))]) };
        return new ExecutedBackbone(Shared.Project.Instantiate(name, given)!);
    }
}
