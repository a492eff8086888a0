using Notochord.Dsl.Expressions;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Ir;

/// <summary>What a tensor variable of a <see cref="Code"/> is.</summary>
public enum LocalKind
{
    /// <summary>An input of the block: the caller owns it.</summary>
    Input,

    /// <summary>A parameter, buffer or constant: the module owns it.</summary>
    State,

    /// <summary>A result: this code owns it, and releases it after its last use unless it is returned.</summary>
    Result,
}

/// <summary>A tensor variable. Straight-line code assigns each once; one that is assigned again inside an <see cref="Branch"/> or
/// <see cref="Loop"/> (where its value must flow out) has <paramref name="IsMutable"/>.</summary>
/// <param name="Id">Unique in its code.</param>
/// <param name="Name">The name that the user wrote, or one made from the operation.</param>
/// <param name="Kind">Who owns it.</param>
/// <param name="IsMutable">Whether it is assigned more than once.</param>
/// <param name="IsList">Whether it holds a list of tensors. Who owns a list owns the handles in it.</param>
/// <param name="Part">Of a mention of a list: the index of the one element that is meant, or the <see cref="RangeExpr"/> of some; null: the variable itself.
/// A mention with a part borrows from the list.</param>
/// <param name="IsOptional">Whether it may be absent: an optional input, or a parameter with a condition.</param>
public sealed record Local(int Id, string Name, LocalKind Kind, bool IsMutable = false, bool IsList = false, Expr? Part = null, bool IsOptional = false)
{
    /// <summary>Whether it stands for any number of tensors: a list or a range of one.</summary>
    public bool IsSeveral => IsList && Part is null or RangeExpr;
}

/// <summary>Typed, name-resolved code of a <c>forward</c> or a constant, still generic in the block's parameters: every tensor expression is an
/// instruction of its own, static expressions stay expressions. The emitter prints it; instantiation runs it with values.</summary>
/// <param name="Inputs">In the order of the contract.</param>
/// <param name="Body">The instructions; every path ends in <see cref="Return"/>.</param>
public sealed record Code(EquatableArray<Local> Inputs, EquatableArray<Instruction> Body)
{
    /// <summary>Whether a list that it returns is its outputs, the last of them the model's: where one return gives a list and another one tensor, that
    /// one is here a list of one. Otherwise a list that an architecture returns may be its levels.</summary>
    public bool GivesOutputs { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Span">The expression or statement in the declaration.</param>
public abstract record Instruction(SourceSpan Span);

/// <summary>Applies a primitive. <paramref name="Arguments"/> are in the order of its signature, all present.</summary>
public sealed record Apply(EquatableArray<Local> Results, Primitive Primitive, EquatableArray<Operand> Arguments, EquatableArray<NamedAxis> Axes, SourceSpan Span) : Instruction(Span);

/// <summary>Makes a list of tensors, elements and (spread) lists: <c>[a, ..xs, ys[0]]</c>.</summary>
public sealed record MakeList(Local Target, EquatableArray<Local> Items, SourceSpan Span) : Instruction(Span);

/// <summary>Calls a child. Calling an absent one is the identity.</summary>
/// <param name="Arguments">A <see cref="TensorOperand"/>, a <see cref="TensorsOperand"/> for a list, or an <see cref="AbsentOperand"/>.</param>
/// <param name="Level">For a module that <c>features</c> names: the index of the level that the result is, or -1 for none; null otherwise.</param>
public sealed record CallModule(EquatableArray<Local> Results, ModulePath Module, EquatableArray<Operand> Arguments, Expr? Level, SourceSpan Span) : Instruction(Span);

/// <summary><paramref name="Target"/> becomes another handle of <paramref name="Source"/>.</summary>
public sealed record Alias(Local Target, Local Source, SourceSpan Span) : Instruction(Span);

/// <summary>A static variable: <c>n = H / window</c>.</summary>
public sealed record SetStatic(string Name, Expr Value, SourceSpan Span) : Instruction(Span);

/// <summary>A static condition.</summary>
public sealed record Branch(Expr Condition, EquatableArray<Instruction> Then, EquatableArray<Instruction> Else, SourceSpan Span) : Instruction(Span);

/// <summary>A static loop; the limit is exclusive.</summary>
public sealed record Loop(string Index, Expr From, Expr To, EquatableArray<Instruction> Body, SourceSpan Span) : Instruction(Span);

/// <summary>Ends the code with these results.</summary>
public sealed record Return(EquatableArray<Local> Values, SourceSpan Span) : Instruction(Span);

/// <summary>A named axis size given to a pattern: <c>p=window</c>.</summary>
public sealed record NamedAxis(string Name, Expr Size);

/// <summary>A child of the block, or an element of one: <c>attn</c>, <c>layers[i]</c>, <c>stem.proj</c>.</summary>
public sealed record ModulePath(string Name, EquatableArray<PathStep> Steps);

/// <summary>A step into a child: an index (<paramref name="Index"/>) or a member (<paramref name="Member"/>).</summary>
public sealed record PathStep(Expr? Index, string? Member);

/// <summary>An argument of a primitive.</summary>
public abstract record Operand;

/// <summary>A tensor.</summary>
public sealed record TensorOperand(Local Local) : Operand;

/// <summary>Several tensors, in order; a list among them stands for its elements.</summary>
public sealed record TensorsOperand(EquatableArray<Local> Locals) : Operand;

/// <summary>An optional tensor that is not there.</summary>
public sealed record AbsentOperand : Operand;

/// <summary>A static value. Names in it are parameters, definitions, loop indices, static variables and the axes of the input contract;
/// <c>x.shape[i]</c> and the like have become <see cref="TensorFact"/>s.</summary>
public sealed record StaticOperand(Expr Value) : Operand;

/// <summary>A static value that is read off a tensor variable.</summary>
/// <param name="Tensor">The variable.</param>
/// <param name="Span">Where.</param>
public abstract record TensorFact(Local Tensor, SourceSpan Span) : Expr(Span);

/// <summary>The size of axis <paramref name="Axis"/> (negative: from the end) of a tensor variable.</summary>
public sealed record AxisExpr(Local Tensor, int Axis, SourceSpan Span) : TensorFact(Tensor, Span);

/// <summary>How many tensors a list holds: known once the parameters are.</summary>
public sealed record LengthExpr(Local Tensor, SourceSpan Span) : TensorFact(Tensor, Span);

/// <summary>Whether an optional tensor is there (or, with <paramref name="Negated"/>, is not): <c>skip != none</c>.</summary>
public sealed record PresenceExpr(Local Tensor, bool Negated, SourceSpan Span) : TensorFact(Tensor, Span);

/// <summary>Whether the module is in training: the word <c>training</c> in a condition of a forward. Known when the model runs; instantiation follows both modes.</summary>
/// <param name="Span">Where.</param>
public sealed record TrainingExpr(SourceSpan Span) : Expr(Span)
{
    /// <summary>The word.</summary>
    public const string Word = "training";

    /// <summary>Whether an expression asks for the mode.</summary>
    public static bool IsIn(Expr e) => Binding.ExprWalker.Find(e, x => x is TrainingExpr) is not null;
}
