using Notochord.Training.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Notochord.Tests.Training;

/// <summary>Noise with a bright left, right or no half: three classes that a linear model tells apart.</summary>
internal static class ToyProblem
{
    public static readonly string[] Classes = ["left", "right", "neither"];

    public static LabelledImages Make(int count, int side = 6, ulong seed = 1)
    {
        var random = new SplitMix(seed);
        var (pixels, labels) = (new byte[count * side * side], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % Classes.Length);
            for (var p = 0; p < side * side; p++)
            {
                var isLeft = p % side < side / 2;
                var isBright = labels[i] == (isLeft ? 0 : 1);
                pixels[(i * side * side) + p] = (byte)((isBright ? 100 : 0) + random.Next(100));
            }
        }
        return new LabelledImages(pixels, labels, 1, side, side, Classes, new PixelScale(0.3f, 0.25f));
    }
}

/// <summary>One linear layer over the pixels; its weight has two dimensions and its bias one.</summary>
internal sealed class LinearModel : Module<Tensor, Tensor>
{
    private readonly int _inputs;

    public LinearModel(int inputs, int classes, float start = 0) : base(nameof(LinearModel))
    {
        _inputs = inputs;
        Weight = new Parameter(torch.full([classes, inputs], start));
        Bias = new Parameter(torch.full([classes], start));
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    /// <summary>What gradients are scaled by; 0 leaves weight decay alone at work.</summary>
    public float Slope { get; init; } = 1;

    public override Tensor forward(Tensor input)
    {
        using var pixels = input.reshape(-1, _inputs);
        using var product = functional.linear(pixels, Weight, Bias);
        return product * Slope;
    }
}
