using Notochord.Scans;
using static TorchSharp.torch;

namespace Notochord.Compatibility;

/// <summary>For TorchSharp before 0.102.6, which has no functions with a backward of their own: that of the steps.</summary>
internal static class OwnGradientFunction
{
    /// <summary>Computes, with plain autograd.</summary>
    public static Tensor Apply(IOwnGradient operation, Tensor[] inputs) => operation.Recorded(inputs);
}
