using Notochord.Dsl.Expressions;

namespace Notochord.Dsl.Primitives;

/// <summary>One call of a primitive, for its emission. The texts are C# expressions that the emitter has made of the arguments.</summary>
public sealed class EmitSite
{
    private readonly Primitive _primitive;
    private readonly IReadOnlyList<string?> _texts;
    private readonly IReadOnlyList<Expr?> _statics;
    private readonly Func<string, int, string> _axis;

    /// <param name="primitive">What is called.</param>
    /// <param name="texts">C# of each argument in the order of the signature; null for an absent tensor. A list of integers is a C# collection expression,
    /// a list of tensors a list of expressions in brackets.</param>
    /// <param name="statics">The expression of each static argument; null for tensors.</param>
    /// <param name="axes">C# of the sizes given to axes by name.</param>
    /// <param name="axis">C# of the size of an axis (negative: from the end) of a tensor argument.</param>
    public EmitSite(Primitive primitive, IReadOnlyList<string?> texts, IReadOnlyList<Expr?> statics, IReadOnlyDictionary<string, string> axes, Func<string, int, string> axis)
        => (_primitive, _texts, _statics, Axes, _axis) = (primitive, texts, statics, axes, axis);

    /// <summary>Sizes given to axes by name, as C#.</summary>
    public IReadOnlyDictionary<string, string> Axes { get; }

    /// <summary>An argument as C#; <c>null</c> for an absent tensor.</summary>
    public string this[string name] => _texts[Index(name)] ?? "null";

    /// <summary>Whether an optional tensor is absent.</summary>
    public bool IsAbsent(string name) => _texts[Index(name)] is null;

    /// <summary>Whether an argument is static (a number where a tensor would do as well).</summary>
    public bool IsStatic(string name) => _statics[Index(name)] is not null;

    /// <summary>A static argument as declared.</summary>
    public Expr Static(string name) => _statics[Index(name)]!;

    /// <summary>A static string, which must be a literal.</summary>
    public string Literal(string name) => ((StringLiteral)Static(name)).Value;

    /// <summary>The size of an axis (negative: from the end) of a tensor argument, as C#.</summary>
    public string Axis(string name, int axis) => _axis(name, axis);

    /// <summary><paramref name="template"/> with every <c>{name}</c> replaced by that argument.</summary>
    public string Fill(string template)
    {
        foreach (var p in _primitive.Parameters) template = template.Replace("{" + p.Name + "}", this[p.Name]);
        return template;
    }

    private int Index(string name)
    {
        for (var i = 0; i < _primitive.Parameters.Count; i++)
        {
            if (_primitive.Parameters[i].Name == name) return i;
        }

        throw new InvalidOperationException($"{_primitive} has no parameter '{name}'.");
    }
}
