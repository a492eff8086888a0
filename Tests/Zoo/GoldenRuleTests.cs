using Notochord.Parity;

namespace Notochord.Zoo.Tests;

/// <summary>The rule that weights follow from, without torch.</summary>
public sealed class GoldenRuleTests
{
    [Fact]
    public void Key_is_the_fnv_hash_of_the_name()
    {
        // The published test vectors of 64-bit FNV-1a.
        Assert.Equal(0xCBF29CE484222325, GoldenRule.Key(""));
        Assert.Equal(0xAF63DC4C8601EC8C, GoldenRule.Key("a"));
        Assert.Equal(0x85944171F73967E8, GoldenRule.Key("foobar"));
    }

    [Theory]
    [InlineData("blocks.0.norm.bias", true, -0.1, 0.1)]
    [InlineData("blocks.0.norm.weight", true, 0.8, 1.2)]
    [InlineData("gamma", true, 0.8, 1.2)]
    [InlineData("bn1.running_mean", false, -0.1, 0.1)]
    [InlineData("bn1.running_var", false, 1.0, 1.5)]
    public void Vectors_spread_by_their_last_name(string name, bool isParameter, double low, double high)
    {
        var values = GoldenRule.State(name, [4096], isParameter)!;
        Assert.All(values, v => Assert.InRange(v, low - 1e-6, high + 1e-6));
        Assert.InRange(values.Min(), low, low + (0.01 * (high - low)));
        Assert.InRange(values.Max(), high - (0.01 * (high - low)), high);
    }

    [Fact]
    public void Matrices_spread_by_their_fan_in_and_other_tensors_by_a_fifth()
    {
        var bound = Math.Sqrt(3.0 / (3 * 16 * 16));
        Assert.InRange(GoldenRule.State("proj.weight", [8, 3, 16, 16], true)!.Max(), 0.99 * bound, bound);
        Assert.InRange(GoldenRule.State("pos_embed", [1, 197, 192], true)!.Max(), 0.199, 0.2);
        Assert.Null(GoldenRule.State("bn1.num_batches_tracked", [], false));
    }

    [Fact]
    public void Numbers_do_not_depend_on_how_the_work_is_divided()
    {
        var many = GoldenRule.Input("input", 200_000);
        Assert.Equal(many.Take(100), GoldenRule.Input("input", 100));
        Assert.Equal(many.Length, many.Distinct().Count(), 4000.0);
    }

    /// <summary>The first element of ViT's patch embedding, by hand: weights, bias and image must all be the reference's.</summary>
    [GoldenFact]
    public void First_number_of_a_reference_follows_from_the_rule()
    {
        var golden = GoldenReader.Read(Shared.Goldens!, "vit_tiny_patch16_224");
        var image = GoldenRule.Input(golden.InputKey, 2 * 3 * 224 * 224);
        var weight = GoldenRule.State("patch_embed.proj.weight", [192, 3, 16, 16], true)!;
        double sum = GoldenRule.State("patch_embed.proj.bias", [192], true)![0];
        for (var c = 0; c < 3; c++)
        {
            for (var y = 0; y < 16; y++)
            {
                for (var x = 0; x < 16; x++) sum += (double)weight[(((c * 16) + y) * 16) + x] * image[(((c * 224) + y) * 224) + x];
            }
        }

        Assert.Equal(golden.Trace.First(t => t.Module == "patch_embed.proj").First[0], sum, 1e-6);
    }
}
