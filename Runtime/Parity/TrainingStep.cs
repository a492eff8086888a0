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
        Prepare(model.Module);
        double loss;
        using var input = image.detach().requires_grad_(expected.InputNorm is not null);
        using (var scope = NewDisposeScope())
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

        var norms = Norms(model.Module.named_parameters().Select(p => (p.Item1, (Tensor)p.Item2)).Append((InputName, input)));
        model.Module.eval();
        var floor = Floor * expected.Norms.Values.Max(n => n ?? 0);
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

    private static double Ratio(double found, double expected, double floor)
    {
        var error = Math.Abs(found - expected);
        return double.IsFinite(error) ? error / ((Relative * expected) + floor) : double.PositiveInfinity;
    }

    // Batch norms learn; what is random (dropout, drop path) stays off.
    private static void Prepare(nn.Module model)
    {
        model.eval();
        foreach (var module in model.modules().Prepend(model))
        {
            if (module.named_buffers(recurse: false).Any(b => b.Item1 == "running_mean")) module.train();
        }

        model.zero_grad();
    }

    private static Dictionary<string, double> Norms(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var guard = no_grad();
        var norms = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            using var gradient = Gradient.Of(tensor);
            norms[name] = gradient is null ? 0 : Norm(gradient);
        }

        return norms;
    }

    private static double Norm(Tensor gradient)
    {
        var sum = 0.0;
        foreach (var v in ModelFill.ValuesOf(gradient)) sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
