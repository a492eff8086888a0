using Microsoft.CodeAnalysis;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Tests.Pipeline;

/// <summary>Findings reach the build with their places.</summary>
public class FindingsTests
{
    private const string Good = """
        arch: good
        params: { dim: 8 }
        input: x[B, dim]
        variants: { good_one: {} }
        stem: { fc: "linear(dim, dim)" }
        """;

    [Fact]
    public void AFindingHasTheFileLineAndColumn()
    {
        const string text = """
            arch: broken
            params: { dim: 8 }
            input: x[B, dim]
            stem: { fc: "liner(dim, dim)" }
            """;
        var found = Assert.Single(Run(("folder/broken.arch.yaml", text), ("folder/good.arch.yaml", Good)).Diagnostics);
        Assert.Equal("NOTO0101", found.Id);
        Assert.StartsWith("folder/broken.arch.yaml(4,14): error NOTO0101: ", found.ToString(), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'linear'?", found.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenFileGivesNothingAndTheOthersEverything()
    {
        var result = Run(("broken.arch.yaml", Good.Replace("dim, dim)", "dim, 3 * )", StringComparison.Ordinal)), ("good.arch.yaml", Good));
        Assert.Equal(["Backbones.g.cs", "Good.g.cs"], result.GeneratedSources.Select(s => s.HintName).Order(StringComparer.Ordinal));
        Assert.NotEmpty(result.Diagnostics);
    }

    [Fact]
    public void AWarningDoesNotStopTheFile()
    {
        var result = Run(("good.arch.yaml", Good + "\nmodules: { spare: \"linear(dim, dim)\" }\nforward: return fc(x);"));
        Assert.Equal("NOTO0110", Assert.Single(result.Diagnostics).Id);
        Assert.Equal(DiagnosticSeverity.Warning, result.Diagnostics[0].Severity);
        Assert.Contains(result.GeneratedSources, s => s.HintName == "Good.g.cs");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\t")]
    [InlineData("arch: [")]
    [InlineData("arch: x\narch: y")]
    [InlineData("block: f(int")]
    [InlineData("arch: a\ninput: x[B]\nforward: return x;\nvariants: { a: { nope: 1 } }")]
    [InlineData("arch: a\ninput: x[B]\nparams: { n: 0 }\ndefine: { m: 1 / n }\nstem: { fc: \"linear(m, m)\" }")]
    [InlineData("arch: class\ninput: x[B]\nforward: return x;")]
    public void NoTextMakesTheGeneratorFail(string text)
    {
        var result = Run(("odd.arch.yaml", text));
        Assert.Null(result.Exception);
        Assert.DoesNotContain(result.Diagnostics, d => d.Id == Rules.Internal.Id);
    }

    [Fact]
    public void EveryRuleIsInTheReleaseNotesOfTheAnalyzer()
    {
        var notes = File.ReadAllText(Path.Combine(Harness.Repository, "Generators", "AnalyzerReleases.Shipped.md"));
        Assert.All(Rules.All, r => Assert.Contains($"{r.Id} | Notochord | {r.Severity} | {r.Title}", notes, StringComparison.Ordinal));
        Assert.Equal(Rules.All.Count, notes.Split('\n').Count(l => l.StartsWith("NOTO", StringComparison.Ordinal)));
    }

    private static GeneratorRunResult Run(params (string Path, string Text)[] files)
        => Harness.Driver(files).RunGenerators(Harness.Empty).GetRunResult().Results[0];
}
