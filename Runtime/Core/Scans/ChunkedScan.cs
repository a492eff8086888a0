using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>
/// The selective scan in tensor operations, on any device. The sequence falls into segments, which are computed one after the other and whose states
/// are all that is kept for backward. A segment's states are there at once; it falls into chunks whose first, second, .. positions are
/// computed together, each chunk from nothing; what the chunks before it hand on is added. All factors are products of decays, at most 1.
/// </summary>
/// <remarks>Inputs are u[B, D, L], delta[B, D, L], A[D, N], B[B, G, N, L], C[B, G, N, L], and the order of the visits if there is one.</remarks>
/// <param name="window">0, or the length of the windows of the backward part.</param>
internal sealed class ChunkedScan(long window) : IOwnGradient
{
    private const long ShortestSegment = 64;

    /// <inheritdoc/>
    /// <remarks>Every state stays until backward.</remarks>
    public Tensor Recorded(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        var visited = ScanOrder.Visited(inputs);
        var state = Start(visited);
        var results = new List<Tensor>();
        foreach (var (from, length) in Segments(visited))
        {
            var (y, next) = Segment(Part(visited, from, length), state);
            results.Add(y);
            state = next;
        }

        return ScanOrder.Placed(cat(results, -1), inputs).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Result, Tensor Kept) Forward(IReadOnlyList<Tensor> inputs, bool keep)
    {
        using var scope = NewDisposeScope();
        var visited = ScanOrder.Visited(inputs);
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
        return (ScanOrder.Placed(cat(results, -1), inputs).MoveToOuterDisposeScope(), kept.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor[] Backward(IReadOnlyList<Tensor> inputs, Tensor kept, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var visited = ScanOrder.Visited(inputs);
        var visitedGradient = ScanOrder.Visited(gradient, inputs);
        var segments = Segments(visited).ToArray();
        var parts = new Tensor[5][];
        for (var i = 0; i < parts.Length; i++) parts[i] = new Tensor[segments.Length];
        var later = kept.select(0, 0).zeros_like();
        for (var s = segments.Length - 1; s >= 0; s--)
        {
            using var inner = NewDisposeScope();
            var (from, length) = segments[s];
            Tensor[] leaves = [.. Part(visited, from, length).Append(kept.select(0, s)).Select(x => x.detach().requires_grad_())];
            Tensor y, end;
            using (enable_grad()) (y, end) = Segment(leaves[..5], leaves[5]);
            var found = autograd.grad([y, end], leaves, [visitedGradient.narrow(-1, from, length), later]);
            for (var i = 0; i < parts.Length; i++) parts[i][s] = found[i].MoveToOuterDisposeScope();
            later = found[5].MoveToOuterDisposeScope();
        }

        // A is the same in all segments, the others are theirs alone.
        return [.. parts.Select((p, i) => (i == 2 ? stack(p, 0).sum(dim: 0) : ScanOrder.Placed(cat(p, -1), inputs)).MoveToOuterDisposeScope())];
    }

    private static Tensor Start(IReadOnlyList<Tensor> inputs)
    {
        var (u, a) = (inputs[0], inputs[2]);
        return zeros([u.size(0), u.size(1), a.size(1)], dtype: u.dtype, device: u.device);
    }

    private static Tensor[] Part(IReadOnlyList<Tensor> inputs, long from, long length) => [.. inputs.Select((x, i) => i == 2 ? x.alias() : x.narrow(-1, from, length))];

    // States are N times as large as the input: as many of them as the input is large, in whole windows.
    private IEnumerable<(long From, long Length)> Segments(IReadOnlyList<Tensor> inputs)
    {
        var (length, states) = (inputs[0].size(-1), inputs[2].size(1));
        var window1 = Math.Max(window, 1);
        var longest = (Math.Max(ShortestSegment, length / states) + window1 - 1) / window1 * window1;
        for (var from = 0L; from < length; from += longest) yield return (from, Math.Min(longest, length - from));
    }

    // y and the last state.
    private (Tensor Y, Tensor End) Segment(Tensor[] inputs, Tensor start)
    {
        var (u, delta, a, b, c) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        var (groups, length) = (b.size(1), u.size(-1));
        // [B, D, N, L] as [B, G, D / G, N, L].
        long[] grouped = [u.size(0), groups, -1, a.size(1), length];
        var decay = (delta.unsqueeze(2) * a.unsqueeze(-1)).exp();
        var given = ((delta * u).reshape(u.size(0), groups, -1, 1, length) * b.unsqueeze(2)).reshape(decay.shape);
        var states = States(decay, given, start);
        var end = states.select(-1, length - 1);
        if (window > 1) states = states + LookBack(decay, given);
        var y = (states.reshape(grouped) * c.unsqueeze(2)).sum(3).reshape(u.shape);
        return (y, end);
    }

    // h_t = decay_t h_(t-1) + given_t, all of them: [B, D, N, L].
    private static Tensor States(Tensor decay, Tensor given, Tensor start)
    {
        var length = decay.size(-1);
        var chunk = (long)Math.Ceiling(Math.Sqrt(length));
        var (factors, terms) = (Chunks(decay, chunk, 1).unbind(-1), Chunks(given, chunk, 0).unbind(-1));
        for (var t = 1; t < factors.Length; t++)
        {
            terms[t] = terms[t] + (factors[t] * terms[t - 1]);
            factors[t] = factors[t] * factors[t - 1];
        }

        var starts = Carry.Starts(factors[^1], terms[^1], start, -1);
        var states = stack(terms, -1) + (stack(factors, -1) * starts.unsqueeze(-1));
        return states.flatten(-2).narrow(-1, 0, length);
    }

    // r_t = decay_t (r_(t+1) + given_(t+1)) within each window, 0 at its last position.
    private Tensor LookBack(Tensor decay, Tensor given)
    {
        var length = decay.size(-1);
        var size = Math.Min(window, length);
        var (factors, terms) = (Chunks(decay, size, 1).unbind(-1), Chunks(given, size, 0).unbind(-1));
        var back = new Tensor[size];
        back[^1] = terms[^1].zeros_like();
        for (var t = size - 2; t >= 0; t--) back[t] = factors[t] * (back[t + 1] + terms[t + 1]);
        return stack(back, -1).flatten(-2).narrow(-1, 0, length);
    }

    // [.., L] as [.., chunks, chunk], filled up with what changes no state.
    private static Tensor Chunks(Tensor x, long chunk, double filler)
    {
        var length = x.size(-1);
        var chunks = (length + chunk - 1) / chunk;
        var whole = chunks * chunk == length ? x : nn.functional.pad(x, (0, (chunks * chunk) - length), value: filler);
        return whole.reshape([.. x.shape[..^1], chunks, chunk]);
    }
}
