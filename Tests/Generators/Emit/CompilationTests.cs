using Microsoft.CodeAnalysis;

namespace Notochord.Generators.Tests.Emit;

/// <summary>What no snapshot shows: declarations whose code must compile without a warning.</summary>
public class CompilationTests
{
    /// <summary>The record of the parameters stands beside the class that private blocks are nested in; a block parameter may take lists.</summary>
    [Fact]
    public void Private_blocks_are_values_of_parameters() => AssertCompiles("net.arch.yaml", """
        arch: net
        params:
          in_chans: 3
          mixer: shift(scale=2)
        input: image[B, in_chans, H, W]
        variants:
          net_a: {}
          net_b: { mixer: "shift(scale=3)" }
        modules:
          mixer: mixer(in_chans, [2, 1])
        ---
        block: shift(int dim, int[] by, int scale)
        input: x[B, dim, H, W]
        forward: return roll(x, by, [2, 3]) * scale;
        """);

    [Fact]
    public void Types_are_taken_from_parameters_that_may_be_absent() => AssertCompiles("joint.blocks.yaml", """
        block: joint(int dim, bool bias)
        input: x[.., dim]
        parameters:
          q_bias: "bias ? zeros[dim] : none"
        forward: |
          if (bias) x = x + cat([q_bias, zeros([dim], like=q_bias)])[dim..];
          return x;
        """);

    /// <summary>The first instance proves that the channels are whole groups; the second needs the image's height to be.</summary>
    [Fact]
    public void Guards_of_every_instance_are_kept() => Assert.Equal(1, AssertCompiles("net.arch.yaml", """
        arch: net
        params:
          in_chans: 4
        input: image[B, in_chans, H, W]
        modules:
          by_channel: halves(in_chans, true)
          by_row: halves(in_chans, false)
        forward: return by_row(by_channel(image));
        ---
        block: halves(int dim, bool channels)
        input: x[B, dim, H, W]
        forward: |
          if (channels) x = rearrange(x, "b (two c) h w -> b (c two) h w", two=2);
          else x = rearrange(x, "b c (two h) w -> b c (h two) w", two=2);
          return x;
        """).Split("Guard.Divisible(x").Length - 1);

    private static string AssertCompiles(string path, string text)
    {
        Harness.Driver([(path, text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        return string.Concat(compilation.SyntaxTrees);
    }
}
