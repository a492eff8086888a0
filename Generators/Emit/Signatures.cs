using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Types that the signatures of generated classes need from other blocks.</summary>
/// <param name="bound">Bound blocks by file and name.</param>
/// <param name="classes">Their classes.</param>
internal sealed class Signatures(Func<Block, BoundBlock> bound, ClassNames classes)
{
    /// <summary>Class names.</summary>
    public ClassNames Classes => classes;

    /// <summary>The same for code beside the class that private blocks are nested in.</summary>
    public Signatures Outside() => new(bound, classes.Outside());

    /// <summary>The base class of a block's class.</summary>
    public string Base(Block block) => TensorTypes.Module([.. block.Inputs.Select(TensorTypes.Of)], block.Applied is { IsTrunk: false } ? [TensorTypes.Tensor] : TensorTypes.Results(bound(block).Forward));

    /// <summary>What a parameter of type block is applied to.</summary>
    public EquatableArray<BlockSlot> Slots(Block block, string param) => bound(block).BlockParams.TryGetValue(param, out var slots) ? slots : default;

    /// <summary>The type of a parameter in C#.</summary>
    public string Type(Block block, Param param)
    {
        if (param.Type != ParamType.Block) return StaticKinds.CSharp(StaticKinds.Of(param.Type));
        var slots = Slots(block, param.Name);
        var arguments = slots.Select(s => StaticKinds.CSharp(StaticKinds.Of(s.Type)) + ", ");
        return $"Func<{string.Concat(arguments)}{(slots.Any(s => s.IsTrunk) ? "Backbone" : Base(bound(block), param.Name))}>";
    }

    /// <summary>The base class of what a parameter of type block makes, by how the block calls it.</summary>
    private string Base(BoundBlock block, string param)
    {
        var field = block.Modules.FirstOrDefault(m => Plans.All(m.Plan).OfType<ConstructParam>().Any(c => c.Param == param));
        var call = field is null ? null : Reads.Nested(block.Forward.Body).OfType<CallModule>().FirstOrDefault(c => c.Module.Name == field.Name);
        return field is null && Receiver(block, param) is var (receiver, inner) ? Base(bound(receiver), inner) : TensorTypes.Module(call);
    }

    // The block that a parameter is handed on to, and its parameter there. One that hands it on to itself as well says nothing.
    private static (Block Block, string Param)? Receiver(BoundBlock block, string param)
    {
        foreach (var construct in block.Modules.SelectMany(m => Plans.All(m.Plan)).OfType<Construct>().Where(c => c.Target != block.Block))
        {
            if (Receiver(construct.Target, construct.Arguments, param) is { } found) return found;
        }

        return null;
    }

    private static (Block Block, string Param)? Receiver(Block target, EquatableArray<BoundArgument> arguments, string param)
    {
        foreach (var argument in arguments)
        {
            if (argument.Value is ForwardedBlock f && f.Param == param) return (target, argument.Param.Name);
            if (argument.Value is BlockArgument b && Receiver(b.Target, b.Arguments, param) is { } found) return found;
        }

        return null;
    }
}
