using Notochord.Dsl.Ir;
using Notochord.Execution;
using static TorchSharp.torch;

namespace Notochord.Zoo.Tests;

/// <summary>Models without a golden beside the counts that their authors publish, and what must hold of their outputs.</summary>
public sealed class PublishedParameterTests
{
    // Variant, a parameter set beside, its value, published count, where.
    private static readonly (string Variant, (string Name, long Value)? Set, long Count, string Source)[] Table =
    [
        ("maxim_s1", ("num_supervision_scales", 1), 6_108_515, "google-research/maxim, Model()"),
        ("maxim_s2", ("num_supervision_scales", 1), 13_353_830, "google-research/maxim, Model()"),
        ("maxim_s3", ("num_supervision_scales", 1), 20_599_145, "google-research/maxim, Model()"),
        ("maxim_m1", ("num_supervision_scales", 1), 19_361_219, "google-research/maxim, Model()"),
        ("maxim_m2", ("num_supervision_scales", 1), 40_839_110, "google-research/maxim, Model()"),
        ("maxim_m3", ("num_supervision_scales", 1), 62_317_001, "google-research/maxim, Model()"),
        ("hg2", null, 6_730_912, "bearpaw/pytorch-pose: 6.73 M"),
        ("hg8", null, 25_594_624, "bearpaw/pytorch-pose: 25.59 M"),
        ("unet_resnet34", null, 24_436_369, "segmentation_models.pytorch, Unet"),
        ("unet_resnet50", null, 32_521_105, "segmentation_models.pytorch, Unet"),
        ("upernet_swin_tiny", null, 59_941_862, "mmsegmentation: 59.94 M, with the auxiliary head"),
        ("retinanet_resnet50_fpn", null, 34_014_999 + 53_120, "torchvision, whose frozen norms have buffers for their scales and shifts"),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Parameters_are_the_published_ones(int row)
    {
        var (variant, set, count, source) = Table[row];
        var values = set is var (name, value) ? new Dictionary<string, Value> { [name] = new IntValue(value) } : [];
        var found = Shared.Project.Instantiate(variant, values)!.ParameterCount;
        Assert.True(found == count, $"{variant}: {found}, not {count} ({source})");
    }

    /// <summary>Supervision at three scales, as in the paper's table 9 (14.1 M and 22.2 M).</summary>
    [Theory]
    [InlineData("maxim_s2", 14.1)]
    [InlineData("maxim_s3", 22.2)]
    public void Parameters_are_those_of_the_paper(string variant, double millions)
        => Assert.InRange(Shared.Project.Instantiate(variant)!.ParameterCount / 1e6, millions, millions + 0.1);

    [Fact]
    public void What_is_supervised_ends_with_the_output()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var model = new ExecutedBackbone(Shared.Project.Instantiate("maxim_s2", new Dictionary<string, Value> { ["features"] = new IntValue(8) })!);
        var image = rand(1, 3, 64, 128);
        model.eval();
        var output = Assert.Single(model.ForwardOutputs(image));
        model.train();
        var outputs = model.ForwardOutputs(image);
        long[][] sizes = [[16, 32], [32, 64], [64, 128]];
        Assert.Equal([.. sizes, .. sizes], outputs.Select(o => (long[])[.. o.shape[2..]]));
        // Nothing of it is random and nothing learns from the batch.
        Assert.True(outputs[^1].allclose(output, atol: 1e-6));
        Assert.True(model.Forward(image).allclose(output, atol: 1e-6));
    }
}
