using Notochord.Dsl.Cost;

namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Inputs of any axes: which sizes they have where nobody says, and what is known of levels that are no images.</summary>
public class SizesTests
{
    private const string Clip = """
        arch: net
        params: { dim: 8, frames: 16, half: 2 }
        input: clip[B, 3, T, H, W]
        sizes: { T: frames, H: 56 * half, W: 112 }
        variants: { net_long: { frames: 32 } }
        modules:
          embed: tubelets(dim)
          turn: channels_last
          tokens: tokens
        features: [embed, turn, tokens]
        ---
        block: tubelets(int dim)
        input: x[B, C, T * 2, H * 4, W * 4]
        modules: { proj: "linear(96, dim)" }
        forward: return rearrange(proj(rearrange(x, "b c (t p) (h q) (w r) -> b t h w (c p q r)", p=2, q=4, r=4)), "b t h w d -> b d t h w");
        ---
        block: channels_last
        input: x[B, C, T, H, W]
        forward: return rearrange(x, "b c t h w -> b t h w c");
        ---
        block: tokens
        input: x[B, T, H, W, C]
        forward: return rearrange(x, "b t h w c -> b (t h w) c");
        """;

    private const string Sequence = """
        arch: net
        params: { dim: 32 }
        input: x[B, N, dim]
        modules:
          fc: linear(dim, 2 * dim)
          halve: halve
          turn: turn
        features: [fc, halve, turn]
        ---
        block: halve
        input: x[B, N * 2, C]
        forward: return rearrange(x, "b (n two) c -> b n (two c)", two=2);
        ---
        block: turn
        input: x[B, N, C]
        forward: return rearrange(x, "b n c -> b c n");
        """;

    [Theory]
    [InlineData("net", new long[] { 1, 3, 16, 112, 112 })]
    [InlineData("net_long", new long[] { 1, 3, 32, 112, 112 })]
    public void Declared_sizes_follow_the_parameters(string variant, long[] expected) => Assert.Equal(expected, Declarations.Net(Clip).Instantiate(variant)!.InputSizes());

    [Fact]
    public void What_is_given_stands_before_what_is_declared()
    {
        var model = Declarations.Net(Clip).Instantiate("net")!;
        var given = new Dictionary<string, long> { ["T"] = 4, ["W"] = 8 };
        Assert.Equal([5, 3, 4, 112, 8], model.InputSizes(5, given));
        Assert.Equal([5, 1 * 2 * 28 * 2, 8], CostModel.Measure(model, 5, given).Outputs[0]);
    }

    [Fact]
    public void Levels_of_clips_have_a_stride_for_each_axis()
    {
        var levels = Declarations.Net(Clip).Instantiate("net")!.Features;
        Assert.Equal([(8L, 4L, "2x4x4"), (8L, 4L, "2x4x4"), (8L, 0L, "0")], levels.Select(f => (f.Channels, f.Reduction, f.Strides)));
        Assert.Equal([(true, false), (true, true), (false, false)], levels.Select(f => (f.IsMap, f.ChannelsLast)));
        Assert.Equal([2L, 4, 4], levels[1].Reductions);
    }

    [Fact]
    public void Levels_of_sequences_have_a_stride_and_their_channels_where_they_stand()
    {
        var levels = Declarations.Net(Sequence).Instantiate("net")!.Features;
        Assert.Equal([(64L, 1L), (128L, 2L)], levels.Take(2).Select(f => (f.Channels, f.Reduction)));
        Assert.Equal([false, false, true], levels.Select(f => f.IsMap));
        Assert.Equal((128L, 2L), (levels[2].Channels, levels[2].Reduction));
    }

    [Fact]
    public void A_size_that_nobody_gives_is_said_with_its_remedy()
    {
        var model = Declarations.Net(Sequence).Instantiate("net")!;
        Assert.Equal("'N' of the input x[B, N, dim] of net has no size: give --size N=196, or declare `sizes: { N: 196 }`.", model.FindInputSizes().Problem);
        Assert.Equal("net takes x[B, N, dim], which has no size 'M'; its sizes are B, N.", model.FindInputSizes(1, new Dictionary<string, long> { ["M"] = 1 }).Problem);
        Assert.Throws<ArgumentException>(() => CostModel.Measure(model));
    }

    [Fact]
    public void An_input_without_a_batch_has_none()
    {
        var model = Declarations.Net("arch: net\ninput: table[N, C]\nsizes: { N: 5, C: 3 }\nforward: return relu(table);").Instantiate("net")!;
        Assert.Equal([5, 3], model.InputSizes());
        Assert.Equal("The input table[N, C] of net has no batch; 2 is none of its sizes.", model.FindInputSizes(2).Problem);
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { "sizes: { S: 3 }", "3:10 NOTO0101 'S' is no size that the input brings; they are B, T, H, W." },
        { "sizes: { Tt: 3 }", "3:10 NOTO0101 'Tt' is no size that the input brings; they are B, T, H, W. Did you mean 'T'?" },
        { "sizes: { dim: 3 }", "3:10 NOTO0101 'dim' is no size that the input brings; they are B, T, H, W." },
        { "sizes: { T: 1.5 }", "3:13 NOTO0104 The size of 'T' is int; found double." },
        { "sizes: { T: H }", "3:13 NOTO0101 'H' is no" },
        { "sizes: { T: dim - 8 }", "3:13 NOTO0107 'T' has no size: a size is 1 or more; found 0." },
        { "sizes: { T: dim / 0 }", "3:13 NOTO0107 'T' has no size: division by zero." },
        { "sizes: [3]", "3:8 NOTO0004" },
        { "sizes: { T: 3, H: 8, W: 8 }", "NOTO0204" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistakes_have_their_places(string sizes, string expected) => Assert.Contains(
        Declarations.Findings($$"""
            arch: net
            params: { dim: 8 }
            {{sizes}}
            input: clip[B, 3, T, H, W]
            forward: return rearrange(clip, "b c (t two) h w -> b c t (two h) w", two=2);
            """),
        f => f.Contains(expected, StringComparison.Ordinal));
}
