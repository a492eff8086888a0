using System.Text.RegularExpressions;
using Notochord.Dsl.Expressions;

namespace Notochord.Dsl.Primitives;

/// <summary>One call of a primitive, for its emission. The texts are C# expressions that the emitter has made of the arguments.</summary>
/// <remarks>An emission may use the names <c>torch</c> (TorchSharp.torch), <c>F</c> (torch.nn.functional), <c>ScalarType</c>, <c>PaddingModes</c>, <c>Tensor</c>, <c>Op</c>
/// (Notochord.Ops.Op) and <c>training</c> (of the module; <c>false</c> where a constant is computed). Tensors are single names, so a method may follow them.</remarks>
public sealed class EmitSite
{
    private static readonly Regex Simple = new(@"^@?[\w.]+!?(\[[^\[\]]*\]|\([^()]*\))?$", RegexOptions.CultureInvariant);

    private readonly Primitive _primitive;
    private readonly IReadOnlyList<string?> _texts;
    private readonly IReadOnlyList<Expr?> _statics;
    private readonly Func<string, int, string> _axis;
    private readonly Func<string, int> _rank;
    private readonly Func<string, bool> _mayBeNull;
    private readonly List<(string Size, string Divisor, string Tensor)> _multiples = [];

    /// <param name="primitive">What is called.</param>
    /// <param name="texts">C# of each argument in the order of the signature; null for an absent tensor. A list of integers is a C# collection expression,
    /// a list of tensors a list of expressions in brackets.</param>
    /// <param name="statics">The expression of each static argument; null for tensors.</param>
    /// <param name="axes">C# of the sizes given to axes by name.</param>
    /// <param name="axis">C# of the size of an axis (negative: from the end) of a tensor argument.</param>
    /// <param name="rank">Number of axes of a tensor argument.</param>
    /// <param name="mayBeNull">Whether an argument is a field that some instances lack.</param>
    public EmitSite(
        Primitive primitive, IReadOnlyList<string?> texts, IReadOnlyList<Expr?> statics, IReadOnlyDictionary<string, string> axes, Func<string, int, string> axis, Func<string, int> rank,
        Func<string, bool> mayBeNull)
        => (_primitive, _texts, _statics, Axes, _axis, _rank, _mayBeNull) = (primitive, texts, statics, axes, axis, rank, mayBeNull);

    /// <summary>Sizes given to axes by name, as C#.</summary>
    public IReadOnlyDictionary<string, string> Axes { get; }

    /// <summary>What the emission needs of sizes: the C# of an axis, of what must divide it, and the tensor.</summary>
    public IReadOnlyList<(string Size, string Divisor, string Tensor)> Multiples => _multiples;

    /// <summary>The call is right only if an axis is a multiple of <paramref name="divisor"/>; the emitter guards it where that is not certain.</summary>
    public void RequireMultiple(string tensor, int axis, string divisor)
    {
        var multiple = (Axis(tensor, axis), divisor, this[tensor]);
        if (!_multiples.Contains(multiple)) _multiples.Add(multiple);
    }

    /// <summary>An argument as C#; <c>null</c> for an absent tensor.</summary>
    public string this[string name] => _texts[Index(name)] ?? "null";

    /// <summary>An optional tensor that is given, as C# that a member may follow.</summary>
    public string Receiver(string name) => this[name] + (_mayBeNull(name) ? "!" : "");

    /// <summary>Whether an optional tensor is absent.</summary>
    public bool IsAbsent(string name) => _texts[Index(name)] is null;

    /// <summary>Whether an argument is static (a number where a tensor would do as well).</summary>
    public bool IsStatic(string name) => _statics[Index(name)] is not null;

    /// <summary>A static argument as declared.</summary>
    public Expr Static(string name) => _statics[Index(name)]!;

    /// <summary>A static string that is written out, or null when an expression makes it.</summary>
    public string? Literal(string name) => (Static(name) as StringLiteral)?.Value;

    /// <summary>A static integer that is written out.</summary>
    public long Number(string name) => LiteralValue(Static(name)) is long value ? value : throw new InvalidOperationException($"{_primitive}: '{name}' is no literal.");

    /// <summary>Whether a static argument is written out as its default is.</summary>
    public bool IsDefault(string name)
    {
        var index = Index(name);
        return _primitive.Parameters[index].Default is { } standard && _statics[index] is { } given && Same(LiteralValue(standard), LiteralValue(given));
    }

    /// <summary>Whether a static list is written out and empty.</summary>
    public bool IsEmpty(string name) => Static(name) is ListExpr { Items.Count: 0 };

    /// <summary>The size of an axis (negative: from the end) of a tensor argument, as C#.</summary>
    public string Axis(string name, int axis) => _axis(name, axis);

    /// <summary>Number of axes of a tensor argument.</summary>
    public int Rank(string name) => _rank(name);

    /// <summary>An argument as an operand of an operator: in parentheses unless it is a name, a number or a call.</summary>
    public string Operand(string name) => Parenthesize(this[name]);

    /// <summary><c>, target: value</c> for each optional argument that is not its default.</summary>
    public string Options(params (string Name, string Target)[] options)
        => string.Concat(options.Where(o => IsStatic(o.Name) ? !IsDefault(o.Name) : !IsAbsent(o.Name)).Select(o => $", {o.Target}: {this[o.Name]}"));

    /// <summary><paramref name="template"/> with every <c>{name}</c> replaced by that argument.</summary>
    public string Fill(string template)
    {
        foreach (var p in _primitive.Parameters) template = template.Replace("{" + p.Name + "}", this[p.Name]);
        return template;
    }

    /// <summary>An expression that an operator may stand beside.</summary>
    internal static string Parenthesize(string text) => Simple.IsMatch(text) ? text : $"({text})";

    // long, double, bool, string, object[] of these, or null when it is not written out. One integer is the list of one.
    private static object? LiteralValue(Expr expression) => expression switch
    {
        IntLiteral i => i.Value,
        DoubleLiteral d => d.Value,
        BoolLiteral b => b.Value,
        StringLiteral s => s.Value,
        UnaryExpr { Op: "-" } u => LiteralValue(u.Operand) switch { long i => -i, double d => -d, _ => (object?)null },
        ListExpr { Items: { Count: 1 } single } => LiteralValue(single[0]),
        ListExpr list => list.Items.Select(LiteralValue).ToArray(),
        _ => null,
    };

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, _) or (_, null) => false,
        (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y, Same).All(same => same),
        (long x, double y) => x == y,
        (double x, long y) => x == y,
        _ => a!.Equals(b),
    };

    private int Index(string name)
    {
        for (var i = 0; i < _primitive.Parameters.Count; i++)
        {
            if (_primitive.Parameters[i].Name == name) return i;
        }

        throw new InvalidOperationException($"{_primitive} has no parameter '{name}'.");
    }
}
