using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Finds the parameters that no shape, count or structure of a block can depend on, but for their sign: doubles that are only handed on, given to
/// primitives and initialisers, or compared with zero (a rate of stochastic depth, an epsilon). Blocks that differ in nothing else have the same shapes.</summary>
internal static class OpaqueParams
{
    /// <param name="block">The block.</param>
    /// <param name="isOpaque">Whether a parameter of another block is opaque there.</param>
    public static HashSet<string> Find(BoundBlock block, Func<Block, string, bool> isOpaque)
    {
        var result = new HashSet<string>(block.Block.Params.Where(p => p.Type == ParamType.Double).Select(p => p.Name));
        foreach (var d in block.Block.Definitions) Spoil(d.Value, result);
        foreach (var m in block.Modules) Visit(m.Plan, isOpaque, result);
        foreach (var t in block.Tensors)
        {
            if (t.Condition is not null) Condition(t.Condition, result);
            if (t.Count is not null) Spoil(t.Count, result);
            foreach (var axis in t.Axes) Spoil(axis, result);
        }

        foreach (var d in block.BlockDefaults.Values) Visit(d, isOpaque, result);
        foreach (var c in block.Constants)
        {
            if (c.Condition is not null) Condition(c.Condition, result);
            Visit(c.Code.Body, result);
        }

        Visit(block.Forward.Body, result);
        if (block.Inverse is { } inverse) Visit(inverse.Code.Body, result);
        return result;
    }

    private static void Spoil(Expr e, HashSet<string> result)
    {
        if (e is NameExpr n) result.Remove(n.Name);
        foreach (var child in ExprWalker.Children(e)) Spoil(child, result);
    }

    private static void Condition(Expr e, HashSet<string> result)
    {
        var isSign = e is BinaryExpr { Op: ">" or "<=" or "<" or ">=" or "==" or "!=", Left: NameExpr, Right: IntLiteral { Value: 0 } or DoubleLiteral { Value: 0 } };
        if (e is BinaryExpr { Op: "&&" or "||" } both)
        {
            Condition(both.Left, result);
            Condition(both.Right, result);
        }
        else if (!isSign) Spoil(e, result);
    }

    private static void Visit(ModulePlan plan, Func<Block, string, bool> isOpaque, HashSet<string> result)
    {
        switch (plan)
        {
            case Construct c: Arguments(c.Target, c.Arguments, isOpaque, result); break;
            case ConstructParam p:
                foreach (var a in p.Arguments) Spoil(a, result);
                break;
            case Choose c:
                Condition(c.Condition, result);
                Visit(c.Then, isOpaque, result);
                Visit(c.Else, isOpaque, result);
                break;
            case ChainPlan c:
                foreach (var child in c.Children) Visit(child.Plan, isOpaque, result);
                break;
            case RepeatPlan r:
                Spoil(r.Count, result);
                if (r.Names is not null) Spoil(r.Names, result);
                Visit(r.Body, isOpaque, result);
                break;
        }
    }

    private static void Arguments(Block target, IEnumerable<BoundArgument> arguments, Func<Block, string, bool> isOpaque, HashSet<string> result)
    {
        foreach (var a in arguments)
        {
            if (a.Value is StaticArgument { Value: NameExpr } && isOpaque(target, a.Param.Name)) continue;
            Visit(a.Value, isOpaque, result);
        }
    }

    private static void Visit(BoundArgumentValue value, Func<Block, string, bool> isOpaque, HashSet<string> result)
    {
        switch (value)
        {
            case StaticArgument s: Spoil(s.Value, result); break;
            case BlockArgument b: Arguments(b.Target, b.Arguments, isOpaque, result); break;
            case ChosenBlock c:
                Condition(c.Condition, result);
                Visit(c.Then, isOpaque, result);
                Visit(c.Else, isOpaque, result);
                break;
        }
    }

    private static void Visit(EquatableArray<Instruction> body, HashSet<string> result)
    {
        foreach (var instruction in body)
        {
            switch (instruction)
            {
                case Apply a:
                    // A double operand is a factor, an epsilon, a rate; no shape rule reads one but where it makes elements.
                    for (var i = 0; i < a.Arguments.Count; i++)
                    {
                        if (a.Arguments[i] is StaticOperand { Value: not NameExpr } s) Spoil(s.Value, result);
                        else if (a.Arguments[i] is StaticOperand { Value: var name } && a.Primitive.Parameters[i].Type is not (Primitives.OperandType.Double or Primitives.OperandType.TensorOrNumber)) Spoil(name, result);
                    }

                    foreach (var axis in a.Axes) Spoil(axis.Size, result);
                    break;
                case CallModule c:
                    foreach (var step in c.Module.Steps.Where(s => s.Index is not null)) Spoil(step.Index!, result);
                    break;
                case SetStatic s: Spoil(s.Value, result); break;
                case Branch b:
                    Condition(b.Condition, result);
                    Visit(b.Then, result);
                    Visit(b.Else, result);
                    break;
                case Loop l:
                    Spoil(l.From, result);
                    Spoil(l.To, result);
                    Visit(l.Body, result);
                    break;
            }
        }
    }
}
