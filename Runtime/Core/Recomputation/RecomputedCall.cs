using static TorchSharp.torch;

namespace Notochord;

/// <summary>One call whose backward computes it again. Its node owns it.</summary>
internal sealed class RecomputedCall : IDisposable
{
    private readonly bool[] _needsGradient;
    private readonly Tensor[] _parameters;
    private readonly Func<Tensor[], Tensor[]> _compute;
    private readonly Noise _first;
    private readonly Noise _again;
    private readonly RecomputedChain _chain;
    private readonly Tensor?[] _kept;
    private int _index = -1;
    private bool _isDisposed;

    /// <summary>A call that has not happened yet.</summary>
    public RecomputedCall(Tensor[] inputs, Tensor[] parameters, Func<Tensor[], Tensor[]> compute, Inverse? inverse)
    {
        (_parameters, _compute, Inverse) = (parameters, compute, inverse);
        _needsGradient = [.. inputs.Select(x => x.requires_grad)];
        // Inside of a call that is itself computed (again), the noise is the outer one's from here on.
        _first = Recomputation.Noise ?? new Noise();
        _again = _first.Again();
        _kept = [.. inputs.Select((x, i) => inverse is not null && inverse.Recovered.Contains(i) ? null : Own(x))];
        (_chain, Sources) = RecomputedChain.Continue(inverse is null ? [] : [.. inverse.Recovered.Select(i => inputs[i])]);
    }

    /// <summary>How inputs are recovered, or null.</summary>
    public Inverse? Inverse { get; }

    /// <summary>How many inputs there are.</summary>
    public int InputCount => _kept.Length;

    /// <summary>For each recovered input the output of the call before in the chain that it is; empty for the first.</summary>
    public int[] Sources { get; }

    /// <summary>A handle of a value without its history, which lives until it is disposed.</summary>
    public static Tensor Own(Tensor value) => value.detach().DetachFromDisposeScope();

    /// <summary>The call itself, unrecorded.</summary>
    public Tensor[] Run(Tensor[] inputs)
    {
        var outputs = Recomputation.With(_first, again: false, () => _compute(inputs));
        _index = _chain.Append(this, Inverse is null ? [] : outputs);
        return outputs;
    }

    /// <summary>The call itself, for plain autograd.</summary>
    public Tensor[] RunRecorded(Tensor[] inputs) => Recomputation.With(_first, again: false, () => _compute(inputs));

    /// <summary>The outputs have got these handles.</summary>
    public void Published(IReadOnlyList<Tensor> outputs)
    {
        if (Inverse is not null) _chain.Publish(_index, outputs);
    }

    /// <summary>All inputs, from these outputs; the caller owns them.</summary>
    public Tensor[] Recover(Tensor[] outputs)
    {
        var inputs = _kept.Select(x => x?.alias()).ToArray();
        if (Inverse is not null)
        {
            Tensor[] kept = [.. _kept.OfType<Tensor>()];
            var recovered = Recomputation.With(_again.Again(), again: true, () => Inverse.Recover(outputs, kept));
            for (var i = 0; i < recovered.Length; i++) inputs[Inverse.Recovered[i]] = recovered[i];
        }

        return [.. inputs.Select(x => x!.DetachFromDisposeScope())];
    }

    /// <summary>The gradients of the inputs, then of the parameters; null where there is none.</summary>
    /// <param name="gradients">For each output its gradient, or null.</param>
    public Tensor?[] Gradients(IReadOnlyList<Tensor?> gradients)
    {
        if (is_grad_enabled())
        {
            throw new NotSupportedException("Backward of backward (create_graph) does not go through what is recomputed: set Recompute to false.");
        }

        var inputs = _chain.InputsOf(_index);
        var leaves = inputs.Select((x, i) => _needsGradient[i] ? x.detach().requires_grad_() : x.detach()).ToArray();
        foreach (var input in inputs) input.Dispose();
        using var recording = enable_grad();
        var outputs = Recomputation.With(_again.Again(), again: true, () => _compute(leaves));
        try
        {
            var reached = Enumerable.Range(0, outputs.Length).Where(i => gradients[i] is not null && outputs[i].requires_grad).ToList();
            Tensor[] targets = [.. leaves.Where((_, i) => _needsGradient[i]), .. _parameters];
            IReadOnlyList<Tensor?> found = reached.Count == 0
                ? new Tensor?[targets.Length]
                : [.. autograd.grad([.. reached.Select(i => outputs[i])], targets, [.. reached.Select(i => gradients[i]!)], allow_unused: true)];
            var next = 0;
            return [.. _needsGradient.Select(needs => needs ? found[next++] : null), .. found.Skip(_needsGradient.Count(needs => needs))];
        }
        finally
        {
            foreach (var tensor in outputs.Concat(leaves)) tensor.Dispose();
        }
    }

    /// <summary>The node is gone, or never came to be.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_index < 0) ReleaseKept();
        else _chain.Release();
    }

    /// <summary>Releases what is kept: no call of the chain will be asked again.</summary>
    public void ReleaseKept()
    {
        foreach (var kept in _kept) kept?.Dispose();
    }
}
