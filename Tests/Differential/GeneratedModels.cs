using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Notochord.Dsl.Reading;
using Notochord.Generators;

namespace Notochord.Differential.Tests;

/// <summary>The generated classes of declarations, compiled in memory by one compilation.</summary>
internal sealed class GeneratedModels
{
    private static int s_count;

    private readonly Assembly _assembly;

    /// <summary>Emits and compiles; any finding and any warning of the C# compiler is a failure.</summary>
    public GeneratedModels(IEnumerable<(string Path, string Text)> declarations)
    {
        var (files, findings) = Emission.Emit([.. declarations.Select(d => DeclarationReader.Read(d.Path, d.Text))], "Random", _ => true);
        Assert.Empty(findings);
        Dump(files.Select(f => (f.Name, f.Text)));
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose);
        var compilation = CSharpCompilation.Create(
            $"Generated{Interlocked.Increment(ref s_count)}", files.Select(f => CSharpSyntaxTree.ParseText(f.Text, options, f.Name)), References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        var problems = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()).ToList();
        Assert.True(problems.Count == 0, $"{problems.Count} findings of the C# compiler:\n{string.Join('\n', problems.Take(20))}");
        image.Position = 0;
        _assembly = AssemblyLoadContext.Default.LoadFromStream(image);
    }

    /// <summary>A new model of an architecture without variants.</summary>
    public Backbone Create(string architecture)
    {
        foreach (var type in _assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Backbone)) && t.Name.Equals(architecture, StringComparison.OrdinalIgnoreCase)))
        {
            var constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length)!;
            return (Backbone)constructor.Invoke([.. constructor.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : Activator.CreateInstance(p.ParameterType))]);
        }

        throw new InvalidOperationException($"No class for {architecture} among {string.Join(", ", _assembly.GetTypes().Select(t => t.FullName))}.");
    }

    /// <summary>Writes texts to the folder that NOTOCHORD_DUMP_GENERATED names, if it does, for a person to look at.</summary>
    public static void Dump(IEnumerable<(string Path, string Text)> files)
    {
        if (Environment.GetEnvironmentVariable("NOTOCHORD_DUMP_GENERATED") is not { Length: > 0 } folder) return;
        foreach (var (path, text) in files) File.WriteAllText(Path.Combine(folder, path), text);
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll" or "TorchSharp.dll" or "Notochord.Runtime.dll"))
            .Select(p => MetadataReference.CreateFromFile(p));
}
