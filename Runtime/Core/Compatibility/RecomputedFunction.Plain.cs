using static TorchSharp.torch;

namespace Notochord.Compatibility;

/// <summary>For TorchSharp before 0.102.6, which has no functions with a backward of their own: nothing is recomputed.</summary>
internal static class RecomputedFunction
{
    /// <summary>Calls, with plain autograd.</summary>
    public static Tensor[] Apply(RecomputedCall call, Tensor[] inputs, Tensor[] parameters)
    {
        using (call) return call.RunRecorded(inputs);
    }
}
