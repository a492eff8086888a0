using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Attributes;

namespace Notochord.Generators.Pipeline;

/// <summary>Takes classes with our attributes out of the compilation, free of symbols and syntax.</summary>
internal static class ClassTargets
{
    /// <summary>The attribute of classes that declare a backbone.</summary>
    public const string Backbone = "Notochord.BackboneAttribute";

    /// <summary>The attribute of classes that take an architecture from YAML.</summary>
    public const string Architecture = "Notochord.ArchitectureAttribute";

    private const string Namespace = "Notochord";
    private const string Suffix = "Attribute";

    /// <summary>The class that the attribute is on.</summary>
    public static ClassTarget Read(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        var type = (TypeDeclarationSyntax)context.TargetNode;
        var model = context.SemanticModel;
        var places = new LiteralPlaces(type.SyntaxTree.FilePath, type.SyntaxTree.GetText(cancel).ToString());
        var reader = new AttributedClassReader(places, a => Name(model.GetSymbolInfo(a, cancel)), e => model.GetConstantValue(e, cancel) is { HasValue: true } c ? c.Value : null);
        var ns = context.TargetSymbol.ContainingNamespace;
        return new ClassTarget(reader.Read(type), ns.IsGlobalNamespace ? "" : ns.ToDisplayString(), Problem(type));
    }

    private static string? Name(SymbolInfo info)
    {
        var type = (info.Symbol ?? info.CandidateSymbols.FirstOrDefault())?.ContainingType;
        if (type is null || type.ContainingNamespace?.ToDisplayString() != Namespace || !type.Name.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        return type.Name.Substring(0, type.Name.Length - Suffix.Length);
    }

    private static string? Problem(TypeDeclarationSyntax type)
    {
        if (!type.Modifiers.Any(SyntaxKind.PartialKeyword)) return "it must be 'partial', since its other part is generated";
        if (type.Parent is TypeDeclarationSyntax outer) return $"it must not be inside another type; move it out of '{outer.Identifier.ValueText}'";
        if (type.TypeParameterList is not null) return "it must have no type parameters";
        return type.ParameterList is null ? null : "it must have no primary constructor, since its constructors are generated";
    }
}
