using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Generators.Pipeline;

namespace Notochord.Generators;

/// <summary>Turns the declarations of a project (<c>*.arch.yaml</c>, <c>*.blocks.yaml</c>) into TorchSharp classes.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class BackboneGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider.Where(IsDeclaration).Select(Read).WithTrackingName(Steps.Declarations);
        var options = context.AnalyzerConfigOptionsProvider.Combine(context.CompilationProvider.Select((c, _) => c.AssemblyName))
            .Select((p, _) => Options(p.Left.GlobalOptions, p.Right)).WithTrackingName(Steps.Options);
        var declared = context.SyntaxProvider.ForAttributeWithMetadataName(ClassTargets.Backbone, IsClass, ClassTargets.Read).WithTrackingName(Steps.Classes);
        var derived = context.SyntaxProvider.ForAttributeWithMetadataName(ClassTargets.Architecture, IsClass, ClassTargets.Read).WithTrackingName(Steps.DerivedClasses);
        var classes = declared.Collect().Combine(derived.Collect()).Select((c, _) => c.Left.Concat(c.Right).GroupBy(t => t.FullName).Select(g => g.First()).ToEquatableArray());
        var project = files.Collect().Combine(classes).Combine(options).Select((p, _) => Scopes.Split(p.Left.Left, p.Left.Right, p.Right));
        var units = project.SelectMany((p, _) => p.Units).WithTrackingName(Steps.Units);
        var compiled = units.Select(UnitCompiler.Compile).WithTrackingName(Steps.Compiled);
        var registry = compiled.Select((c, _) => c.Registry).Where(r => r is not null).Collect()
            .Select((r, _) => r.Select(e => e!).ToEquatableArray()).Combine(options).WithTrackingName(Steps.Registry);

        context.RegisterSourceOutput(project.SelectMany((p, _) => p.Diagnostics), (output, d) => output.ReportDiagnostic(Descriptors.Of(d)));
        context.RegisterSourceOutput(compiled, (output, unit) =>
        {
            foreach (var d in unit.Diagnostics) output.ReportDiagnostic(Descriptors.Of(d));
            foreach (var s in unit.Sources) output.AddSource(s.HintName, Text(s.Text));
        });
        context.RegisterSourceOutput(registry, (output, r) =>
        {
            if (r.Left.Count > 0) output.AddSource("Backbones.g.cs", Text(RegistryEmitter.Write(r.Left, r.Right)));
        });
    }

    private static bool IsClass(SyntaxNode node, CancellationToken cancel) => node is TypeDeclarationSyntax;

    private static bool IsDeclaration(AdditionalText file)
        => file.Path.EndsWith(DeclarationReader.ArchitectureExtension, StringComparison.OrdinalIgnoreCase)
            || file.Path.EndsWith(DeclarationReader.LibraryExtension, StringComparison.OrdinalIgnoreCase);

    private static DeclarationFile Read(AdditionalText file, CancellationToken cancel)
        => DeclarationReader.Read(file.Path, file.GetText(cancel)?.ToString() ?? "");

    private static ProjectOptions Options(Microsoft.CodeAnalysis.Diagnostics.AnalyzerConfigOptions options, string? assembly)
    {
        var root = options.TryGetValue("build_property.RootNamespace", out var ns) && ns.Length > 0 ? ns : assembly ?? "Models";
        return new ProjectOptions(root, options.TryGetValue("build_property.NotochordStandardLibrary", out var standard) && standard == "true");
    }

    private static Microsoft.CodeAnalysis.Text.SourceText Text(string text) => Microsoft.CodeAnalysis.Text.SourceText.From(text, System.Text.Encoding.UTF8);
}
