using Notochord.Dsl.Binding;

namespace Notochord.Generators.Emit;

/// <summary>How a static function is called in C#, and what it returns.</summary>
internal static class StaticCalls
{
    /// <summary>The C# of a call. A length is a property; the others are functions of the runtime.</summary>
    public static string CSharp(string function, string arguments)
        => function == "len" ? $"{arguments}.Length" : $"Arithmetic.{Naming.Identifier(function)}({arguments})";

    /// <summary>What a call returns: of the first overload that takes such arguments.</summary>
    public static StaticKind Kind(string function, IReadOnlyList<StaticKind> arguments)
    {
        if (function == "len") return StaticKind.Int32;
        var overloads = StaticFunctions.Find(function).ToList();
        var found = overloads.Find(f => arguments.Count >= f.Required && arguments.Count <= f.Parameters.Length
            && arguments.Select((a, i) => Fits(a, StaticKinds.Of(f.Parameters[i]))).All(fits => fits));
        return StaticKinds.Of((found ?? overloads[0]).Result);
    }

    private static bool Fits(StaticKind argument, StaticKind parameter) => argument == parameter || (argument, parameter) switch
    {
        (StaticKind.Int32, StaticKind.Int64 or StaticKind.Double or StaticKind.Int64List) => true,
        (StaticKind.Int64, StaticKind.Double or StaticKind.Int64List) => true,
        _ => false,
    };
}
