using Notochord.Scans;
using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>The selective scan of S6: Gu and Dao 2023, Mamba, arXiv:2312.00752, eq. 2, with B discretised as delta B.</summary>
    /// <param name="u">[B, D, L].</param>
    /// <param name="delta">[B, D, L]: the steps, positive.</param>
    /// <param name="a">[D, N]: negative.</param>
    /// <param name="b">[B, N, L] or [B, G, N, L].</param>
    /// <param name="c">As <paramref name="b"/>.</param>
    /// <param name="order">The positions in the order of their visits, [L] or [G, L] of int64; null: from the first to the last.</param>
    /// <param name="window">0, or the length of the windows within which the states look back as well.</param>
    /// <returns>[B, D, L].</returns>
    /// <exception cref="ArgumentException">The sizes do not fit, or the order is none.</exception>
    /// <remarks>Time and memory are linear in L, also with gradients: of the states only every so many'th is kept, the others are computed again.</remarks>
    public static Tensor selective_scan(Tensor u, Tensor delta, Tensor a, Tensor b, Tensor c, Tensor? order = null, long window = 0)
    {
        ArgumentNullException.ThrowIfNull(u);
        using var groupedB = Grouped(b);
        using var groupedC = Grouped(c);
        using var orders = order is null ? null : order.dim() == 1 ? order.unsqueeze(0) : order.alias();
        return SelectiveScan.Compute(u, delta, a, groupedB, groupedC, orders, window);
    }

    /// <summary>The scan with one decay a head, as matrix products within chunks: Dao and Gu 2024, Mamba-2, arXiv:2405.21060, section 6.</summary>
    /// <param name="x">[B, L, H, P].</param>
    /// <param name="logA">[B, L, H]: the logarithms of the decays, not positive.</param>
    /// <param name="b">[B, L, G, N]; head h has group h / (H / G).</param>
    /// <param name="c">As <paramref name="b"/>.</param>
    /// <returns>[B, L, H, P].</returns>
    public static Tensor state_space_duality(Tensor x, Tensor logA, Tensor b, Tensor c) => StateSpaceDuality.Compute(x, logA, b, c);

    private static Tensor Grouped(Tensor projection) => projection.dim() == 3 ? projection.unsqueeze(1) : projection.alias();
}
