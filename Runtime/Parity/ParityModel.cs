using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>A model under comparison.</summary>
/// <param name="Module">Its parameters and buffers; disposed with this.</param>
/// <param name="Run">Runs it; the outputs are the caller's.</param>
/// <param name="Traced">Runs it and shows each module's output to a callback, by path; null where the model cannot.</param>
/// <param name="Trained">Runs it for a training step, whose loss looks at auxiliary outputs as well, the output first; null where it has none.</param>
public sealed record ParityModel(
    nn.Module Module, Func<Tensor, IReadOnlyList<Tensor>> Run, Action<Tensor, Action<string, Tensor>>? Traced = null, Func<Tensor, IReadOnlyList<Tensor>>? Trained = null) : IDisposable
{
    /// <summary>A backbone: its output, or its levels where the golden has several outputs.</summary>
    public static ParityModel Of(Backbone backbone, Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        return Of(backbone, golden.Outputs.Length > 1);
    }

    /// <summary>A backbone: its output, or its levels.</summary>
    public static ParityModel Of(Backbone backbone, bool levels)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return levels
            ? new ParityModel(backbone, x => [.. backbone.ForwardFeatures(x).Select(f => f.Tensor)])
            : new ParityModel(backbone, x => [backbone.Forward(x)], Trained: x => OutputFirst(backbone.ForwardOutputs(x)));
    }

    // A backbone gives its output last.
    private static IReadOnlyList<Tensor> OutputFirst(IReadOnlyList<Tensor> outputs) => [outputs[^1], .. outputs.Take(outputs.Count - 1)];

    /// <summary>Releases the module.</summary>
    public void Dispose() => Module.Dispose();
}

/// <summary>Makes the models of one engine.</summary>
public interface IParitySource
{
    /// <summary>The engine's name in reports: generated, executor, fused.</summary>
    string Engine { get; }

    /// <summary>A new model with what the golden was made with, on the CPU; null when there is none of that name.</summary>
    ParityModel? Create(Golden golden);
}
