using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>What an instruction reads and writes, not counting the bodies of branches and loops.</summary>
internal static class Reads
{
    /// <summary>The tensor variables that it reads.</summary>
    public static IEnumerable<Local> Tensors(Instruction instruction) => instruction switch
    {
        Apply a => a.Arguments.SelectMany(Tensors).Concat(a.Axes.SelectMany(x => Tensors(x.Size))),
        CallModule c => c.Arguments.SelectMany(Tensors).Concat(c.Module.Steps.SelectMany(s => Tensors(s.Index))).Concat(Tensors(c.Level)),
        Alias a => Tensors(a.Source),
        MakeList m => m.Items.SelectMany(Tensors),
        SetStatic s => Tensors(s.Value),
        Branch b => Tensors(b.Condition),
        Loop l => Tensors(l.From).Concat(Tensors(l.To)),
        Return r => r.Values.SelectMany(Tensors),
        _ => throw new InvalidOperationException($"Unknown instruction {instruction.GetType().Name}."),
    };

    /// <summary>The tensor variables that it writes.</summary>
    public static IReadOnlyList<Local> Results(Instruction instruction) => instruction switch
    {
        Apply a => a.Results,
        CallModule c => c.Results,
        Alias a => [a.Target],
        MakeList m => [m.Target],
        _ => [],
    };

    /// <summary>The static expressions in it.</summary>
    public static IEnumerable<Expr> Statics(Instruction instruction) => Written(instruction).Concat(Tensors(instruction).Where(t => t.Part is not null).Select(t => t.Part!));

    private static IEnumerable<Expr> Written(Instruction instruction) => instruction switch
    {
        Apply a => a.Arguments.OfType<StaticOperand>().Select(o => o.Value).Concat(a.Axes.Select(x => x.Size)),
        CallModule c => c.Module.Steps.Where(s => s.Index is not null).Select(s => s.Index!).Concat(c.Level is null ? [] : [c.Level]),
        SetStatic s => [s.Value],
        Branch b => [b.Condition],
        Loop l => [l.From, l.To],
        _ => [],
    };

    /// <summary>The instruction and those inside it, outermost first.</summary>
    public static IEnumerable<Instruction> Nested(IEnumerable<Instruction> body) => body.SelectMany(i => i switch
    {
        Branch b => Nested(b.Then).Concat(Nested(b.Else)).Prepend(i),
        Loop l => Nested(l.Body).Prepend(i),
        _ => [i],
    });

    /// <summary>The tensor variables whose sizes an expression asks for.</summary>
    public static IEnumerable<Local> Tensors(Expr? expr) => expr is null ? [] : ExprTree.All(expr).OfType<TensorFact>().Select(a => a.Tensor);

    // The index of an element may ask for sizes itself.
    private static IEnumerable<Local> Tensors(Local local) => Tensors(local.Part).Prepend(local);

    private static IEnumerable<Local> Tensors(Operand operand) => operand switch
    {
        TensorOperand t => Tensors(t.Local),
        TensorsOperand t => t.Locals.SelectMany(Tensors),
        StaticOperand s => Tensors(s.Value),
        _ => [],
    };
}
