using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes the class of a block.</summary>
internal sealed class BlockEmitter(Signatures signatures)
{
    /// <summary>Writes the class.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="bound">The block.</param>
    /// <param name="shapes">Shapes of tensor variables, where an instance tells them.</param>
    public void Write(SourceWriter writer, BoundBlock bound, KnownShapes? shapes)
    {
        var block = bound.Block;
        var name = signatures.Classes.Class(block).Name;
        var context = new BlockContext(bound, name, isBackbone: false);
        var constructor = new ConstructorEmitter(context, signatures, writer);
        Documentation.Write(writer, block);
        writer.Line(Header.GeneratedCode);
        using var _ = writer.Block($"public sealed partial class {name} : {signatures.Base(block)}");
        constructor.WriteFields(_ => false);
        WriteConstructor(writer, block, name, bound, constructor);
        writer.Line();
        WriteForward(writer, context, shapes);
        WriteConstants(writer, context, constructor);
    }

    /// <summary>Writes the methods that compute constants.</summary>
    public static void WriteConstants(SourceWriter writer, BlockContext context, ConstructorEmitter constructor)
    {
        foreach (var constant in context.Bound.Constants)
        {
            var declaration = context.Bound.Block.Constants.First(c => c.Name == constant.Name);
            writer.Line();
            using var _ = writer.Block($"private Tensor {ConstructorEmitter.ConstantMethod(constant)}()");
            writer.Line("using var _ = torch.no_grad();");
            new CodeEmitter(context, constant.Code, declaration.Code, writer).Write(constant.Code);
        }
    }

    private void WriteConstructor(SourceWriter writer, Block block, string name, BoundBlock bound, ConstructorEmitter constructor)
    {
        var parameters = ConstructorParams.Ordered(block).Select(p => $"{ParameterType(block, p)} {constructor.Static(p.Name)}{Default(p, constructor)}").ToList();
        var oneLine = string.Join(", ", parameters);
        var list = oneLine.Length < 110 ? oneLine : $"\n    {string.Join(",\n    ", parameters)}";
        using var _ = writer.Block($"public {name}({list})\n    : base(nameof({name}))");
        foreach (var p in block.Params.Where(p => p.Default is not null && !ConstructorParams.IsConstant(p)))
        {
            var value = bound.BlockDefaults.TryGetValue(p.Name, out var function)
                ? constructor.Function(function, bound.BlockParams[p.Name])
                : constructor.Printer.Print(p.Default!, StaticKinds.Of(p.Type));
            writer.Line($"{constructor.Static(p.Name)} ??= {value};");
        }

        constructor.WriteStatics();
        constructor.WriteMembers();
    }

    private string ParameterType(Block block, Param param)
        => signatures.Type(block, param) + (param.Default is not null && !ConstructorParams.IsConstant(param) ? "?" : "");

    private static string Default(Param param, ConstructorEmitter constructor)
        => param.Default is null ? "" : ConstructorParams.IsConstant(param) ? $" = {constructor.Printer.Print(param.Default)}" : " = null";

    private static void WriteForward(SourceWriter writer, BlockContext context, KnownShapes? shapes)
    {
        var bound = context.Bound;
        var emitter = new CodeEmitter(context, bound.Forward, bound.Block.Forward, writer, shapes);
        writer.Line("/// <inheritdoc/>");
        using var _ = writer.Block($"public override {Signatures.Result(Signatures.Outputs(bound))} forward({emitter.Parameters(bound.Forward)})");
        emitter.Write(bound.Forward);
    }
}
