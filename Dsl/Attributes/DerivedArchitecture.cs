using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Attributes;

/// <summary>A class with <c>[Architecture("swin", Variant = "...", Params = "dim = 128")]</c>: an architecture that YAML declares, with parameters of its own.</summary>
/// <param name="Path">The file that declares the architecture, in whose scope it is bound; null when there is none.</param>
/// <param name="Architecture">The architecture with one variant, which has the class's name; null when there is none.</param>
/// <param name="Diagnostics">What was wrong, at places of the C# file.</param>
public sealed record DerivedArchitecture(string? Path, Architecture? Architecture, EquatableArray<Diagnostic> Diagnostics)
{
    // What [Architecture] takes besides the name.
    private static readonly string[] Properties = ["Variant", "Params"];

    /// <summary>Whether the class derives from an architecture in YAML.</summary>
    public static bool Is(AttributedClass source) => source.Attributes.Any(a => a.Name == AttributeForms.Architecture);

    /// <summary>Finds what the attribute names among <paramref name="files"/>.</summary>
    public static DerivedArchitecture Read(AttributedClass source, IReadOnlyList<DeclarationFile> files)
    {
        var diagnostics = new DiagnosticBag();
        var attribute = source.Attributes.First(a => a.Name == AttributeForms.Architecture);
        foreach (var other in source.Attributes.Where(a => a != attribute))
        {
            diagnostics.Add(Rules.Attribute, other.Span, $"[{other.Name}] declares a backbone, and [Architecture] takes one from YAML.", "Keep only one of them; parameters go to Params = \"...\".");
        }

        var (path, architecture) = Find(attribute, files, diagnostics);
        if (architecture is null) return new DerivedArchitecture(null, null, diagnostics.Items.ToEquatableArray());
        var given = Values(attribute, "Params").SelectMany(c => Pieces.Assignments(c, typed: false, diagnostics)).ToEquatableArray();
        var own = ParamReader.Overrides(given, architecture.Body.Params, diagnostics);
        foreach (var twice in own.GroupBy(o => o.Name).Where(g => g.Count() > 1))
        {
            diagnostics.Add(Rules.DuplicateKey, twice.Last().Span, $"'{twice.Key}' is set twice.");
        }

        var inherited = Variant(attribute, architecture, diagnostics).Where(o => own.All(p => p.Name != o.Name));
        var variant = new Variant(source.Name, [.. inherited, .. own], attribute.Span);
        return new DerivedArchitecture(path, architecture with { Variants = [variant] }, diagnostics.Items.ToEquatableArray());
    }

    private static (string? Path, Architecture? Architecture) Find(AttributeText attribute, IReadOnlyList<DeclarationFile> files, DiagnosticBag diagnostics)
    {
        foreach (var argument in attribute.Arguments.Where(a => a.Name is { } name && !Properties.Contains(name)))
        {
            diagnostics.Add(Rules.Attribute, argument.Span, $"[Architecture] has no property '{argument.Name}'.", Suggest.Nearest(argument.Name!, Properties));
        }

        var names = attribute.Arguments.Where(a => a.Name is null).SelectMany(a => a.Values).ToList();
        if (names.Count != 1)
        {
            diagnostics.Add(Rules.Attribute, attribute.Span, $"[Architecture] takes the name of one architecture; found {names.Count} names.");
            return (null, null);
        }

        var name = names[0].Text;
        if (files.FirstOrDefault(f => f.Architecture?.Name == name) is { } file) return (file.Path, file.Architecture);
        var known = files.Where(f => f.Architecture is not null).Select(f => f.Architecture!.Name).ToList();
        diagnostics.Add(Rules.UnknownName, names[0].Locate(0, name.Length),
            $"No architecture '{Reading.Read.Shorten(name)}'; {(known.Count == 0 ? "the project declares none" : $"there are {string.Join(", ", known)}")}.", Suggest.Nearest(name, known));
        return (null, null);
    }

    private static IEnumerable<ParamOverride> Variant(AttributeText attribute, Architecture architecture, DiagnosticBag diagnostics)
    {
        if (Values(attribute, "Variant").FirstOrDefault() is not { } wanted) return [];
        if (architecture.Variants.FirstOrDefault(v => v.Name == wanted.Text) is { } variant) return variant.Overrides;
        var known = architecture.Variants.Select(v => v.Name).ToList();
        diagnostics.Add(Rules.UnknownName, wanted.Locate(0, wanted.Text.Length),
            $"'{architecture.Name}' has no variant '{Reading.Read.Shorten(wanted.Text)}'; {(known.Count == 0 ? "it has none" : $"there are {string.Join(", ", known)}")}.", Suggest.Nearest(wanted.Text, known));
        return [];
    }

    private static IEnumerable<Expressions.CodeText> Values(AttributeText attribute, string name) =>
        attribute.Arguments.Where(a => a.Name == name).SelectMany(a => a.Values);
}
