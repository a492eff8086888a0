using Microsoft.CodeAnalysis;

namespace Notochord.Generators.Tests;

/// <summary>The declarations of the repository give code that compiles.</summary>
public class ZooTests
{
    [Fact]
    public void ZooCompilesWithoutWarnings()
    {
        var driver = Harness.Driver(Harness.Zoo()).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        if (Environment.GetEnvironmentVariable("NOTOCHORD_DUMP_GENERATED") is { Length: > 0 } folder)
        {
            foreach (var source in driver.GetRunResult().Results[0].GeneratedSources) File.WriteAllText(Path.Combine(folder, source.HintName), source.SourceText.ToString());
        }

        AssertNone(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Concat(findings));
    }

    // The runtime's own project is built by the newest compiler; a consumer that has an older one compiles such code as well.
    [Fact]
    public void StandardLibraryCompilesAsCSharp12()
    {
        Harness.Driver(Array.Empty<(string, string)>(), isRuntime: true).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        AssertNone(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Concat(findings));
        Assert.True(compilation.SyntaxTrees.Count() > 3);
    }

    private static void AssertNone(IEnumerable<Diagnostic> diagnostics)
    {
        var found = diagnostics.Select(d => d.ToString()).ToList();
        if (found.Count > 0) Assert.Fail($"{found.Count} findings:\n{string.Join('\n', found.Take(60))}");
    }
}
