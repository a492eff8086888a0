using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>The names that a block's own code sees: static values with their types, axes of the inputs, tensors it holds, children.</summary>
internal sealed class BlockNames
{
    public BlockNames(Block block, DiagnosticBag diagnostics)
    {
        Block = block;
        foreach (var (name, span) in Declared(block).Where(d => d.Name == Ir.TrainingExpr.Word))
        {
            diagnostics.Add(Rules.DuplicateName, span, $"'{name}' asks in a condition of forward whether the module is in training; nothing else can have the name.");
        }

        foreach (var p in block.Params) Statics[p.Name] = p.Type;
        foreach (var t in block.Parameters.Concat(block.Buffers)) Declare(States, t.Name, t.Span, diagnostics);
        foreach (var c in block.Constants) Declare(States, c.Name, c.Span, diagnostics);
        foreach (var m in block.Modules) Declare(Modules, m.Name, m.Span, diagnostics);
        // The sizes of what may be absent are no names of the forward.
        foreach (var input in block.Inputs.Where(i => !i.IsOptional))
        {
            foreach (var axis in input.Axes.OfType<NameExpr>())
            {
                if (!Statics.ContainsKey(axis.Name) && axis.Name != input.List?.Index) Axes.Add(axis.Name);
            }
        }
    }

    public Block Block { get; }

    /// <summary>Parameters and definitions.</summary>
    public Dictionary<string, ParamType> Statics { get; } = [];

    /// <summary>Symbols of the input contract.</summary>
    public HashSet<string> Axes { get; } = [];

    /// <summary>Parameters, buffers and constants.</summary>
    public HashSet<string> States { get; } = [];

    /// <summary>Children.</summary>
    public HashSet<string> Modules { get; } = [];

    private static IEnumerable<(string? Name, SourceSpan Span)> Declared(Block block)
        => block.Params.Select(p => ((string?)p.Name, p.Span))
            .Concat(block.Definitions.Select(d => ((string?)d.Name, d.Span)))
            .Concat(block.Parameters.Concat(block.Buffers).Select(t => ((string?)t.Name, t.Span)))
            .Concat(block.Constants.Select(c => ((string?)c.Name, c.Span)))
            .Concat(block.Modules.Select(m => ((string?)m.Name, m.Span)))
            .Concat(block.Inputs.Select(i => (i.Name, i.Span)))
            .Concat(block.Inputs.Concat(block.Outputs).SelectMany(i => i.Axes.OfType<NameExpr>().Select(a => ((string?)a.Name, a.Span))));

    private void Declare(HashSet<string> set, string name, SourceSpan span, DiagnosticBag diagnostics)
    {
        var taken = Statics.ContainsKey(name) || States.Contains(name) || Modules.Contains(name);
        if (taken && Block.Params.Any(p => p.Name == name && p.Type != ParamType.Block) && set == Modules)
        {
            // A child may bear the name of the flag that asks for it (bias, norm): code then means the child.
        }
        else if (taken && !Statics.ContainsKey(name))
        {
            diagnostics.Add(Rules.DuplicateName, span, $"'{name}' is declared twice in {Block.Name}.");
        }

        set.Add(name);
    }
}
