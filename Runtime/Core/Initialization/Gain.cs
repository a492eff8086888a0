namespace Notochord;

/// <summary>By how much a nonlinearity shrinks what passes it. Source: PyTorch, torch/nn/init.py, <c>calculate_gain</c>.</summary>
internal static class Gain
{
    public static double Of(string nonlinearity, double slope) => nonlinearity switch
    {
        "linear" or "sigmoid" => 1,
        "tanh" => 5.0 / 3,
        "relu" => Math.Sqrt(2),
        "leaky_relu" => Math.Sqrt(2 / (1 + (slope * slope))),
        "selu" => 0.75,
        _ => throw new ArgumentException(
            $"The nonlinearity '{nonlinearity}' is unknown; known are linear, sigmoid, tanh, relu, leaky_relu and selu.", nameof(nonlinearity)),
    };
}
