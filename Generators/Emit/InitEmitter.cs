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
        using var _ = writer.Block("private void Initialize(Module root)");
        foreach (var local in locals) writer.Line(local);
        foreach (var init in architecture.Inits.OrderBy(i => i.Tensor.Count(c => c == '.')))
        {
            var arguments = string.Concat(init.Arguments.Select(a => $", {Naming.Identifier(a.Name)}: {printer.Print(a.Size)}"));
            var type = signatures.Classes.Find(init.Block) ?? new ArchitectureNames(architecture.Architecture).Class;
            writer.Line($"Init.named<{type}>(root, {Naming.Literal(init.Tensor)}, t => Init.{init.Initializer}(t{arguments}));");
        }
    }
}
