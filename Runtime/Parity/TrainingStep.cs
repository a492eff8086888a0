using System.Collections.Immutable;
using Notochord.Compatibility;
using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>The training step of a golden.</summary>
internal static class TrainingStep
{
    private const double Relative = 0.01;

    // A convolution's bias before a batch norm has a true gradient of 0, of which rounding makes something: relative to the model's largest norm.
    private const double Floor = 1e-5;

    // The input's gradient among the parameters': no state dict has a name with brackets.
    private const string InputName = "(input)";

    /// <summary>Runs one forward and backward and compares the gradients' norms: the parameters', and the input's where the golden has it.</summary>
    public static GradientComparison Compare(ParityModel model, Golden golden, GoldenTraining expected, Tensor image)
    {
        var found = Run(model, image, withInput: expected.InputNorm is not null);
        var norms = found.Norms.Add(InputName, found.InputNorm).ToDictionary(n => n.Key, n => n.Value ?? 0, StringComparer.Ordinal);
        var loss = found.Loss;
        var floor = Floor * (expected.Norms.Values.Max() ?? 0);
        var wanted = expected.InputNorm is { } norm ? expected.Norms.Add(InputName, norm) : expected.Norms;
        var compared = wanted
            .Where(n => norms.ContainsKey(n.Key) && !golden.Refuted.Covers(n.Key))
            .Select(n => (Name: n.Key, Expected: n.Value ?? 0, Found: norms[n.Key]))
            .Select(n => (n.Name, n.Expected, n.Found, Ratio: Ratio(n.Found, n.Expected, floor)))
            .OrderByDescending(n => n.Ratio)
            .ToList();
        var wrong = compared.Where(n => !(n.Ratio <= 1)).Select(n => $"{n.Name}: {n.Found:g4}, expected {n.Expected:g4}");
        var worst = compared.FirstOrDefault();
        return new GradientComparison(loss, expected.Loss, compared.Count, worst.Name ?? "", worst.Ratio, [.. wrong], norms.Keys.Count(golden.Refuted.Covers), golden.Refuted == Refutation.None ? null : golden.Refuted.Why);
    }

    /// <summary>Runs one forward and backward: the loss that goldens have, and the 2-norm of each gradient; null where there is none.</summary>
    /// <param name="model">Filled by the rule; it is in inference mode afterwards.</param>
    /// <param name="image">The input.</param>
    /// <param name="withInput">Whether the input's gradient is wanted.</param>
    public static GoldenTraining Run(ParityModel model, Tensor image, bool withInput)
    {
        Prepare(model.Module);
        using var input = image.detach().requires_grad_(withInput);
        double loss;
        using (NewDisposeScope())
        {
            var total = zeros([], dtype: ScalarType.Float32);
            var outputs = (model.Trained ?? model.Run)(input);
            for (var i = 0; i < outputs.Count; i++)
            {
                var probe = ModelFill.TensorOf(GoldenRule.Probe(i, outputs[i].numel()), outputs[i].shape);
                total = total.add(outputs[i].mul(probe).mean());
            }

            total.backward();
            loss = total.item<float>();
        }

        using var guard = no_grad();
        var norms = model.Module.named_parameters().ToImmutableDictionary(p => p.Item1, p => Norm(p.Item2), StringComparer.Ordinal);
        model.Module.eval();
        return new GoldenTraining(loss, norms, withInput ? Norm(input) : null);
    }

    private static double Ratio(double found, double expected, double floor)
    {
        var error = Math.Abs(found - expected);
        return double.IsFinite(error) ? error / ((Relative * expected) + floor) : double.PositiveInfinity;
    }

    // The model and its batch norms are in training; what is random (dropout, drop path) stays off.
    private static void Prepare(nn.Module model)
    {
        model.train();
        foreach (var child in model.children()) child.eval();
        foreach (var module in model.modules().Prepend(model))
        {
            if (module.named_buffers(recurse: false).Any(b => b.Item1 == "running_mean")) module.train();
        }

        model.zero_grad();
    }

    private static double? Norm(Tensor tensor)
    {
        using var gradient = Gradient.Of(tensor);
        if (gradient is null) return null;
        var sum = 0.0;
        foreach (var v in ModelFill.ValuesOf(gradient)) sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
