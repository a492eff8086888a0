using Notochord.Dsl.Reading;

namespace Notochord.Dsl.Attributes;

/// <summary>How an attribute says what a key of YAML says.</summary>
internal enum AttributeForm
{
    /// <summary>Its properties are keys of the document: <c>[Backbone("tiny", Input = "...")]</c>.</summary>
    Document,

    /// <summary>A name and code become an entry of the section; code alone is the section: <c>[Stem("proj", "conv2d(3, 32, 4)")]</c>.</summary>
    Entry,

    /// <summary>Declarations <c>type name = value</c> become entries: <c>[Param("int dim = 96")]</c>.</summary>
    Declarations,

    /// <summary>A name and assignments become an entry that is a mapping: <c>[Variant("small", "dim = 96")]</c>.</summary>
    Assignments,

    /// <summary>Its properties are the keys of the section: <c>[Stages(Count = "4", ...)]</c>.</summary>
    Section,

    /// <summary>A name and properties become an entry that is a mapping: <c>[Search("dim", Choice = "32, 64")]</c>.</summary>
    Mapping,

    /// <summary>Names, or the properties of the long form: <c>[Features("stages")]</c>.</summary>
    Names,
}

/// <summary>The attributes of the language, and which section of an <c>arch:</c> document each stands for.</summary>
internal static class AttributeForms
{
    /// <summary>The attribute that makes a class a declaration.</summary>
    public const string Backbone = "Backbone";

    /// <summary>The attribute that makes a class a variant of an architecture that YAML declares.</summary>
    public const string Architecture = "Architecture";

    public static IReadOnlyDictionary<string, (AttributeForm Form, string Section, Place Place)> All { get; } = new Dictionary<string, (AttributeForm, string, Place)>
    {
        [Backbone] = (AttributeForm.Document, "arch", Places.Architecture),
        ["Param"] = (AttributeForm.Declarations, "params", Places.Architecture),
        ["Define"] = (AttributeForm.Entry, "define", Places.Architecture),
        ["Stem"] = (AttributeForm.Entry, "stem", Places.Architecture),
        ["Stages"] = (AttributeForm.Section, "stages", Places.Stages),
        ["Head"] = (AttributeForm.Entry, "head", Places.Architecture),
        ["Child"] = (AttributeForm.Entry, "modules", Places.Architecture),
        ["Parameter"] = (AttributeForm.Entry, "parameters", Places.Architecture),
        ["Buffer"] = (AttributeForm.Entry, "buffers", Places.Architecture),
        ["Constant"] = (AttributeForm.Entry, "constants", Places.Architecture),
        ["Init"] = (AttributeForm.Entry, "init", Places.Architecture),
        ["Size"] = (AttributeForm.Entry, "sizes", Places.Architecture),
        ["Variant"] = (AttributeForm.Assignments, "variants", Places.Architecture),
        ["Features"] = (AttributeForm.Names, "features", Places.Features),
        ["Search"] = (AttributeForm.Mapping, "search", Places.Domain),
    };
}
