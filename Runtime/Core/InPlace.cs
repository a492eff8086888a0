using static TorchSharp.torch;

namespace Notochord;

/// <summary>Some in-place operators of TorchSharp return their own tensor, others a second handle of it, by version.</summary>
internal static class InPlace
{
    /// <summary>Ends an in-place call: releases the second handle where there is one.</summary>
    public static void Done(Tensor self, Tensor result)
    {
        if (!ReferenceEquals(self, result))
        {
            result.Dispose();
        }
    }
}
