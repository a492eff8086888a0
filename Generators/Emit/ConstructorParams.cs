using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>The parameters of a block as those of a constructor.</summary>
internal static class ConstructorParams
{
    /// <summary>In C#'s order: those without a default first.</summary>
    public static IEnumerable<Param> Ordered(Block block) => block.Params.Where(p => p.Default is null).Concat(block.Params.Where(p => p.Default is not null));

    /// <summary>Whether a default is a constant in C#, so that the signature can hold it; the constructor fills in the others.</summary>
    public static bool IsConstant(Param param) => param.Type is ParamType.Int or ParamType.Double or ParamType.Bool or ParamType.String && param.Default is { } d && IsConstant(d);

    private static bool IsConstant(Expr expr) => expr switch
    {
        IntLiteral or DoubleLiteral or BoolLiteral or StringLiteral => true,
        UnaryExpr u => IsConstant(u.Operand),
        BinaryExpr b => IsConstant(b.Left) && IsConstant(b.Right),
        ConditionalExpr c => IsConstant(c.Condition) && IsConstant(c.Then) && IsConstant(c.Else),
        CastExpr c => IsConstant(c.Operand),
        _ => false,
    };
}
