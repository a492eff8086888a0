using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>
/// A recurrence in tensor operations. The sequence falls into segments, which are computed one after the other; of them the states at their starts are kept
/// for backward, which computes each segment again, from the last to the first, with autograd inside.
/// </summary>
internal abstract class SegmentedScan : IOwnGradient
{
    /// <summary>The axis of the positions, in all inputs that have it and in the result.</summary>
    protected abstract int Axis { get; }

    /// <summary>Computes; recorded where something is to be differentiated.</summary>
    public Tensor Compute(Tensor[] inputs)
    {
        if (!is_grad_enabled() || !Array.Exists(inputs, x => x.requires_grad))
        {
            var (result, kept) = Forward(inputs, keep: false);
            kept.Dispose();
            return result;
        }

        // Of one segment nothing is saved by computing it twice.
        return inputs[0].size(Axis) <= LongestSegment(inputs) ? Recorded(inputs) : Compatibility.OwnGradientFunction.Apply(this, inputs);
    }

    /// <inheritdoc/>
    /// <remarks>Every state stays until backward.</remarks>
    public Tensor Recorded(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        var visited = Visited(inputs);
        var state = Start(visited);
        var results = new List<Tensor>();
        foreach (var (from, length) in Segments(visited))
        {
            var (y, next) = Segment(Part(visited, from, length), state);
            results.Add(y);
            state = next;
        }

        return Placed(cat(results, Axis), inputs).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Result, Tensor Kept) Forward(IReadOnlyList<Tensor> inputs, bool keep)
    {
        using var scope = NewDisposeScope();
        var visited = Visited(inputs);
        var state = Start(visited);
        var (results, starts) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (from, length) in Segments(visited))
        {
            using var inner = NewDisposeScope();
            var (y, next) = Segment(Part(visited, from, length), state);
            results.Add(y.MoveToOuterDisposeScope());
            starts.Add(state);
            state = next.MoveToOuterDisposeScope();
        }

        var kept = keep ? stack(starts, 0) : empty(0, dtype: state.dtype);
        return (Placed(cat(results, Axis), inputs).MoveToOuterDisposeScope(), kept.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor[] Backward(IReadOnlyList<Tensor> inputs, Tensor kept, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var visited = Visited(inputs);
        var visitedGradient = Visited(gradient, inputs);
        var segments = Segments(visited).ToArray();
        var parts = visited.Select(_ => new Tensor[segments.Length]).ToArray();
        var later = kept.select(0, 0).zeros_like();
        for (var s = segments.Length - 1; s >= 0; s--)
        {
            using var inner = NewDisposeScope();
            var (from, length) = segments[s];
            Tensor[] leaves = [.. Part(visited, from, length).Append(kept.select(0, s)).Select(x => x.detach().requires_grad_())];
            Tensor y, end;
            using (enable_grad()) (y, end) = Segment(leaves[..^1], leaves[^1]);
            var found = autograd.grad([y, end], leaves, [visitedGradient.narrow(Axis, from, length), later]);
            for (var i = 0; i < parts.Length; i++) parts[i][s] = found[i].MoveToOuterDisposeScope();
            later = found[^1].MoveToOuterDisposeScope();
        }

        // What has no positions is the same in all segments.
        return [.. parts.Select((p, i) => (HasPositions(i) ? Placed(cat(p, Axis), inputs) : stack(p, 0).sum(dim: 0)).MoveToOuterDisposeScope())];
    }

    /// <summary>Whether an input falls into segments.</summary>
    protected abstract bool HasPositions(int input);

    /// <summary>Positions of all segments but the last, for these inputs.</summary>
    protected abstract long LongestSegment(IReadOnlyList<Tensor> inputs);

    /// <summary>The state before the first position.</summary>
    protected abstract Tensor Start(IReadOnlyList<Tensor> inputs);

    /// <summary>The results of a segment and its last state. The dispose scope of the caller owns whatever is made.</summary>
    protected abstract (Tensor Y, Tensor End) Segment(IReadOnlyList<Tensor> inputs, Tensor start);

    /// <summary>The tensors among the inputs, in the order of the visits; as they are unless there is another.</summary>
    protected virtual Tensor[] Visited(IReadOnlyList<Tensor> inputs) => [.. inputs];

    /// <summary>A tensor with positions in the order of the visits.</summary>
    protected virtual Tensor Visited(Tensor x, IReadOnlyList<Tensor> inputs) => x;

    /// <summary>The same, back in its order: another handle.</summary>
    protected virtual Tensor Placed(Tensor x, IReadOnlyList<Tensor> inputs) => x.alias();

    private Tensor[] Part(IReadOnlyList<Tensor> inputs, long from, long length) => [.. inputs.Select((x, i) => HasPositions(i) ? x.narrow(Axis, from, length) : x.alias())];

    private IEnumerable<(long From, long Length)> Segments(IReadOnlyList<Tensor> inputs)
    {
        var (length, longest) = (inputs[0].size(Axis), LongestSegment(inputs));
        for (var from = 0L; from < length; from += longest) yield return (from, Math.Min(longest, length - from));
    }
}
