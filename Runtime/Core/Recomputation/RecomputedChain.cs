using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>
/// Calls of which each takes what the one before gave, and can recover it. Only the outputs of the last are held. Backward comes to the calls
/// from the last to the first; each recovers its inputs, which are the outputs of the one before.
/// </summary>
internal sealed class RecomputedChain
{
    private static readonly ConditionalWeakTable<Tensor, Link> Links = [];

    private readonly Lock _lock = new();
    private readonly List<RecomputedCall> _calls = [];
    private int _nodes;
    private Tensor[] _last = [];

    // Where backward is: the outputs of a call, or null where it has not begun or has come to the start.
    private (int Call, Tensor[] Outputs)? _cursor;

    /// <summary>The chain that a call with these recovered inputs continues, or a new one.</summary>
    /// <returns>The chain, and which outputs of its last call the inputs are.</returns>
    public static (RecomputedChain Chain, int[] Sources) Continue(Tensor[] recovered)
    {
        Link[] links = [.. recovered.Select(x => Links.TryGetValue(x, out var link) ? link : null).OfType<Link>()];
        return links.Length == recovered.Length && links.Length > 0 && links[0].Chain.IsContinuedBy(links)
            ? (links[0].Chain, [.. links.Select(l => l.Output)])
            : (new RecomputedChain(), []);
    }

    /// <summary>A call has been made, with these outputs.</summary>
    /// <returns>Its place in the chain.</returns>
    public int Append(RecomputedCall call, Tensor[] outputs)
    {
        lock (_lock)
        {
            _nodes++;
            _calls.Add(call);
            ReleaseCursor();
            Free(_last);
            _last = [.. outputs.Select(RecomputedCall.Own)];
            return _calls.Count - 1;
        }
    }

    /// <summary>Whoever is called with these handles continues the chain after this call.</summary>
    public void Publish(int index, IReadOnlyList<Tensor> outputs)
    {
        for (var i = 0; i < outputs.Count; i++) Links.AddOrUpdate(outputs[i], new Link(this, index, i));
    }

    /// <summary>The inputs of a call; the caller owns them.</summary>
    public Tensor[] InputsOf(int index)
    {
        lock (_lock)
        {
            if (_calls[index].Inverse is null) return _calls[index].Recover([]);
            // Backward may come a second time (retain_graph), or pass by the last calls, whose results nobody used.
            if (_cursor is not { } at || at.Call < index)
            {
                ReleaseCursor();
                _cursor = (_calls.Count - 1, [.. _last.Select(RecomputedCall.Own)]);
            }

            while (_cursor!.Value.Call > index) Free(StepDown());
            return StepDown();
        }
    }

    /// <summary>A node of the chain is gone; with the last of them goes what the chain holds.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_nodes > 0) return;
            ReleaseCursor();
            Free(_last);
            _last = [];
            foreach (var call in _calls) call.ReleaseKept();
        }
    }

    private static void Free(Tensor[] tensors)
    {
        foreach (var tensor in tensors) tensor.Dispose();
    }

    // The inputs of the call at the cursor, which moves to the call before.
    private Tensor[] StepDown()
    {
        var (index, outputs) = _cursor!.Value;
        var call = _calls[index];
        var inputs = call.Recover(outputs);
        ReleaseCursor();
        if (index > 0)
        {
            var before = new Tensor[call.Sources.Length];
            for (var i = 0; i < before.Length; i++) before[call.Sources[i]] = RecomputedCall.Own(inputs[call.Inverse!.Recovered[i]]);
            _cursor = (index - 1, before);
        }

        return inputs;
    }

    // Only where the inputs are all outputs of the last call, each once: otherwise an output could not be recovered from the call.
    private bool IsContinuedBy(Link[] links)
    {
        lock (_lock)
        {
            var outputs = new HashSet<int>(links.Select(l => l.Output));
            return _nodes > 0 && links.All(l => l.Chain == this && l.Index == _calls.Count - 1) && outputs.Count == links.Length && outputs.Count == _last.Length;
        }
    }

    private void ReleaseCursor()
    {
        if (_cursor is { } at) Free(at.Outputs);
        _cursor = null;
    }

    private sealed record Link(RecomputedChain Chain, int Index, int Output);
}
