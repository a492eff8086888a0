using Notochord.Dsl.Cost;

namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Architectures that are a block: <c>is: name</c>.</summary>
public class ArchitectureOfABlockTests
{
    private const string Library = """
        block: inner(int dim)
        input: x[B, N, dim]
        output: "[B, N, dim]"
        modules:
          fc: linear(dim, dim)
        ---
        block: pair(int dim, double slope, bool two = true, block act = relu)
        doc: Two maps.
        input: x[B, N, dim]
        output: "[B, N, dim], [B, N]"
        modules:
          a: inner(dim)
          act: act
        forward: |
          y = act(a(x)) * slope;
          if (two) return (y, sum(y, 2));
          return (y, sum(x, 2));
        """;

    [Fact]
    public void It_has_the_names_the_cost_and_the_results_of_the_block()
    {
        var project = Of("is: pair\nparams: { dim: 8, slope: 2 }\nvariants: { net_small: {}, net_wide: { dim: 16 } }");
        project.Check();
        Assert.Empty(project.Diagnostics.Items.Select(d => d.ToString()));
        var model = project.Instantiate("net_wide")!;
        var cost = CostModel.Measure(model, 2, new Dictionary<string, long> { ["N"] = 5 });
        Assert.Equal(["a"], cost.Children.Where(c => c.Parameters > 0).Select(c => c.Name));
        Assert.Equal((16 * 16) + 16, cost.Parameters);
        Assert.Equal(2 * 5 * 16 * 16, cost.Macs);
        Assert.Equal(["2, 5, 16", "2, 5"], cost.Outputs.Select(o => string.Join(", ", o)));
    }

    [Theory]
    [InlineData("is: pairs\nparams: { dim: 8, slope: 2 }", "'pairs' is no block in scope. Did you mean 'pair'?")]
    [InlineData("is: pair\nparams: { dim: 8 }", "'slope' of pair has no value. params: slope: ..")]
    [InlineData("is: pair\nparams: { dim: 8, slope: 2, act: gelu, bias: true }", "'bias' is no parameter; there are dim, slope, two, act.")]
    [InlineData("is: pair\nparams: { dim: 8, slope: 2, two: 1 }", "'two' is a bool; found the int 1.")]
    [InlineData("is: pair\nparams: { dim: 8, slope: 2 }\nforward: return x;", "An architecture that is a block has no 'forward' of its own. Write it in the block, or apply the block in modules:.")]
    [InlineData("is: pair(8, 2)", "Expected the name of a block; found 'pair(8, 2)'. Its parameters are set by params:.")]
    [InlineData("params: { dim: 8 }", "An architecture needs 'input': the contract of its input.")]
    public void A_mistake_is_explained(string body, string expected)
    {
        var project = Of(body);
        project.Check();
        Assert.Contains(expected, project.Diagnostics.Items.Select(d => d.Message + (d.Suggestion is null ? "" : " " + d.Suggestion)));
    }

    private static Project Of(string body) => new([("parts.blocks.yaml", Library.ReplaceLineEndings("\n")), ("net.arch.yaml", $"arch: net\nuse: [parts]\n{body}\n")]);
}
