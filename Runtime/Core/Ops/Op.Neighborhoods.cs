using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Dot products of each position's query with the keys of its window: Hassani et al. 2023, arXiv:2204.07143.</summary>
    /// <param name="q">[..., spatial..., D], with one spatial axis for each size of the kernel.</param>
    /// <param name="k">The same shape.</param>
    /// <param name="kernel">Keys of a window along each axis.</param>
    /// <param name="stride">Positions that share a window; one number stands for all axes, here and below.</param>
    /// <param name="dilation">Distance of the keys.</param>
    /// <param name="causal">1 where a position sees none after it.</param>
    /// <param name="border"><c>clamp</c>: windows at the ends move inside; <c>zero</c>: keys outside are absent.</param>
    /// <returns>[..., spatial..., K], row-major over the kernel; minus infinity where a key is absent.</returns>
    /// <exception cref="ArgumentException">A window does not fit an axis.</exception>
    public static Tensor neighborhood_qk(Tensor q, Tensor k, long[] kernel, long[] stride, long[] dilation, long[] causal, string border)
    {
        using var windows = Neighborhood.Of(q, kernel, stride, dilation, causal, border);
        return windows.Scores(q, k);
    }

    /// <summary>Sums of the values of each position's window with the weights that it brings.</summary>
    /// <param name="weights">[..., spatial..., K], row-major over the kernel.</param>
    /// <param name="v">[..., spatial..., D].</param>
    /// <param name="kernel">Keys of a window along each axis.</param>
    /// <param name="stride">Positions that share a window.</param>
    /// <param name="dilation">Distance of the keys.</param>
    /// <param name="causal">1 where a position sees none after it.</param>
    /// <param name="border">As in <see cref="neighborhood_qk"/>; an absent value counts as 0.</param>
    /// <returns>[..., spatial..., D].</returns>
    /// <exception cref="ArgumentException">A window does not fit an axis.</exception>
    public static Tensor neighborhood_av(Tensor weights, Tensor v, long[] kernel, long[] stride, long[] dilation, long[] causal, string border)
    {
        using var windows = Neighborhood.Of(weights, kernel, stride, dilation, causal, border);
        return windows.Sums(weights, v);
    }

    /// <summary>The positions of each position's keys along one axis.</summary>
    /// <param name="length">Positions.</param>
    /// <param name="kernel">Keys of a window.</param>
    /// <param name="stride">Positions that share a window.</param>
    /// <param name="dilation">Distance of the keys.</param>
    /// <param name="causal">1 where a position sees none after it.</param>
    /// <param name="border">As in <see cref="neighborhood_qk"/>.</param>
    /// <param name="like">Whose device it is on; null: the CPU.</param>
    /// <returns>[length, kernel] of int64; -1 where a key is absent.</returns>
    /// <exception cref="ArgumentException">A window does not fit the axis.</exception>
    public static Tensor neighborhood_index(long length, long kernel, long stride, long dilation, long causal, string border, Tensor? like = null)
    {
        var keys = NeighborhoodAxis.Create(length, kernel, stride, dilation, causal != 0, border).Keys();
        using var flat = tensor(keys, ScalarType.Int64, like?.device ?? CPU);
        return flat.reshape(length, kernel);
    }
}
