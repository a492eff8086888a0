using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>What chunks hand on: the state at the start of each, from what each does to a state.</summary>
internal static class Carry
{
    /// <summary>With s_0 = <paramref name="first"/>: s_(k+1) = factors_k s_k + ends_k.</summary>
    /// <param name="factors">[.., K, ..]: by how much a chunk multiplies a state that it is given; broadcasts to <paramref name="ends"/>.</param>
    /// <param name="ends">[.., K, ..]: the state that a chunk makes from nothing.</param>
    /// <param name="first">Without the axis of the chunks.</param>
    /// <param name="axis">That axis.</param>
    /// <returns>s_0 .. s_(K-1), stacked along the axis. The caller's dispose scope owns it.</returns>
    public static Tensor Starts(Tensor factors, Tensor ends, Tensor first, int axis)
    {
        var (f, e) = (factors.unbind(axis), ends.unbind(axis));
        var starts = new Tensor[e.Length];
        starts[0] = first;
        for (var k = 1; k < starts.Length; k++) starts[k] = e[k - 1] + (f[k - 1] * starts[k - 1]);
        return stack(starts, axis);
    }
}
