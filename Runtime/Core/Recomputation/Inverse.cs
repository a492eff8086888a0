using static TorchSharp.torch;

namespace Notochord;

/// <summary>How a block recovers inputs from its outputs.</summary>
/// <param name="Recovered">The positions of the inputs that it recovers; the others are kept.</param>
/// <param name="Recover">Makes them, in that order, of the outputs and of the inputs that are kept. The caller owns what it gives.</param>
public sealed record Inverse(int[] Recovered, Func<Tensor[], Tensor[], Tensor[]> Recover);
