using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;

namespace Notochord.Dsl.Ir;

/// <summary>Visits the tensor variables of instructions.</summary>
public static class CodeWalker
{
    /// <summary>Variables that an instruction, with what it contains, reads or assigns; one entry a mention.</summary>
    public static IEnumerable<Local> Locals(Instruction i) => Uses(i).Concat(Assigned(i));

    /// <summary>Variables that an instruction, with what it contains, assigns.</summary>
    public static IEnumerable<Local> Assigned(Instruction i) => i switch
    {
        Apply a => a.Results,
        CallModule c => c.Results,
        Alias a => [a.Target],
        Branch b => b.Then.Concat(b.Else).SelectMany(Assigned),
        Loop l => l.Body.SelectMany(Assigned),
        _ => [],
    };

    /// <summary>Variables that an instruction, with what it contains, reads (their values or their sizes); one entry a mention.</summary>
    public static IEnumerable<Local> Uses(Instruction i) => i switch
    {
        Apply a => a.Arguments.SelectMany(Uses).Concat(a.Axes.SelectMany(x => Uses(x.Size))),
        CallModule c => c.Arguments.Concat(c.Module.Steps.Where(s => s.Index is not null).SelectMany(s => Uses(s.Index!))),
        Alias a => [a.Source],
        SetStatic s => Uses(s.Value),
        Branch b => Uses(b.Condition).Concat(b.Then.Concat(b.Else).SelectMany(Uses)),
        Loop l => Uses(l.From).Concat(Uses(l.To)).Concat(l.Body.SelectMany(Uses)),
        Return r => r.Values,
        _ => [],
    };

    /// <summary>Variables whose sizes an expression asks for.</summary>
    public static IEnumerable<Local> Uses(Expr e) => e is AxisExpr a ? [a.Tensor] : ExprWalker.Children(e).SelectMany(Uses);

    private static IEnumerable<Local> Uses(Operand o) => o switch
    {
        TensorOperand t => [t.Local],
        TensorsOperand t => t.Locals,
        StaticOperand s => Uses(s.Value),
        _ => [],
    };
}
