using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>
/// The selective scan in tensor operations, on any device. A segment's states are there at once; it falls into chunks whose first, second, .. positions are
/// computed together, each chunk from nothing; what the chunks before it hand on is added. All factors are products of decays, at most 1.
/// </summary>
/// <remarks>Inputs are u[B, D, L], delta[B, D, L], A[D, N], B[B, G, N, L], C[B, G, N, L], and the order of the visits if there is one.</remarks>
/// <param name="window">0, or the length of the windows of the backward part.</param>
internal sealed class ChunkedScan(long window) : SegmentedScan
{
    private const int A = 2;
    private const long ShortestSegment = 64;

    /// <inheritdoc/>
    protected override int Axis => -1;

    /// <inheritdoc/>
    protected override bool HasPositions(int input) => input != A;

    /// <inheritdoc/>
    protected override Tensor[] Visited(IReadOnlyList<Tensor> inputs) => ScanOrder.Visited(inputs);

    /// <inheritdoc/>
    protected override Tensor Visited(Tensor x, IReadOnlyList<Tensor> inputs) => ScanOrder.Visited(x, inputs);

    /// <inheritdoc/>
    protected override Tensor Placed(Tensor x, IReadOnlyList<Tensor> inputs) => ScanOrder.Placed(x, inputs);

    /// <inheritdoc/>
    /// <remarks>States are N times as large as the input: as many of them as the input is large, in whole windows.</remarks>
    protected override long LongestSegment(IReadOnlyList<Tensor> inputs)
    {
        var whole = Math.Max(window, 1);
        return (Math.Max(ShortestSegment, inputs[0].size(-1) / inputs[A].size(1)) + whole - 1) / whole * whole;
    }

    /// <inheritdoc/>
    protected override Tensor Start(IReadOnlyList<Tensor> inputs)
    {
        var (u, a) = (inputs[0], inputs[A]);
        return zeros([u.size(0), u.size(1), a.size(1)], dtype: u.dtype, device: u.device);
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor End) Segment(IReadOnlyList<Tensor> inputs, Tensor start)
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
