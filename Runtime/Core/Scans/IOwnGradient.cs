using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>An operation whose gradient is not that of its steps.</summary>
internal interface IOwnGradient
{
    /// <summary>The result; and what backward wants beside the inputs.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="keep">Whether there will be a backward; else nothing needs to be kept.</param>
    (Tensor Result, Tensor Kept) Forward(IReadOnlyList<Tensor> inputs, bool keep);

    /// <summary>The gradient of each input, from that of the result.</summary>
    Tensor[] Backward(IReadOnlyList<Tensor> inputs, Tensor kept, Tensor gradient);

    /// <summary>The same result by operations that autograd knows, for gradients of gradients.</summary>
    Tensor Recorded(IReadOnlyList<Tensor> inputs);
}
