using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Attributes;

/// <summary>A class with Notochord's attributes, free of symbols and compared by value.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Attributes">Its attributes of the namespace Notochord, in the order written.</param>
/// <param name="Span">Where the class's name stands.</param>
public sealed record AttributedClass(string Name, EquatableArray<AttributeText> Attributes, SourceSpan Span);

/// <summary>One attribute.</summary>
/// <param name="Name">Its name without <c>Attribute</c>: <c>Backbone</c>, <c>Stem</c>...</param>
/// <param name="Arguments">Its arguments, in the order written.</param>
/// <param name="Span">Where its name stands.</param>
public sealed record AttributeText(string Name, EquatableArray<AttributeArgument> Arguments, SourceSpan Span);

/// <summary>An argument of an attribute.</summary>
/// <param name="Name">The property that it sets, or null for a positional one.</param>
/// <param name="Values">The constant as text (a string's value, <c>true</c>, <c>3</c>) with the places of its characters; several for an array.</param>
/// <param name="Span">Where it stands.</param>
public sealed record AttributeArgument(string? Name, EquatableArray<CodeText> Values, SourceSpan Span);
