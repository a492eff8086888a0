using Notochord.Dsl.Ir;

namespace Notochord.Generators.Emit;

/// <summary>Writes the method that gives modules the initialisers of the architecture in place of their own.</summary>
internal sealed class InitEmitter(Signatures signatures, BoundArchitecture architecture)
{
    /// <summary>Writes <c>Initialize(root)</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="printer">Prints the arguments.</param>
    /// <param name="locals">Lines that define what the arguments read.</param>
    public void Write(SourceWriter writer, ExpressionPrinter printer, IReadOnlyList<string> locals)
    {
        writer.Line();
        writer.Line("// The architecture's own initialisers; a longer path wins, so it comes later.");
        using var _ = writer.Block("private void Initialize(nn.Module root)");
        foreach (var local in locals) writer.Line(local);
        foreach (var byBlock in architecture.Inits.OrderBy(i => i.Tensor.Count(c => c == '.')).GroupBy(i => i.Block)) WriteBlock(writer, byBlock.Key, [.. byBlock], printer);
    }

    private void WriteBlock(SourceWriter writer, string block, IReadOnlyList<BoundInit> inits, ExpressionPrinter printer)
    {
        var type = signatures.Classes.Find(block);
        if (type is null) return;
        using var _ = writer.Block("foreach (var module in root.modules())");
        writer.Line($"if (module is not {type} block) continue;");
        foreach (var init in inits)
        {
            var arguments = string.Concat(init.Arguments.Select(a => $", {Naming.Identifier(a.Name)}: {printer.Print(a.Size)}"));
            writer.Line($"Init.Named(block, {Naming.Literal(init.Tensor)}, t => Init.{init.Initializer}(t{arguments}));");
        }
    }
}
