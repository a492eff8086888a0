using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

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
        MakeList m => [m.Target],
        Branch b => b.Then.Concat(b.Else).SelectMany(Assigned),
        Loop l => l.Body.SelectMany(Assigned),
        _ => [],
    };

    /// <summary>Variables that an instruction, with what it contains, reads (their values or their sizes); one entry a mention.</summary>
    public static IEnumerable<Local> Uses(Instruction i) => i switch
    {
        Apply a => a.Arguments.SelectMany(Uses).Concat(a.Axes.SelectMany(x => Uses(x.Size))),
        CallModule c => c.Arguments.SelectMany(Uses).Concat(c.Module.Steps.Where(s => s.Index is not null).SelectMany(s => Uses(s.Index!))),
        Alias a => Uses(a.Source),
        MakeList m => m.Items.SelectMany(Uses),
        SetStatic s => Uses(s.Value),
        Branch b => Uses(b.Condition).Concat(b.Then.Concat(b.Else).SelectMany(Uses)),
        Loop l => Uses(l.From).Concat(Uses(l.To)).Concat(l.Body.SelectMany(Uses)),
        Return r => r.Values.SelectMany(Uses),
        _ => [],
    };

    /// <summary>The returns of code, in order.</summary>
    public static IEnumerable<Return> Returns(IEnumerable<Instruction> body) => body.SelectMany(i => i switch
    {
        Return r => [r],
        Branch b => Returns(b.Then).Concat(Returns(b.Else)),
        Loop l => Returns(l.Body),
        _ => [],
    });

    /// <summary>For each result of a return whether it is a list.</summary>
    public static EquatableArray<bool> Lists(Return r) => r.Values.Select(v => v.IsSeveral).ToEquatableArray();

    /// <summary>For each result of code whether it is a list: all its returns agree.</summary>
    public static EquatableArray<bool> Results(Code code) => Returns(code.Body).Select(Lists).DefaultIfEmpty([false]).First();

    /// <summary>Variables whose sizes an expression asks for.</summary>
    public static IEnumerable<Local> Uses(Expr e) => e is TensorFact f ? Uses(f.Tensor) : ExprWalker.Children(e).SelectMany(Uses);

    // The index of an element may ask for sizes itself.
    private static IEnumerable<Local> Uses(Local local) => local.Part is null ? [local] : Uses(local.Part).Prepend(local);

    private static IEnumerable<Local> Uses(Operand o) => o switch
    {
        TensorOperand t => Uses(t.Local),
        TensorsOperand t => t.Locals.SelectMany(Uses),
        StaticOperand s => Uses(s.Value),
        _ => [],
    };
}
