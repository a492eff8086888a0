using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Holds tensors under their places: <c>v.0</c>, <c>v.1</c>, .. in the state dict of the module that has it as <c>v</c>.</summary>
public sealed class TensorList : nn.Module
{
    private int _count;

    /// <summary>A list of these.</summary>
    /// <param name="tensors">Parameters and buffers, which the list owns from here on.</param>
    public TensorList(params Tensor[] tensors)
        : base(nameof(TensorList))
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors) Add(tensor);
    }

    /// <summary>Takes one more.</summary>
    /// <param name="tensor">A parameter, or else a buffer.</param>
    public void Add(Tensor tensor)
    {
        var name = _count++.ToString(CultureInfo.InvariantCulture);
        if (tensor is Parameter parameter) register_parameter(name, parameter);
        else register_buffer(name, tensor);
    }
}
