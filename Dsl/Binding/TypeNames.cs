using Notochord.Dsl.Model;

namespace Notochord.Dsl.Binding;

/// <summary>Types as messages and signatures call them.</summary>
public static class TypeNames
{
    /// <summary><c>int</c>, <c>double[]</c>, ....</summary>
    public static string Of(ParamType type) => type switch
    {
        ParamType.Int => "int",
        ParamType.Double => "double",
        ParamType.Bool => "bool",
        ParamType.String => "string",
        ParamType.IntList => "int[]",
        ParamType.DoubleList => "double[]",
        ParamType.BoolList => "bool[]",
        ParamType.StringList => "string[]",
        _ => "block",
    };

    /// <summary>Type of a list's elements; null for what is no list.</summary>
    public static ParamType? ElementOf(ParamType type) => type switch
    {
        ParamType.IntList => ParamType.Int,
        ParamType.DoubleList => ParamType.Double,
        ParamType.BoolList => ParamType.Bool,
        ParamType.StringList => ParamType.String,
        _ => null,
    };

    /// <summary>Type of a list of such elements; null where there is none.</summary>
    public static ParamType? ListOf(ParamType type) => type switch
    {
        ParamType.Int => ParamType.IntList,
        ParamType.Double => ParamType.DoubleList,
        ParamType.Bool => ParamType.BoolList,
        ParamType.String => ParamType.StringList,
        _ => null,
    };

    /// <summary><c>mlp(int dim, int hidden, double drop = 0)</c>.</summary>
    public static string Signature(Block block)
        => $"{block.Name}({string.Join(", ", block.Params.Select(p => $"{Of(p.Type)} {p.Name}{(p.Default is null ? "" : " = ...")}"))})";
}
