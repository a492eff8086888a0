using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Notochord.Generators.Pipeline;

namespace Notochord.Generators.Tests.Pipeline;

/// <summary>What an edit makes anew.</summary>
public class IncrementalityTests
{
    private const string Library = """
        # A library.
        block: mixer(int dim)
        input: x[B, N, dim]
        output: "[B, N, dim]"
        modules:
          fc: linear(dim, dim)
        forward: return fc(x);
        """;

    private static string Net(string name, string comment = "") => $$"""
        arch: {{name}} # {{comment}}
        use: [mixers]
        params: { dim: 8, num_classes: 4 }
        input: x[B, N, dim]
        variants: { {{name}}_tiny: {} }
        stem: { mix: mixer(dim) }
        head: { head: "linear(dim, num_classes)" }
        """;

    private static readonly (string Path, string Text)[] Files = [("mixers.blocks.yaml", Library), ("a.arch.yaml", Net("a")), ("b.arch.yaml", Net("b"))];

    [Fact]
    public void NothingChangedIsCached()
    {
        var driver = Harness.Driver(Files).RunGenerators(Harness.Empty);
        driver = driver.RunGenerators(Harness.Compilation("class Unrelated;"));
        foreach (var step in new[] { Steps.Declarations, Steps.Units, Steps.Compiled, Steps.Registry })
        {
            Assert.All(Reasons(driver, step), r => Assert.True(r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {r}"));
        }
    }

    [Fact]
    public void AnEditOfOneArchitectureMakesOneAnew()
    {
        var driver = Edit(Files[1], Net("a").Replace("dim: 8", "dim: 16", StringComparison.Ordinal));
        Assert.Single(Reasons(driver, Steps.Declarations), r => r == IncrementalStepRunReason.Modified);
        Assert.Single(Reasons(driver, Steps.Compiled), r => r == IncrementalStepRunReason.Modified);
        Assert.Equal(2, Reasons(driver, Steps.Compiled).Count(r => r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    [Fact]
    public void AnEditOfACommentMakesNoneAnew()
    {
        var driver = Edit(Files[1], Net("a", "other words"));
        foreach (var step in new[] { Steps.Declarations, Steps.Units, Steps.Compiled })
        {
            Assert.All(Reasons(driver, step), r => Assert.True(r is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {r}"));
        }
    }

    [Fact]
    public void AnEditOfALibraryMakesItsUsersAnew()
    {
        var driver = Edit(Files[0], Library.Replace("fc: linear(dim, dim)", "fc: linear(dim, dim, bias=false)", StringComparison.Ordinal));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(driver, Steps.Units));
        var text = driver.GetRunResult().Results[0].GeneratedSources.Single(s => s.HintName == "Blocks.Mixers.g.cs").SourceText.ToString();
        Assert.Contains("new Linear(dim, dim, false)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsHoldNoSymbolSyntaxOrCompilation()
    {
        var driver = Harness.Driver(Files).RunGenerators(Harness.Empty);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var (_, steps) in driver.GetRunResult().Results[0].TrackedSteps.Where(s => typeof(Steps).GetFields().Any(f => (string)f.GetValue(null)! == s.Key)))
        {
            foreach (var output in steps.SelectMany(s => s.Outputs)) Walk(output.Value, seen);
        }

        Assert.True(seen.Count > 100);
    }

    private static void Walk(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Compilation or Location, $"A step holds a {value.GetType()}.");
        if (value is Delegate or Type or Pointer) return;
        if (value is IEnumerable items)
        {
            foreach (var item in items) Walk(item, seen);
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)) Walk(field.GetValue(value), seen);
        }
    }

    private static GeneratorDriver Edit((string Path, string Text) file, string text)
    {
        var texts = Files.Select(f => (AdditionalText)new Harness.Declaration(f.Path, f.Text)).ToList();
        var driver = Harness.Driver(texts).RunGenerators(Harness.Empty);
        return driver.ReplaceAdditionalText(texts.Single(t => t.Path == file.Path), new Harness.Declaration(file.Path, text)).RunGenerators(Harness.Empty);
    }

    private static List<IncrementalStepRunReason> Reasons(GeneratorDriver driver, string step)
        => [.. driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason)];
}
