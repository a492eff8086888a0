using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>
/// The scan with one decay a head: within a chunk it is attention with decays for a mask, and what the chunk makes of its inputs is one state, which the
/// chunks hand on. Exponents are sums of logarithms of decays, never differences of such sums: nothing cancels, and nothing overflows.
/// </summary>
/// <remarks>Inputs are x[B, L, H, P], logA[B, L, H], b[B, L, G, N], c[B, L, G, N]; the state is [B, G, N, R P], R heads of a group.</remarks>
internal sealed class StateSpaceDuality : SegmentedScan
{
    // A position costs as many products with the others of its chunk as with the state.
    private const long Chunk = 64;

    /// <inheritdoc/>
    protected override int Axis => 1;

    /// <summary>y[B, L, H, P].</summary>
    /// <exception cref="ArgumentException">The heads do not fall into the groups.</exception>
    public static Tensor Compute(Tensor x, Tensor logA, Tensor b, Tensor c)
    {
        if (x.size(2) % b.size(2) != 0) throw new ArgumentException($"{x.size(2)} heads do not fall into {b.size(2)} groups.", nameof(b));
        return x.numel() == 0 || b.numel() == 0 ? x.mul(0) : new StateSpaceDuality().Compute([x, logA, b, c]);
    }

    /// <inheritdoc/>
    protected override bool HasPositions(int input) => true;

    /// <inheritdoc/>
    protected override long LongestSegment(IReadOnlyList<Tensor> inputs) => 16 * Chunk;

    /// <inheritdoc/>
    protected override Tensor Start(IReadOnlyList<Tensor> inputs)
    {
        var (x, b) = (inputs[0], inputs[2]);
        return zeros([x.size(0), b.size(2), b.size(3), x.size(2) / b.size(2) * x.size(3)], dtype: x.dtype, device: x.device);
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor End) Segment(IReadOnlyList<Tensor> inputs, Tensor start)
    {
        var (x, length, groups) = (inputs[0], inputs[0].size(1), inputs[2].size(2));
        var chunk = Math.Min(Chunk, length);
        // [B, K, G, R, T, ..]: K chunks, R heads of a group, T positions.
        var values = Chunks(x, chunk, groups);
        var logs = Chunks(inputs[1].unsqueeze(-1), chunk, groups).squeeze(-1);
        // Of b and c each group is a head.
        var keys = Chunks(inputs[2], chunk, groups).squeeze(3);
        var queries = Chunks(inputs[3], chunk, groups).squeeze(3);

        var decays = Decays(logs);
        var weights = queries.matmul(keys.transpose(-2, -1)).unsqueeze(3) * decays;
        var within = weights.matmul(values);

        // Heads of a group meet the same keys and queries, so they are columns of one product: [B, K, G, N, R P].
        var toEnd = decays.select(-2, chunk - 1).unsqueeze(-1);
        var ends = keys.transpose(-2, -1).matmul(Columns(values * toEnd));
        var fromStart = logs.cumsum(-1).exp();
        var whole = Columns(fromStart.narrow(-1, chunk - 1, 1).unsqueeze(-1).expand(-1, -1, -1, -1, -1, x.size(3)));
        var starts = Carry.Starts(whole, ends, start, 1);
        var last = starts.size(1) - 1;
        var end = ends.select(1, last) + (whole.select(1, last) * starts.select(1, last));
        var carried = queries.matmul(starts);
        var across = carried.reshape(carried.size(0), carried.size(1), groups, chunk, -1, x.size(3)).transpose(3, 4) * fromStart.unsqueeze(-1);

        // [B, K, G, R, T, P] as [B, L, H, P].
        var y = (within + across).permute(0, 1, 4, 2, 3, 5).reshape(x.size(0), -1, x.size(2), x.size(3));
        return (y.narrow(1, 0, length), end);
    }

    // [B, L, H, P] as [B, K, G, R, T, P]; filled up with zeros, which change no state.
    private static Tensor Chunks(Tensor x, long chunk, long groups)
    {
        var length = x.size(1);
        var chunks = (length + chunk - 1) / chunk;
        var whole = chunks * chunk == length ? x : nn.functional.pad(x, [0, 0, 0, 0, 0, (chunks * chunk) - length]);
        return whole.reshape(x.size(0), chunks, chunk, groups, -1, x.size(3)).permute(0, 1, 3, 4, 2, 5);
    }

    // [.., T] as [.., T, T]: exp(logs_(j+1) + .. + logs_i) at (i, j), 0 above the diagonal. Dao and Gu 2024, listing 1, segsum.
    private static Tensor Decays(Tensor logs)
    {
        var size = logs.size(-1);
        var all = ones([size, size], ScalarType.Bool, logs.device);
        using Scalar nothing = 0, never = double.NegativeInfinity;
        var terms = logs.unsqueeze(-1).expand([.. logs.shape, size]).masked_fill(all.triu(), nothing);
        return terms.cumsum(-2).masked_fill(all.triu(1), never).exp();
    }

    // [.., R, T, P] as [.., T, R P].
    private static Tensor Columns(Tensor x) => x.transpose(-3, -2).flatten(-2);
}
