using static TorchSharp.torch;

namespace Notochord;

/// <summary>How many numbers go into an output of a weight, and how many outputs a number goes into.</summary>
/// <remarks>
/// Source: PyTorch, torch/nn/init.py, <c>_calculate_fan_in_and_fan_out</c>: a weight is [out, in / groups, kernel...], and each fan counts the
/// kernel's places. For grouped convolutions fan_out is not divided by the groups, as there.
/// </remarks>
internal readonly record struct Fan(long In, long Out)
{
    public static Fan Of(Tensor weight)
    {
        var shape = weight.shape;
        if (shape.Length < 2)
        {
            throw new ArgumentException($"The fans of a tensor of shape [{string.Join(", ", shape)}] are not defined: it has fewer than 2 axes.", nameof(weight));
        }

        var places = shape[2..].Aggregate(1L, (product, size) => product * size);
        return new Fan(shape[1] * places, shape[0] * places);
    }

    /// <summary>The fan that a mode names: <c>fan_in</c>, <c>fan_out</c> or <c>fan_avg</c>.</summary>
    public double Mode(string mode) => mode switch
    {
        "fan_in" => In,
        "fan_out" => Out,
        "fan_avg" => (In + Out) / 2.0,
        _ => throw new ArgumentException($"The mode '{mode}' is unknown; known are fan_in, fan_out and fan_avg.", nameof(mode)),
    };
}
