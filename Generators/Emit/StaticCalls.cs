namespace Notochord.Generators.Emit;

/// <summary>How a static function is called in C#, and what it returns.</summary>
internal static class StaticCalls
{
    private static readonly Dictionary<string, StaticKind> Fixed = new(StringComparer.Ordinal)
    {
        ["len"] = StaticKind.Int32,
        ["floor"] = StaticKind.Int64,
        ["ceil"] = StaticKind.Int64,
        ["round"] = StaticKind.Int64,
        ["sqrt"] = StaticKind.Double,
        ["pow"] = StaticKind.Double,
        ["exp"] = StaticKind.Double,
        ["log"] = StaticKind.Double,
        ["log2"] = StaticKind.Double,
        ["linspace"] = StaticKind.DoubleList,
        ["range"] = StaticKind.Int64List,
        ["make_divisible"] = StaticKind.Int64,
        ["ceil_div"] = StaticKind.Int64,
        ["ceil_to"] = StaticKind.Int64,
        ["gcd"] = StaticKind.Int64,
    };

    /// <summary>The C# of a call. A length is a property; the others are functions of the runtime.</summary>
    public static string CSharp(string function, string arguments)
        => function == "len" ? $"{arguments}.Length" : $"Arithmetic.{Naming.Identifier(function)}({arguments})";

    /// <summary>What a call returns.</summary>
    public static StaticKind Kind(string function, IReadOnlyList<StaticKind> arguments)
    {
        if (Fixed.TryGetValue(function, out var kind)) return kind;
        if (arguments.Count == 0) return StaticKind.Int64;
        return function switch
        {
            "sum" or "prod" => Wide(StaticKinds.Element(arguments[0])),
            "cumsum" => arguments[0],
            // min and max of one list are of its elements.
            _ => Wide(arguments.Select(a => a is StaticKind.Int64List or StaticKind.DoubleList ? StaticKinds.Element(a) : a).Aggregate(StaticKinds.Wider)),
        };
    }

    private static StaticKind Wide(StaticKind kind) => kind == StaticKind.Int32 ? StaticKind.Int64 : kind;
}
