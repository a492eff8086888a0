using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Ir;

/// <summary>A block whose names are resolved and whose code is typed, still generic in its parameters. Made by the binder, once a block.</summary>
/// <param name="Block">As declared.</param>
/// <param name="Modules">How its children are made, in state-dict order.</param>
/// <param name="Tensors">Its parameters, then its buffers.</param>
/// <param name="Constants">Its constants with the code that computes each.</param>
/// <param name="Forward">Its forward.</param>
/// <param name="StaticTypes">Type of each parameter, definition and static variable of the forward.</param>
/// <param name="BlockParams">For each parameter of type <c>block</c>, the arguments that it is applied to (the same at every use).</param>
/// <param name="BlockDefaults">For each parameter of type <c>block</c> that has one, its default.</param>
/// <param name="Inverse">How inputs are recovered, or null.</param>
public sealed record BoundBlock(
    Block Block,
    EquatableArray<ModulePlanEntry> Modules,
    EquatableArray<BoundTensor> Tensors,
    EquatableArray<BoundConstant> Constants,
    Code Forward,
    IReadOnlyDictionary<string, ParamType> StaticTypes,
    IReadOnlyDictionary<string, EquatableArray<BlockSlot>> BlockParams,
    IReadOnlyDictionary<string, BoundArgumentValue> BlockDefaults,
    BoundInverse? Inverse = null)
{
    /// <summary>For an architecture applied as a module: its initialisers and how a level becomes a map.</summary>
    public BoundArchitecture? Applied { get; init; }
}

/// <summary>The inverse of a block.</summary>
/// <param name="Block">The block seen from its end: its inputs are the outputs and then the inputs that are kept, its outputs the inputs that are recovered.</param>
/// <param name="Code">How they are recovered.</param>
/// <param name="Recovered">The positions of the recovered inputs, in the order in which the code returns them.</param>
public sealed record BoundInverse(Block Block, Code Code, EquatableArray<int> Recovered);

/// <summary>An argument that a parameter of type <c>block</c> is applied to: positional, or by name.</summary>
/// <param name="Name">The name; null where it is positional.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsTrunk">Whether it is <c>out_indices</c> of a trunk: the parameter is an architecture.</param>
public sealed record BlockSlot(string? Name, ParamType Type, bool IsTrunk = false);

/// <summary>A child and how it is made.</summary>
public sealed record ModulePlanEntry(string Name, ModulePlan Plan, SourceSpan Span);

/// <summary>How a child is made.</summary>
public abstract record ModulePlan(SourceSpan Span);

/// <summary>A block applied: the arguments given, in the order of its parameters; the others take their defaults.</summary>
public sealed record Construct(Block Target, EquatableArray<BoundArgument> Arguments, SourceSpan Span) : ModulePlan(Span);

/// <summary>A parameter of type <c>block</c> applied; the arguments are those of its <see cref="BoundBlock.BlockParams"/>, in order.</summary>
public sealed record ConstructParam(string Param, EquatableArray<Expr> Arguments, SourceSpan Span) : ModulePlan(Span)
{
    /// <summary>Whether the parameter is an architecture whose trunk is made: <c>backbone.features(out_indices=[1, 2])</c>.</summary>
    public bool IsTrunk { get; init; }
}

/// <summary><c>none</c>.</summary>
public sealed record AbsentModule(SourceSpan Span) : ModulePlan(Span);

/// <summary>One or the other by a static condition.</summary>
public sealed record Choose(Expr Condition, ModulePlan Then, ModulePlan Else, SourceSpan Span) : ModulePlan(Span);

/// <summary>Children called in sequence.</summary>
public sealed record ChainPlan(EquatableArray<ModulePlanEntry> Children, SourceSpan Span) : ModulePlan(Span);

/// <summary>A number of modules; see <see cref="RepeatEntry"/>.</summary>
public sealed record RepeatPlan(Expr Count, string Index, ModulePlan Body, InterpolationExpr? Names, SourceSpan Span) : ModulePlan(Span);

/// <summary>An argument of a block.</summary>
public sealed record BoundArgument(Param Param, BoundArgumentValue Value);

/// <summary>The value of an argument.</summary>
public abstract record BoundArgumentValue;

/// <summary>A static value.</summary>
public sealed record StaticArgument(Expr Value) : BoundArgumentValue;

/// <summary>A block with some of its arguments given, for a parameter of type <c>block</c>.</summary>
public sealed record BlockArgument(Block Target, EquatableArray<BoundArgument> Arguments) : BoundArgumentValue;

/// <summary>A parameter of type <c>block</c> handed on.</summary>
public sealed record ForwardedBlock(string Param) : BoundArgumentValue;

/// <summary>No block: what the parameter makes is absent.</summary>
public sealed record NoBlock : BoundArgumentValue;

/// <summary>One of two blocks by a static condition, for a parameter of type <c>block</c>.</summary>
public sealed record ChosenBlock(Expr Condition, BoundArgumentValue Then, BoundArgumentValue Else) : BoundArgumentValue;

/// <summary>A parameter or buffer: <c>trunc_normal(std=0.02)[1, n, dim]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Parameter or buffer.</param>
/// <param name="Condition">When it exists; null: always.</param>
/// <param name="Initializer">Name of the initialiser, one of <see cref="InitializerTable"/>.</param>
/// <param name="Arguments">Its arguments, by name.</param>
/// <param name="Axes">Its shape; empty for a scalar.</param>
/// <param name="IsInteger">Whether it holds 64-bit integers (<c>zeros(int64)</c>).</param>
/// <param name="Span">Its declaration.</param>
/// <param name="Count">Of a list of tensors, <c>name.0</c>, <c>name.1</c>, .. in the state dict, how many; null: a single one.</param>
/// <param name="Index">What condition, arguments and axes call an element's place; null: they do not use it.</param>
public sealed record BoundTensor(
    string Name, TensorRole Role, Expr? Condition, string Initializer, EquatableArray<NamedAxis> Arguments, EquatableArray<Expr> Axes, bool IsInteger, SourceSpan Span,
    Expr? Count = null, string? Index = null);

/// <summary>A tensor that code computes: a constant, or a buffer or parameter that starts with this value. Without a condition it is always there.</summary>
public sealed record BoundConstant(string Name, Code Code, TensorRole Role, SourceSpan Span, Expr? Condition);

/// <summary>An architecture, bound.</summary>
/// <param name="Architecture">As declared.</param>
/// <param name="Body">Its block.</param>
/// <param name="FeatureAs">How a level becomes a map: code with one input, or null.</param>
/// <param name="Inits">Initialisers that replace those of blocks.</param>
/// <param name="Sizes">Usual sizes of symbols of the input.</param>
public sealed record BoundArchitecture(Architecture Architecture, BoundBlock Body, Code? FeatureAs, EquatableArray<BoundInit> Inits, EquatableArray<Definition> Sizes);

/// <summary>An initialiser for a tensor of every module of a block (or of the architecture itself, by its name). <paramref name="Tensor"/> may lead into
/// children: <c>bn3.weight</c>; the longest path wins.</summary>
public sealed record BoundInit(string Block, string Tensor, string Initializer, EquatableArray<NamedAxis> Arguments, SourceSpan Span);
