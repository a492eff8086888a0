using System.Reflection;

namespace Notochord.Dsl.Text;

/// <summary>Every kind of finding, in one table. Ids are grouped: 00xx reading, 01xx names and types, 02xx shapes, 03xx limits, 09xx tools.</summary>
public static class Rules
{
    /// <summary>The file is not YAML.</summary>
    public static DiagnosticRule Yaml { get; } = Error("NOTO0001", "Not valid YAML", "The YAML reader stopped here. Tabs cannot indent, and ': ' or ' #' inside a plain value needs quotes.");

    /// <summary>A key that does not belong here.</summary>
    public static DiagnosticRule UnknownKey { get; } = Error("NOTO0002", "Unknown key", "The key is not part of the language at this place; the message lists those that are.");

    /// <summary>The same key twice.</summary>
    public static DiagnosticRule DuplicateKey { get; } = Error("NOTO0003", "Duplicate key", "A mapping holds a key once. Remove or rename one of them.");

    /// <summary>A mapping where a list is expected, and the like.</summary>
    public static DiagnosticRule WrongNode { get; } = Error("NOTO0004", "Wrong kind of value", "The message says what is expected here: a scalar, a list or a mapping.");

    /// <summary>A key that must be there.</summary>
    public static DiagnosticRule MissingKey { get; } = Error("NOTO0005", "Missing key", "Add the key that the message names.");

    /// <summary>An expression that C# cannot parse.</summary>
    public static DiagnosticRule Syntax { get; } = Error("NOTO0006", "Syntax error in an expression", "Expressions and forward are C#; the message is that of the C# parser.");

    /// <summary>C# outside the subset.</summary>
    public static DiagnosticRule Unsupported { get; } = Error("NOTO0007", "Not part of the language", "Forward is a dataflow subset of C#: assignments, calls, arithmetic, tuples, slices, static if and for, return.");

    /// <summary>Nothing is declared.</summary>
    public static DiagnosticRule Empty { get; } = Error("NOTO0008", "Nothing is declared", "A file holds an arch: document, block: documents, or both.");

    /// <summary>A name that nothing declares.</summary>
    public static DiagnosticRule UnknownName { get; } = Error("NOTO0101", "Unknown name", "The name is neither a parameter, an axis, a variable, a module nor a primitive in scope.");

    /// <summary>A name declared twice.</summary>
    public static DiagnosticRule DuplicateName { get; } = Error("NOTO0102", "Name declared twice", "Names of parameters, definitions, modules and tensors of one block are one namespace.");

    /// <summary>Arguments that do not fit a signature.</summary>
    public static DiagnosticRule Arguments { get; } = Error("NOTO0103", "Arguments do not fit", "Compare the call with the signature in the message.");

    /// <summary>A value of the wrong type.</summary>
    public static DiagnosticRule Type { get; } = Error("NOTO0104", "Wrong type", "The message says which type is expected and which was found.");

    /// <summary>A library that is not there.</summary>
    public static DiagnosticRule UnknownLibrary { get; } = Error("NOTO0105", "Unknown block library", "use: names files NAME.blocks.yaml or NAME.arch.yaml of the project.");

    /// <summary>Blocks or imports that contain themselves.</summary>
    public static DiagnosticRule Cycle { get; } = Error("NOTO0106", "Blocks contain each other", "A block can be a module of itself, directly or through others, only under a condition that ends it.");

    /// <summary>A static expression with no value.</summary>
    public static DiagnosticRule Evaluation { get; } = Error("NOTO0107", "Expression has no value", "Division by zero, overflow, an index out of range, or an argument outside a function's domain.");

    /// <summary>Something that depends on the input where only parameters may decide.</summary>
    public static DiagnosticRule NotStatic { get; } = Error("NOTO0108", "Not known at build time", "Control flow, counts and module arguments may depend on parameters only, not on the sizes of the input.");

    /// <summary>A forward that does not return.</summary>
    public static DiagnosticRule NoReturn { get; } = Error("NOTO0109", "No return", "Every path of a forward ends with a return.");

    /// <summary>Declared and never used.</summary>
    public static DiagnosticRule Unused { get; } = Warning("NOTO0110", "Declared and never used", "A module or tensor that forward never uses takes memory and gets no gradient. Remove it or use it.");

    /// <summary>Shapes that cannot fit.</summary>
    public static DiagnosticRule Shape { get; } = Error("NOTO0201", "Shapes do not fit", "The trail shows the shapes that led here.");

    /// <summary>A contract not kept.</summary>
    public static DiagnosticRule Contract { get; } = Error("NOTO0202", "Contract not kept", "What the block gets or returns differs from its input or output line.");

    /// <summary>A pattern that is wrong in itself.</summary>
    public static DiagnosticRule Pattern { get; } = Error("NOTO0203", "Invalid pattern", "einops notation: every axis of one side appears on the other; (a b) is a product; ... is any axes.");

    /// <summary>A guard that the declared input size fails.</summary>
    public static DiagnosticRule GuardFails { get; } = Error("NOTO0204", "The declared input size fails a guard", "img_size, as declared, would be refused at run time. Change it, or pad.");

    /// <summary>Too much.</summary>
    public static DiagnosticRule Limit { get; } = Error("NOTO0301", "Limit exceeded", "The compiler refuses inputs that are certainly mistakes: files over 8 MB, nesting over 64, loops over 10,000 rounds, a million operations.");

    /// <summary>Attributes that do not fit together.</summary>
    public static DiagnosticRule Attribute { get; } = Error("NOTO0401", "Attributes do not declare a backbone", "The message says which attribute is missing or contradicts another.");

    /// <summary>A fault of ours.</summary>
    public static DiagnosticRule Internal { get; } = Error("NOTO0901", "Internal error", "A defect of Notochord, not of your file. The message says where; please report it with the file.");

    /// <summary>All rules, by id.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
        [.. typeof(Rules).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType == typeof(DiagnosticRule))
            .Select(p => (DiagnosticRule)p.GetValue(null))
            .OrderBy(r => r.Id, StringComparer.Ordinal)];

    private static DiagnosticRule Error(string id, string title, string help) => new(id, title, Severity.Error, help);

    private static DiagnosticRule Warning(string id, string title, string help) => new(id, title, Severity.Warning, help);
}
