using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Model;

/// <summary>What one file says. Value-equal; holds no YAML or syntax nodes.</summary>
/// <param name="Path">The file, as given.</param>
/// <param name="Architecture">Its architecture, or null for a library.</param>
/// <param name="Uses">The libraries that it names, in order: of its architecture, and of a <c>use:</c> document of its own.</param>
/// <param name="Blocks">Its blocks, in order.</param>
/// <param name="Diagnostics">What was wrong while reading; the rest is still usable.</param>
public sealed record DeclarationFile(
    string Path,
    Architecture? Architecture,
    EquatableArray<NameExpr> Uses,
    EquatableArray<Block> Blocks,
    EquatableArray<Diagnostic> Diagnostics);

/// <summary>The type of a parameter.</summary>
public enum ParamType
{
    /// <summary>A 64-bit integer, checked.</summary>
    Int,

    /// <summary>A double.</summary>
    Double,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>A string.</summary>
    String,

    /// <summary>A list of integers.</summary>
    IntList,

    /// <summary>A list of doubles.</summary>
    DoubleList,

    /// <summary>A list of booleans.</summary>
    BoolList,

    /// <summary>A list of strings.</summary>
    StringList,

    /// <summary>Something that makes a module: a block application with arguments left open.</summary>
    Block,
}

/// <summary>A parameter of a block or an architecture.</summary>
public sealed record Param(string Name, ParamType Type, Expr? Default, SourceSpan Span);

/// <summary>A static value derived from the parameters: an entry of <c>define</c>.</summary>
public sealed record Definition(string Name, Expr Value, SourceSpan Span);

/// <summary>One tensor of a contract. An axis is an expression (a <see cref="NameExpr"/> that is no parameter is a symbol); a
/// <see cref="RangeExpr"/> without ends is any number of axes, at most one in a contract.</summary>
/// <param name="Name">The tensor's name; null in an output that has none.</param>
/// <param name="Axes">Its axes.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="List">How many tensors it is, where it is a list.</param>
/// <param name="IsOptional">Whether it may be absent.</param>
public sealed record TensorContract(string? Name, EquatableArray<Expr> Axes, SourceSpan Span, ListContract? List = null, bool IsOptional = false);

/// <summary>A list in a contract: <c>xs[n][..]</c>, <c>xs[i &lt; n][.., dims[i]]</c>, <c>xs[i][..]</c>, <c>xs[..][..]</c>.</summary>
/// <param name="Count">Its length; null: any.</param>
/// <param name="Index">The name that its axes have for the place of an element, or null.</param>
public sealed record ListContract(Expr? Count, string? Index);

/// <summary>How a module is made.</summary>
public abstract record ModuleEntry(SourceSpan Span);

/// <summary>An expression: an application, a conditional of applications, <c>none</c>.</summary>
public sealed record UseEntry(Expr Value, SourceSpan Span) : ModuleEntry(Span);

/// <summary>Children called in sequence, named by position or key.</summary>
public sealed record ChainEntry(EquatableArray<ModuleDeclaration> Children, SourceSpan Span) : ModuleEntry(Span);

/// <summary><paramref name="Count"/> modules; <paramref name="Index"/> is in scope in <paramref name="Body"/> and <paramref name="Names"/>.</summary>
/// <param name="Names">Null: a container whose children are named 0, 1, .... Otherwise (<c>layer{i + 1}</c>) the children belong to
/// the parent itself under these names, and the declaration's own name is only how forward calls them.</param>
public sealed record RepeatEntry(Expr Count, string Index, ModuleEntry Body, InterpolationExpr? Names, SourceSpan Span) : ModuleEntry(Span);

/// <summary>One entry or another (or none) by a static condition.</summary>
public sealed record WhenEntry(Expr Condition, ModuleEntry Then, ModuleEntry? Else, SourceSpan Span) : ModuleEntry(Span);

/// <summary>A named child.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entry">How it is made.</param>
/// <param name="Span">Where the name stands.</param>
public sealed record ModuleDeclaration(string Name, ModuleEntry Entry, SourceSpan Span);

