using Microsoft.CodeAnalysis;
using Notochord.Generators.Pipeline;
using Notochord.Tests;

namespace Notochord.Generators.Tests.Pipeline;

/// <summary>Classes with attributes become what files become.</summary>
public class AttributeTests
{
    private const string Yaml = """
        arch: net
        params: { dim: 8, num_classes: 4 }
        input: x[B, N, dim]
        variants: { net_small: { dim: 4 } }
        stem: { mix: private_mix(dim) }
        head: { head: "linear(dim, num_classes)" }
        ---
        block: private_mix(int dim)
        input: x[.., dim]
        output: "[.., dim]"
        modules: { fc: "linear(dim, dim)" }
        forward: return fc(x);
        """;

    private const string Classes = """
        using Notochord;
        namespace Mine;

        [Backbone("tiny", Input = "image[B, 3, H, W]")]
        [Param("int dim = 32, int[] depths = [2, 2], int num_classes = 10")]
        [Stem("patch_embed", "conv2d(3, dim, 4, stride=4)")]
        [Stages(Name = "stages", Count = "len(depths)", Depth = "depths[i]", Block = "conv2d(dim, dim, 3, padding=1)")]
        [Head("pool", "global_avg_pool()"), Head("fc", "linear(dim, num_classes)")]
        [Variant("tiny_wide", "dim = 64")]
        [Features("stages")]
        public partial class Tiny;

        [Architecture("net", Variant = "net_small", Params = "num_classes = 7")]
        public sealed partial class MyNet;
        """;

    [Fact]
    public void ClassesAreCompleted()
    {
        var result = Run(Classes, out var compilation);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
        var texts = result.Results[0].GeneratedSources.Where(s => s.HintName is "Mine.Tiny.g.cs" or "Mine.MyNet.g.cs" or "Backbones.g.cs").Select(s => s.SourceText.ToString());
        Snapshot.Verify(string.Join("\n", texts), extension: "cs");
    }

    [Fact]
    public void SizesOfTheInputAreDeclared()
    {
        const string text = """
            using Notochord;
            namespace Mine;

            [Backbone("clips", Input = "clip[B, 3, T, H, W]", Forward = "return fc(mean(clip, [2, 3, 4]));")]
            [Param("int frames = 8")]
            [Size("T", "frames"), Size("H", "4 * frames"), Size("W", "32")]
            [Child("fc", "linear(3, frames)")]
            public partial class Clips;
            """;
        var result = Run(text, out var compilation);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
        var clips = result.Results[0].GeneratedSources.Single(s => s.HintName == "Mine.Clips.g.cs").SourceText.ToString();
        Assert.Contains("Sizes = new SortedDictionary<string, long> { [\"T\"] = frames, [\"H\"] = 4 * frames, [\"W\"] = 32 },", clips, StringComparison.Ordinal);
        var wrong = Assert.Single(Run(text.Replace("Size(\"W\"", "Size(\"V\"", StringComparison.Ordinal), out _).Diagnostics);
        Assert.StartsWith("Classes.cs(6,54): error NOTO0101: 'V' is no size that the input brings; they are B, T, H, W.", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FindingsAreAtTheirPlacesInTheClass()
    {
        var text = Classes.Replace("conv2d(3, dim, 4", "conv2d(3, dmi, 4", StringComparison.Ordinal).Replace("public sealed partial class MyNet", "public sealed class MyNet", StringComparison.Ordinal);
        var found = Run(text, out _).Diagnostics.Select(d => d.ToString()).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, found.Count);
        Assert.StartsWith("Classes.cs(14,21): error NOTO0401: 'MyNet' cannot be completed: it must be 'partial'", found[0], StringComparison.Ordinal);
        Assert.StartsWith("Classes.cs(6,33): error NOTO0101: 'dmi'", found[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AnEditOfOtherCodeMakesNothingAnew()
    {
        var driver = Harness.Driver([("net.arch.yaml", Yaml)]).RunGenerators(Harness.Compilation(("Classes.cs", Classes)));
        driver = driver.RunGenerators(Harness.Compilation(("Classes.cs", Classes), ("Other.cs", "class Other;")));
        foreach (var step in new[] { Steps.Classes, Steps.DerivedClasses, Steps.Units, Steps.Compiled })
        {
            var reasons = driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason);
            Assert.All(reasons, r => Assert.True(r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {r}"));
        }
    }

    private static GeneratorDriverRunResult Run(string classes, out Compilation compilation)
        => Harness.Driver([("net.arch.yaml", Yaml)]).RunGeneratorsAndUpdateCompilation(Harness.Compilation(("Classes.cs", classes)), out compilation, out _).GetRunResult();
}
