using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Notochord.Generators.Tests;

/// <summary>Runs the generator over declarations in memory, against the real references.</summary>
internal static class Harness
{
    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll" or "TorchSharp.dll" or "Notochord.Runtime.dll"))
            .Select(p => (MetadataReference)MetadataReference.CreateFromFile(p))];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A compilation of nothing.</summary>
    public static CSharpCompilation Empty { get; } = Compilation(Array.Empty<string>());

    public static CSharpCompilation Compilation(params string[] sources) => Compilation([.. sources.Select((s, i) => ($"Source{i}.cs", s))]);

    public static CSharpCompilation Compilation(params (string Path, string Text)[] sources) => CSharpCompilation.Create(
        "Test", sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, ParseOptions, s.Path)), References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9));

    /// <summary>A driver over these files; with <paramref name="isRuntime"/>, as in the runtime's own project.</summary>
    public static GeneratorDriver Driver(IEnumerable<(string Path, string Text)> files, bool isRuntime = false) => Driver(files.Select(f => new Declaration(f.Path, f.Text)), isRuntime);

    /// <summary>A driver over these texts, which can be replaced later.</summary>
    public static GeneratorDriver Driver(IEnumerable<AdditionalText> files, bool isRuntime = false) => CSharpGeneratorDriver.Create(
        [new BackboneGenerator().AsSourceGenerator()],
        files,
        ParseOptions,
        new Options(isRuntime),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The declarations of the zoo.</summary>
    public static IReadOnlyList<(string Path, string Text)> Zoo() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository, "Architectures"), "*.yaml", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => (Path.GetRelativePath(Repository, f), File.ReadAllText(f)))];

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "compiler.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No repository above the tests.");
        return folder;
    }

    internal sealed class Declaration(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Options(bool isRuntime) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(isRuntime);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(bool isRuntime) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value)
            {
                value = key switch { "build_property.RootNamespace" => "Zoo", "build_property.NotochordStandardLibrary" when isRuntime => "true", _ => "" };
                return value.Length > 0;
            }
        }
    }
}
