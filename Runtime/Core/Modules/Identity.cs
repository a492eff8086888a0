using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Gives back what it gets, as another handle of the same tensor: the caller owns both.</summary>
public sealed class Identity : nn.Module<Tensor, Tensor>
{
    /// <summary>A module without parameters.</summary>
    public Identity()
        : base(nameof(Identity))
    {
    }

    /// <summary>The same values in any shape.</summary>
    /// <returns>A handle that the caller disposes.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.alias();
    }
}
