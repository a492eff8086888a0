using static TorchSharp.torch;

namespace Notochord;

/// <summary>One level of a multi-scale output. Disposing it disposes its tensor.</summary>
/// <param name="Index">The level, from 0 for the finest.</param>
/// <param name="Name">The module that made it.</param>
/// <param name="Tensor">[B, C, H, W] (other axes where the input is no image) unless the level is one of tokens; owned by whoever holds the feature.</param>
/// <param name="Channels">C.</param>
/// <param name="Reduction">Its stride: the image's height and width over the level's.</param>
public sealed record Feature(int Index, string Name, Tensor Tensor, int Channels, int Reduction) : IDisposable
{
    /// <summary>Disposes the tensor.</summary>
    public void Dispose() => Tensor.Dispose();
}
