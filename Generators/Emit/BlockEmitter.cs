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
        using var _ = writer.Block($"public sealed partial class {name} : {signatures.Base(block)}{(bound.Inverse is null ? "" : ", IRecomputable")}");
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
        if (bound.Inverse is { } inverse) WriteRecomputed(writer, context, emitter.Parameters(bound.Forward), inverse);
        else writer.Line("/// <inheritdoc/>");
        using (writer.Block($"{(bound.Inverse is null ? "public override" : "private")} {TensorTypes.Result(TensorTypes.Results(bound.Forward))} {(bound.Inverse is null ? "forward" : "Compute")}({emitter.Parameters(bound.Forward)})"))
        {
            emitter.Write(bound.Forward);
        }

        if (bound.Inverse is not null) WriteInverse(writer, context, bound.Inverse);
    }

    // The forward of a block with an inverse: in training it leaves nothing behind but its outputs.
    private static void WriteRecomputed(SourceWriter writer, BlockContext context, string parameters, BoundInverse inverse)
    {
        var bound = context.Bound;
        var names = context.Members.Inner();
        var inputs = parameters.Split([", "], StringSplitOptions.None).Select(p => p.Substring("Tensor ".Length)).ToList();
        foreach (var input in inputs) names.Reserve(input);
        var (all, given, kept, results) = (names.Take("inputs"), names.Take("outputs"), names.Take("kept"), names.Take("results"));
        var outputs = Enumerable.Range(0, TensorTypes.Results(bound.Forward).Count).Select(i => names.Take($"y{i}")).ToList();
        var recovered = Enumerable.Range(0, inverse.Recovered.Count).Select(i => names.Take($"x{i}")).ToList();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public bool Recompute { get; set; } = true;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public override {TensorTypes.Result(TensorTypes.Results(bound.Forward))} forward({parameters})"))
        {
            writer.Line($"if (!Recomputation.IsWanted(this)) return Compute({string.Join(", ", inputs)});");
            writer.Line($"var {results} = Recomputation.Call(");
            writer.Line($"    this, [{string.Join(", ", inputs)}],");
            writer.Line($"    {all} => {Tensors("Compute", inputs.Select((_, i) => $"{all}[{i}]"), outputs)},");
            var arguments = bound.Block.Outputs.Select((_, i) => $"{given}[{i}]").Concat(inverse.Block.Inputs.Skip(bound.Block.Outputs.Count).Select((_, i) => $"{kept}[{i}]"));
            writer.Line($"    new Inverse([{string.Join(", ", inverse.Recovered)}], ({given}, {kept}) => {Tensors("Recover", arguments, recovered)}));");
            var values = outputs.Select((_, i) => $"{results}[{i}]").ToList();
            writer.Line(values.Count == 1 ? $"return {values[0]};" : $"return ({string.Join(", ", values)});");
        }

        writer.Line();
    }

    private static void WriteInverse(SourceWriter writer, BlockContext context, BoundInverse inverse)
    {
        var emitter = new CodeEmitter(context, inverse.Code, inverse.Block.Forward, writer, contract: inverse.Block.Inputs);
        writer.Line();
        writer.Line("// The inputs, from the outputs and from the inputs that are kept.");
        using var _ = writer.Block($"private {TensorTypes.Result(TensorTypes.Results(inverse.Code))} Recover({emitter.Parameters(inverse.Code)})");
        emitter.Write(inverse.Code);
    }

    // What a method gives, as an array.
    private static string Tensors(string method, IEnumerable<string> arguments, IReadOnlyList<string> results)
    {
        var call = $"{method}({string.Join(", ", arguments)})";
        return results.Count == 1 ? $"[{call}]" : $"{{ var ({string.Join(", ", results)}) = {call}; return [{string.Join(", ", results)}]; }}";
    }
}
