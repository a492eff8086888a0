using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>A statement of a <c>forward</c>, as written.</summary>
/// <param name="Span">Where it stands.</param>
public abstract record Statement(SourceSpan Span);

/// <summary><c>x = value;</c>, <c>(a, b) = value;</c>, <c>var x = value;</c>. A compound <c>x += v</c> is stored as <c>x = x + v</c>; a target of null is a discard.</summary>
public sealed record AssignStatement(EquatableArray<string?> Targets, Expr Value, SourceSpan Span) : Statement(Span);

/// <summary><c>if (c) { } else { }</c>.</summary>
public sealed record IfStatement(Expr Condition, EquatableArray<Statement> Then, EquatableArray<Statement> Else, SourceSpan Span) : Statement(Span);

/// <summary><c>for (int i = from; i &lt; to; i++) { }</c>; the limit is exclusive.</summary>
public sealed record ForStatement(string Index, Expr From, Expr To, EquatableArray<Statement> Body, SourceSpan Span) : Statement(Span);

/// <summary><c>foreach (var x in list) { }</c>.</summary>
public sealed record ForEachStatement(string Item, Expr List, EquatableArray<Statement> Body, SourceSpan Span) : Statement(Span);

/// <summary><c>return value;</c>; several values are a tuple.</summary>
public sealed record ReturnStatement(Expr Value, SourceSpan Span) : Statement(Span);
