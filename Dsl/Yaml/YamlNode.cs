using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Yaml;

/// <summary>A node of a declaration, from YAML or from attributes. Immutable; aliases are resolved, so a node may stand in several places.</summary>
/// <param name="Span">Where it is written.</param>
internal abstract record YamlNode(SourceSpan Span)
{
    /// <summary>What it is, in a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>How a scalar is written.</summary>
internal enum ScalarForm
{
    /// <summary>Without quotes.</summary>
    Plain,

    /// <summary>In single or double quotes.</summary>
    Quoted,

    /// <summary>Lines after <c>|</c> or <c>&gt;</c>.</summary>
    Lines,
}

/// <summary>A scalar. Its code is the same text as its value, with the place of each character.</summary>
internal sealed record YamlScalar(CodeText Code, ScalarForm Form, SourceSpan Span) : YamlNode(Span)
{
    public string Value => Code.Text;

    /// <summary>Nothing is written after the key.</summary>
    public bool IsEmpty => Form == ScalarForm.Plain && Code.Text.Length == 0;

    public override string Kind => IsEmpty ? "nothing" : "a scalar";
}

/// <summary>A list.</summary>
/// <param name="Flow">Written in brackets.</param>
internal sealed record YamlSequence(EquatableArray<YamlNode> Items, bool Flow, SourceSpan Span) : YamlNode(Span)
{
    public override string Kind => "a list";
}

/// <summary>A mapping; no key is there twice.</summary>
internal sealed record YamlMapping(EquatableArray<YamlEntry> Entries, SourceSpan Span) : YamlNode(Span)
{
    public override string Kind => "a mapping";
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
