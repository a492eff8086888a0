using Notochord.Dsl.Ir;
using static TorchSharp.torch;

namespace Notochord.Execution;

/// <summary>Calls the initialisers of <see cref="Init"/> by name.</summary>
internal static class Initializers
{
    private static readonly Dictionary<string, Action<Tensor, Arguments>> Table = new()
    {
        ["zeros"] = (t, _) => Init.zeros(t),
        ["ones"] = (t, _) => Init.ones(t),
        ["constant"] = (t, a) => Init.constant(t, a.Number("value")),
        ["normal"] = (t, a) => Init.normal(t, a.Number("std", 1), a.Number("mean", 0)),
        ["uniform"] = (t, a) => Init.uniform(t, a.Number("low", 0), a.Number("high", 1)),
        ["trunc_normal"] = (t, a) => Init.trunc_normal(t, a.Number("std", 1), a.Number("mean", 0), a.Number("low", -2), a.Number("high", 2)),
        ["kaiming_uniform"] = (t, a) => Init.kaiming_uniform(t, a.Number("a", 0), a.Text("mode", "fan_in"), a.Text("nonlinearity", "leaky_relu")),
        ["kaiming_normal"] = (t, a) => Init.kaiming_normal(t, a.Number("a", 0), a.Text("mode", "fan_in"), a.Text("nonlinearity", "leaky_relu")),
        ["xavier_uniform"] = (t, a) => Init.xavier_uniform(t, a.Number("gain", 1)),
        ["xavier_normal"] = (t, a) => Init.xavier_normal(t, a.Number("gain", 1)),
        ["lecun_normal"] = (t, _) => Init.lecun_normal(t),
        ["fan_in_uniform"] = (t, a) => Init.fan_in_uniform(t, a.Number("fan_in")),
        ["softplus_inverse"] = (t, a) => Init.softplus_inverse(t, a.Number("low", 0.001), a.Number("high", 0.1), a.Number("floor", 0.0001)),
        ["eye"] = (t, a) => Init.eye(t, a.Number("gain", 1)),
    };

    /// <summary>Names of the initialisers.</summary>
    public static IReadOnlyCollection<string> Names => Table.Keys;

    /// <summary>Fills a tensor as declared.</summary>
    public static void Fill(Tensor tensor, TensorSpec spec)
    {
        if (!Table.TryGetValue(spec.Initializer, out var fill)) throw new InvalidOperationException($"There is no initialiser '{spec.Initializer}'.");
        fill(tensor, new Arguments(spec.InitializerArguments));
    }

    private sealed class Arguments(IReadOnlyDictionary<string, Value> values)
    {
        public double Number(string name, double? standard = null) => values.TryGetValue(name, out var value)
            ? value switch { DoubleValue d => d.Number, IntValue { Dim.Value: { } known } => known, _ => throw new InvalidOperationException($"'{name}' is {value}.") }
            : standard ?? throw new InvalidOperationException($"'{name}' has no value.");

        public string Text(string name, string standard) => values.TryGetValue(name, out var value) ? ((StringValue)value).Text : standard;
    }
}
