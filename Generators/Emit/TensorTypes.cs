using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>C# types of what modules take and give.</summary>
internal static class TensorTypes
{
    public const string Tensor = "Tensor";
    public const string Optional = "Tensor?";
    public const string List = "Tensor[]";

    /// <summary>The type of an input.</summary>
    public static string Of(TensorContract contract) => contract.List is not null ? List : contract.IsOptional ? Optional : Tensor;

    /// <summary>The type of a variable.</summary>
    public static string Of(Local local) => local.IsSeveral ? List : local.IsOptional ? Optional : Tensor;

    /// <summary>The type that an argument asks for.</summary>
    public static string Of(Operand operand) => operand switch
    {
        TensorsOperand => List,
        AbsentOperand => Optional,
        TensorOperand { Local: { Kind: LocalKind.Input, IsOptional: true } } => Optional,
        _ => Tensor,
    };

    /// <summary>The types of what code gives.</summary>
    public static IReadOnlyList<string> Results(Code code) => [.. CodeWalker.Results(code).Select(isList => isList ? List : Tensor)];

    /// <summary>One result, or a tuple of several.</summary>
    public static string Result(IReadOnlyList<string> results) => results.Count == 1 ? results[0] : $"({string.Join(", ", results)})";

    /// <summary>The base class: <c>Module&lt;Tensor, Tensor&gt;</c>.</summary>
    public static string Module(IReadOnlyList<string> inputs, IReadOnlyList<string> results) => $"Module<{string.Join(", ", inputs.Count == 0 ? [Tensor] : inputs)}, {Result(results)}>";

    /// <summary>The base class of what is called so.</summary>
    public static string Module(CallModule? call) => call is null ? Module([Tensor], [Tensor]) : Module([.. call.Arguments.Select(Of)], [.. call.Results.Select(Of)]);
}
