using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>The C# type of a static expression, as far as printing needs it.</summary>
internal enum StaticKind
{
    /// <summary>A C# <c>int</c>: a small literal, a loop index or a length. A product of two of them would be 32-bit.</summary>
    Int32,

    /// <summary>A C# <c>long</c>.</summary>
    Int64,

    /// <summary>A C# <c>double</c>.</summary>
    Double,

    /// <summary>A C# <c>bool</c>.</summary>
    Bool,

    /// <summary>A C# <c>string</c>.</summary>
    String,

    /// <summary>A C# <c>long[]</c>.</summary>
    Int64List,

    /// <summary>A C# <c>double[]</c>.</summary>
    DoubleList,

    /// <summary>A C# <c>bool[]</c>.</summary>
    BoolList,

    /// <summary>A C# <c>string[]</c>.</summary>
    StringList,

    /// <summary>A function that makes a module.</summary>
    Block,
}

/// <summary>Types of static expressions.</summary>
internal static class StaticKinds
{
    /// <summary>The kind of a declared type.</summary>
    public static StaticKind Of(ParamType type) => type switch
    {
        ParamType.Int => StaticKind.Int64,
        ParamType.Double => StaticKind.Double,
        ParamType.Bool => StaticKind.Bool,
        ParamType.String => StaticKind.String,
        ParamType.IntList => StaticKind.Int64List,
        ParamType.DoubleList => StaticKind.DoubleList,
        ParamType.BoolList => StaticKind.BoolList,
        ParamType.StringList => StaticKind.StringList,
        _ => StaticKind.Block,
    };

    /// <summary>The kind of an expression; <paramref name="name"/> gives that of a variable.</summary>
    public static StaticKind Of(Expr expr, Func<string, StaticKind> name) => expr switch
    {
        IntLiteral i => i.Value is >= int.MinValue and <= int.MaxValue ? StaticKind.Int32 : StaticKind.Int64,
        DoubleLiteral => StaticKind.Double,
        BoolLiteral => StaticKind.Bool,
        StringLiteral or InterpolationExpr => StaticKind.String,
        NameExpr n => name(n.Name),
        LengthExpr => StaticKind.Int32,
        PresenceExpr or TrainingExpr => StaticKind.Bool,
        UnaryExpr { Op: "!" } => StaticKind.Bool,
        UnaryExpr u => Of(u.Operand, name),
        BinaryExpr b => OfBinary(b, name),
        ConditionalExpr c => Wider(Of(c.Then, name), Of(c.Else, name)),
        CastExpr { Type: "double" } => StaticKind.Double,
        CastExpr { Type: "bool" } => StaticKind.Bool,
        CastExpr => StaticKind.Int64,
        CallExpr { Callee: NameExpr f } c => StaticCalls.Kind(f.Name, [.. c.Arguments.Select(a => Of(a.Value, name))]),
        IndexExpr { Indices.Count: 1 } x when x.Indices[0] is RangeExpr => Of(x.Target, name),
        IndexExpr x => Element(Of(x.Target, name)),
        ListExpr l => List(l.Items.Count == 0 ? StaticKind.Int64 : l.Items.Select(i => i is SpreadExpr s ? Element(Of(s.Operand, name)) : Of(i, name)).Aggregate(Wider)),
        _ => StaticKind.Int64,
    };

    /// <summary>The kind of a list's elements.</summary>
    public static StaticKind Element(StaticKind list) => list switch
    {
        StaticKind.DoubleList => StaticKind.Double,
        StaticKind.BoolList => StaticKind.Bool,
        StaticKind.StringList or StaticKind.String => StaticKind.String,
        _ => StaticKind.Int64,
    };

    /// <summary>The C# name of a type; not of <see cref="StaticKind.Block"/>, which depends on its arguments.</summary>
    public static string CSharp(StaticKind kind) => kind switch
    {
        StaticKind.Int32 or StaticKind.Int64 => "long",
        StaticKind.Double => "double",
        StaticKind.Bool => "bool",
        StaticKind.String => "string",
        StaticKind.Int64List => "long[]",
        StaticKind.DoubleList => "double[]",
        StaticKind.BoolList => "bool[]",
        StaticKind.StringList => "string[]",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A block has no type of its own."),
    };

    /// <summary>The kind that both convert to.</summary>
    public static StaticKind Wider(StaticKind a, StaticKind b)
        => a == b ? a : a == StaticKind.Double || b == StaticKind.Double ? StaticKind.Double : a == StaticKind.Int32 ? b : a;

    private static StaticKind List(StaticKind element) => element switch
    {
        StaticKind.Double => StaticKind.DoubleList,
        StaticKind.Bool => StaticKind.BoolList,
        StaticKind.String => StaticKind.StringList,
        _ => StaticKind.Int64List,
    };

    private static StaticKind OfBinary(BinaryExpr b, Func<string, StaticKind> name) => b.Op switch
    {
        "==" or "!=" or "<" or ">" or "<=" or ">=" or "&&" or "||" => StaticKind.Bool,
        "<<" or ">>" => StaticKind.Int64,
        // Printed so that the product of two small ones is 64-bit.
        "*" when Of(b.Left, name) == StaticKind.Int32 && Of(b.Right, name) == StaticKind.Int32 => StaticKind.Int64,
        _ => Wider(Of(b.Left, name), Of(b.Right, name)),
    };
}
