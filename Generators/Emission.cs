using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Generators.Pipeline;

namespace Notochord.Generators;

/// <summary>A file that was generated.</summary>
/// <param name="Source">The declaration that it was made from.</param>
/// <param name="Name">Its name: <c>Swin.g.cs</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record EmittedFile(string Source, string Name, string Text);

/// <summary>The emitter without a compiler around it, for tools: the same units in the same way as the generator's.</summary>
public static class Emission
{
    /// <summary>The C# of a project's declarations, and what is wrong with them; a file with errors has no C#.</summary>
    /// <param name="files">The declarations.</param>
    /// <param name="rootNamespace">Namespace of the architectures.</param>
    /// <param name="wanted">Which declarations to emit, by path; the others are only seen.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static (IReadOnlyList<EmittedFile> Files, IReadOnlyList<Diagnostic> Diagnostics) Emit(
        IReadOnlyList<DeclarationFile> files, string rootNamespace, Func<string, bool> wanted, CancellationToken cancellation = default)
    {
        var (units, diagnostics) = Scopes.Split(files, [], new ProjectOptions(rootNamespace, IsRuntime: false));
        var emitted = new List<EmittedFile>();
        var findings = new List<Diagnostic>(diagnostics);
        foreach (var unit in units.Where(u => wanted(u.File.Path)))
        {
            cancellation.ThrowIfCancellationRequested();
            var compiled = UnitCompiler.Compile(unit, cancellation);
            findings.AddRange(compiled.Diagnostics);
            emitted.AddRange(compiled.Sources.Select(s => new EmittedFile(unit.File.Path, s.HintName, s.Text)));
        }

        return (emitted, findings);
    }
}
