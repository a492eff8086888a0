using static TorchSharp.torch;

namespace Notochord.Compatibility;

/// <summary>Reading gradients, for TorchSharp before 0.102.6, where <c>grad</c> is a method.</summary>
internal static class Gradient
{
    /// <summary>What backward left for a tensor, null where it left nothing; the caller disposes it.</summary>
    public static Tensor? Of(Tensor tensor) => tensor.grad();
}
