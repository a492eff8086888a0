using Notochord.Dsl.Attributes;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Pipeline;

/// <summary>What a project decides.</summary>
/// <param name="RootNamespace">Namespace of its architectures.</param>
/// <param name="IsRuntime">Whether it is the runtime, which holds the standard library's classes.</param>
internal sealed record ProjectOptions(string RootNamespace, bool IsRuntime);

/// <summary>The class of a library's block, whose name is unique among all libraries of the project.</summary>
internal sealed record LibraryClass(string File, string Block, string Name);

/// <summary>What one generated file is made from. Compares by value, so that an edit elsewhere makes nothing anew.</summary>
/// <param name="Name">What its generated files are called; of one project, each has another.</param>
/// <param name="File">The declarations.</param>
/// <param name="Scope">The blocks that it can reach.</param>
/// <param name="Classes">Classes of the libraries' blocks.</param>
/// <param name="Options">The project.</param>
/// <param name="Target">The class whose attributes declare it; null for a file.</param>
internal sealed record Unit(string Name, DeclarationFile File, BlockScope Scope, EquatableArray<LibraryClass> Classes, ProjectOptions Options, ClassTarget? Target = null)
{
    /// <summary>The file that its own findings are in.</summary>
    public string SourcePath => Target?.Source.Span.File ?? File.Path;
}

/// <summary>A class with <c>[Backbone]</c> or <c>[Architecture]</c>.</summary>
/// <param name="Source">Its attributes.</param>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Problem">Why no code can be added to it, or null.</param>
internal sealed record ClassTarget(AttributedClass Source, string Namespace, string? Problem)
{
    /// <summary>Whether it takes an architecture from YAML.</summary>
    public bool IsDerived => DerivedArchitecture.Is(Source);

    /// <summary>Namespace and name.</summary>
    public string FullName => Namespace.Length == 0 ? Source.Name : $"{Namespace}.{Source.Name}";
}

/// <summary>A generated file.</summary>
internal sealed record SourceText(string HintName, string Text);

/// <summary>What <c>create</c> needs to know of an architecture.</summary>
/// <param name="Variants">Names of variants, their classes and the C# of their parameters; of the architecture itself where it has none.</param>
/// <param name="Options">The class of its parameters.</param>
/// <param name="ClassCount">Whether it has <c>num_classes</c>.</param>
/// <param name="Channels">Whether it has <c>in_chans</c>.</param>
/// <param name="ImageSize">Type of <c>img_size</c>: an integer, a list, or null where there is none.</param>
/// <param name="ImageSizeCount">Declared length of a list.</param>
internal sealed record RegistryEntry(EquatableArray<(string Name, string Class, string Defaults)> Variants, string Options, bool ClassCount, bool Channels, ParamType? ImageSize, int ImageSizeCount);

/// <summary>What came of one file.</summary>
internal sealed record CompiledUnit(EquatableArray<SourceText> Sources, EquatableArray<Diagnostic> Diagnostics, RegistryEntry? Registry);
