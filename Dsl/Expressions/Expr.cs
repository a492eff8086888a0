using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>An expression: the part of C#'s that declarations use, free of Roslyn nodes and compared by value.</summary>
/// <param name="Span">Where it stands.</param>
public abstract record Expr(SourceSpan Span);

/// <summary>A literal integer.</summary>
public sealed record IntLiteral(long Value, SourceSpan Span) : Expr(Span);

/// <summary>A literal floating-point number.</summary>
public sealed record DoubleLiteral(double Value, SourceSpan Span) : Expr(Span);

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BoolLiteral(bool Value, SourceSpan Span) : Expr(Span);

/// <summary>A literal string.</summary>
public sealed record StringLiteral(string Value, SourceSpan Span) : Expr(Span);

/// <summary><c>none</c> or <c>null</c>: an absent module or tensor.</summary>
public sealed record NoneLiteral(SourceSpan Span) : Expr(Span);

/// <summary>A name.</summary>
public sealed record NameExpr(string Name, SourceSpan Span) : Expr(Span);

/// <summary><c>-a</c>, <c>!a</c>; <paramref name="Op"/> is the C# token.</summary>
public sealed record UnaryExpr(string Op, Expr Operand, SourceSpan Span) : Expr(Span);

/// <summary><c>a op b</c>; <paramref name="Op"/> is the C# token.</summary>
public sealed record BinaryExpr(string Op, Expr Left, Expr Right, SourceSpan Span) : Expr(Span);

/// <summary><c>c ? a : b</c>.</summary>
public sealed record ConditionalExpr(Expr Condition, Expr Then, Expr Else, SourceSpan Span) : Expr(Span);

/// <summary><c>(int)a</c>; <paramref name="Type"/> is <c>int</c>, <c>long</c> (the same), <c>double</c> or <c>bool</c>.</summary>
public sealed record CastExpr(string Type, Expr Operand, SourceSpan Span) : Expr(Span);

/// <summary>An argument, positional when <paramref name="Name"/> is null. <c>name:v</c> and <c>name=v</c> are the same.</summary>
public sealed record Argument(string? Name, Expr Value, SourceSpan Span);

/// <summary><c>callee(args)</c>. The callee is a name, an index (<c>blocks[j]</c>) or a member (<c>stem.proj</c>).</summary>
public sealed record CallExpr(Expr Callee, EquatableArray<Argument> Arguments, SourceSpan Span) : Expr(Span);

/// <summary><c>a.b</c>.</summary>
public sealed record MemberExpr(Expr Target, string Name, SourceSpan Span) : Expr(Span);

/// <summary><c>a[i]</c>, <c>a[.., 1..k]</c>.</summary>
public sealed record IndexExpr(Expr Target, EquatableArray<Expr> Indices, SourceSpan Span) : Expr(Span);

/// <summary><c>a?[i]</c>: an optional tensor in a contract.</summary>
public sealed record OptionalExpr(Expr Target, EquatableArray<Expr> Indices, SourceSpan Span) : Expr(Span);

/// <summary><c>from..to</c>; either side may be absent.</summary>
public sealed record RangeExpr(Expr? From, Expr? To, SourceSpan Span) : Expr(Span);

/// <summary><c>^i</c>: from the end.</summary>
public sealed record FromEndExpr(Expr Operand, SourceSpan Span) : Expr(Span);

/// <summary><c>..a</c> in a list: the elements of a list.</summary>
public sealed record SpreadExpr(Expr Operand, SourceSpan Span) : Expr(Span);

/// <summary><c>[a, ..b]</c>.</summary>
public sealed record ListExpr(EquatableArray<Expr> Items, SourceSpan Span) : Expr(Span);

/// <summary><c>(a, b)</c>.</summary>
public sealed record TupleExpr(EquatableArray<Expr> Items, SourceSpan Span) : Expr(Span);

/// <summary>An interpolated string: its parts are <see cref="StringLiteral"/>s and other expressions.</summary>
public sealed record InterpolationExpr(EquatableArray<Expr> Parts, SourceSpan Span) : Expr(Span);
