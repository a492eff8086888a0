namespace Notochord.Dsl.Reading;

/// <summary>What kinds of value a key takes.</summary>
[Flags]
public enum ValueKinds
{
    /// <summary>A scalar.</summary>
    Scalar = 1,

    /// <summary>A list.</summary>
    List = 2,

    /// <summary>A mapping; nothing after the key is an empty one.</summary>
    Mapping = 4,
}

/// <summary>A key of the language.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kinds">What its value may be.</param>
/// <param name="Meaning">One line for messages, the schema and the reference page.</param>
/// <param name="Required">It must be there.</param>
public sealed record KeyInfo(string Name, ValueKinds Kinds, string Meaning, bool Required = false);

/// <summary>A place of the language where keys stand.</summary>
/// <param name="Name">What the place is called in messages.</param>
/// <param name="Keys">The keys that it knows.</param>
/// <param name="Open">Other keys are names that the user gives.</param>
public sealed record Place(string Name, IReadOnlyList<KeyInfo> Keys, bool Open = false);

/// <summary>The keys of the language, place by place: reading, its messages and the schema follow these tables.</summary>
public static class Places
{
    private const ValueKinds Scalar = ValueKinds.Scalar;
    private const ValueKinds List = ValueKinds.List;
    private const ValueKinds Mapping = ValueKinds.Mapping;
    private const ValueKinds Any = Scalar | List | Mapping;

    private static readonly KeyInfo[] Shared =
    [
        new("doc", Scalar, "what it is, for readers"),
        new("paper", Scalar, "where it comes from"),
        new("output", Scalar | List, "the contract of what it returns"),
        new("define", Mapping, "static values derived from the parameters, in order"),
        new("modules", Mapping, "children, in the order of the state dict"),
        new("parameters", Mapping, "trainable tensors: initialiser, then shape"),
        new("buffers", Mapping, "tensors of the state dict that are not trained"),
        new("constants", Mapping, "tensors computed once from parameters"),
        new("forward", Scalar, "C# statements; the modules in order when absent"),
    ];

    /// <summary>A <c>block:</c> document.</summary>
    public static Place Block { get; } = new("a block",
    [
        new("block", Scalar, "name and typed parameters, as a C# signature", Required: true),
        new("input", Scalar | List, "the contract of its inputs: names and axes", Required: true),
        .. Shared,
        new("inverse", Scalar, "C# statements that recover inputs from the outputs, so that training need not keep them"),
    ]);

    /// <summary>An <c>arch:</c> document.</summary>
    public static Place Architecture { get; } = new("an architecture",
    [
        new("arch", Scalar, "its name", Required: true),
        new("use", Scalar | List, "block libraries: NAME for NAME.blocks.yaml"),
        new("params", Mapping, "parameters; the type of each follows from its value"),
        new("is", Scalar, "the block that it is, whose contract, modules, tensors and forward are its own; params are the block's parameters"),
        new("input", Scalar | List, "the contract of its input"),
        new("variants", Mapping, "published sets of parameter values"),
        new("stem", Any, "modules before the stages"),
        new("stages", Mapping, "a chain of blocks, repeated"),
        new("head", Any, "modules after the stages"),
        new("features", Any, "modules whose outputs are the levels"),
        new("init", Mapping, "initialisers that replace those of blocks: block.tensor"),
        new("sizes", Mapping, "usual sizes of the input's axes by name, over the parameters: T: 16"),
        new("search", Mapping, "domains of parameters"),
        .. Shared,
    ]);

    /// <summary>A document that only names libraries, at the start of a block library.</summary>
    public static Place Imports { get; } = new("a document of imports",
    [
        new("use", Scalar | List, "block libraries: NAME for NAME.blocks.yaml", Required: true),
        new("doc", Scalar, "what the library is, for readers"),
    ]);

    /// <summary>The value of <c>stages</c>.</summary>
    public static Place Stages { get; } = new("'stages'",
    [
        new("name", Scalar, "the module that holds the stages, or a template such as layer{i + 1}"),
        new("count", Scalar, "how many stages", Required: true),
        new("as", Scalar, "name of the stage's index (i)"),
        new("depth", Scalar, "how many blocks a stage has"),
        new("index", Scalar, "name of the block's index in its stage (j)"),
        new("block", Any, "the block that is repeated"),
        new("downsample", Any, "what comes before the blocks"),
        new("flat", Scalar, "true: the blocks are the stage's own children 0, 1, ..."),
    ], Open: true);

    /// <summary>A module that is repeated.</summary>
    public static Place Repeat { get; } = new("a repeated module",
    [
        new("repeat", Scalar, "how many", Required: true),
        new("as", Scalar, "name of the index (i)"),
        new("block", Any, "what is repeated", Required: true),
        new("name", Scalar, "a template such as layer{i + 1}: the children belong to the parent under these names"),
    ]);

    /// <summary>A module by a condition.</summary>
    public static Place When { get; } = new("a conditional module",
    [
        new("when", Scalar, "the condition, over parameters", Required: true),
        new("use", Any, "the module where it holds", Required: true),
        new("else", Any, "the module where it does not; none when absent"),
    ]);

    /// <summary>A computed tensor by a condition.</summary>
    public static Place WhenComputed { get; } = new("a conditional tensor",
    [
        new("when", Scalar, "the condition, over parameters; where it does not hold there is no such tensor", Required: true),
        new("use", Scalar, "the statements that compute it", Required: true),
    ]);

    /// <summary>The long form of <c>features</c>.</summary>
    public static Place Features { get; } = new("'features'",
    [
        new("of", Scalar | List, "modules whose outputs are the levels", Required: true),
        new("as", Scalar, "expression in x that makes [B, C, H, W] of an output"),
    ]);

    /// <summary>A domain of <c>search</c>.</summary>
    public static Place Domain { get; } = new("a search domain",
    [
        new("choice", List, "the values to choose from"),
        new("range", List, "the lowest and the highest value"),
        new("step", Scalar, "distance of the values of a range"),
        new("log", Scalar, "true: uniform in the logarithm"),
    ]);
}