/// <summary>A parameter tensor or buffer: <c>init(args)[axes]</c>, a conditional of such, or <c>none</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">How it is made.</param>
/// <param name="Span">Where the name stands.</param>
/// <param name="Count">Of a list of tensors, <c>v[n]</c>, how many; null: a single one.</param>
/// <param name="Index">Of <c>v[i &lt; n]</c>, the name of an element's place.</param>
public sealed record TensorDeclaration(string Name, Expr Value, SourceSpan Span, Expr? Count = null, string? Index = null);

/// <summary>What a tensor of a module is.</summary>
public enum TensorRole
{
    /// <summary>Trained; in the state dict.</summary>
    Parameter,

    /// <summary>Not trained; in the state dict.</summary>
    Buffer,

    /// <summary>Computed from the parameters of the block; in no state dict.</summary>
    Constant,
}

/// <summary>A tensor that is computed once from the parameters of the block, by code in place of an initialiser.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Code">What computes it.</param>
/// <param name="Role">What it is: a constant, or a buffer or parameter that starts with this value.</param>
/// <param name="Span">Where the name stands.</param>
/// <param name="Condition">When it exists; null: always.</param>
public sealed record ConstantDeclaration(string Name, EquatableArray<Statement> Code, TensorRole Role, SourceSpan Span, Expr? Condition = null);

/// <summary>A block: a function with modules. <paramref name="Inverse"/>, where there is one, recovers inputs from the outputs.</summary>
public sealed record Block(
    string Name,
    EquatableArray<Param> Params,
    EquatableArray<TensorContract> Inputs,
    EquatableArray<TensorContract> Outputs,
    EquatableArray<Definition> Definitions,
    EquatableArray<ModuleDeclaration> Modules,
    EquatableArray<TensorDeclaration> Parameters,
    EquatableArray<TensorDeclaration> Buffers,
    EquatableArray<ConstantDeclaration> Constants,
    EquatableArray<Statement> Forward,
    EquatableArray<Statement> Inverse,
    string? Doc,
    string? Paper,
    SourceSpan Span)
{
    /// <summary>The architecture that this is, where one is applied as a module; null for a block of its own.</summary>
    public AppliedArchitecture? Applied { get; init; }
}

/// <summary>A published set of parameter values.</summary>
public sealed record Variant(string Name, EquatableArray<ParamOverride> Overrides, SourceSpan Span);

/// <summary>A parameter set by a variant.</summary>
public sealed record ParamOverride(string Name, Expr Value, SourceSpan Span);

/// <summary>What <c>features</c> says: the modules whose outputs are the levels, and how an output becomes a map.</summary>
/// <param name="Modules">Names of top-level modules (<see cref="NameExpr"/>), or elements of a repetition (<c>blocks[2]</c>, an <see cref="IndexExpr"/> with a
/// literal); the name of a repetition stands for each of its elements.</param>
/// <param name="As">Expression in <c>x</c> that turns an output into [B, C, H, W], or null.</param>
/// <param name="Span">Where.</param>
public sealed record FeatureSection(EquatableArray<Expr> Modules, Expr? As, SourceSpan Span);

/// <summary>An initialiser that replaces the one declared by a block: <c>linear.weight: trunc_normal(std=0.02)</c>.</summary>
public sealed record InitOverride(string Block, string Tensor, Expr Initializer, SourceSpan Span);

/// <summary>A domain of the search section, read here, checked against the params, used by the search.</summary>
public sealed record SearchDomain(Expr Target, string Kind, EquatableArray<Expr> Values, SourceSpan Span);

/// <summary>An architecture, as written.</summary>
/// <param name="Body">The block that it is: stem, stages and head have become modules in that order (with those of <c>modules</c> after them),
/// and where no forward is written, the forward calls them in that order.</param>
/// <param name="Sizes">The usual sizes of the input's axes, by name: what is summarised and costed where nobody says another.</param>
public sealed record Architecture(
    string Name,
    EquatableArray<NameExpr> Uses,
    Block Body,
    EquatableArray<Variant> Variants,
    FeatureSection? Features,
    EquatableArray<InitOverride> Inits,
    EquatableArray<SearchDomain> Search,
    EquatableArray<Definition> Sizes,
    SourceSpan Span)
{
    /// <summary>The block that it is, where its file writes no body; <see cref="Body"/> then holds the parameters alone.</summary>
    public NameExpr? Is { get; init; }
}
