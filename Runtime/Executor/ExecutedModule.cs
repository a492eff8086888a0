using Notochord.Dsl.Ir;
using static TorchSharp.torch;

namespace Notochord.Execution;

/// <summary>A module of a declaration, run without generating code. Its forward is a graph that whoever calls it names.</summary>
public sealed class ExecutedModule : nn.Module, IRecomputable
{
    /// <summary>A module with its tensors made and initialised.</summary>
    public ExecutedModule(ModuleType type) : base(type.Block?.Name ?? "chain") => Body = new ModuleBody(this, type);

    internal ModuleBody Body { get; }

    /// <inheritdoc/>
    public bool Recompute { get; set; } = true;

    /// <summary>Runs a forward of this module.</summary>
    /// <param name="graph">A graph of the module's type, of either mode: the one of the mode that it is in runs.</param>
    /// <param name="inputs">Its inputs; the caller keeps them.</param>
    /// <returns>Its results; the caller owns them.</returns>
    /// <exception cref="Guards.ShapeGuardException">The inputs do not fit the contract or a guard.</exception>
    /// <exception cref="ExecutionException">An operation failed.</exception>
    public Tensor[] Run(Graph graph, params IReadOnlyList<Tensor> inputs) => GraphRunner.Call(graph.For(training), [.. inputs], Body);
}
