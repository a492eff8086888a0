namespace Notochord.Dsl.Ir;

/// <summary>An initialiser: its parameters with defaults (null: required), all doubles except <c>mode</c> and <c>nonlinearity</c>, which are strings.</summary>
/// <param name="Name">Its name, as in <c>torch.nn.init</c>.</param>
/// <param name="Parameters">Names and defaults, as C# literals.</param>
/// <param name="Doc">What it draws from.</param>
public sealed record InitializerInfo(string Name, IReadOnlyList<(string Name, string? Default)> Parameters, string Doc);

/// <summary>The initialisers that a tensor declaration may name; <c>Notochord.Init</c> of the runtime has a function for each.</summary>
public static class InitializerTable
{
    /// <summary>All initialisers.</summary>
    public static IReadOnlyList<InitializerInfo> All { get; } =
    [
        new("zeros", [], "0."),
        new("ones", [], "1."),
        new("constant", [("value", null)], "One value."),
        new("normal", [("std", "1.0"), ("mean", "0.0")], "Normal distribution."),
        new("uniform", [("low", "0.0"), ("high", "1.0")], "Uniform distribution on [low, high)."),
        new("trunc_normal", [("std", "1.0"), ("mean", "0.0"), ("low", "-2.0"), ("high", "2.0")], "Normal distribution cut off at low and high (absolute values, as in torch.nn.init.trunc_normal_)."),
        new("kaiming_uniform", [("a", "0.0"), ("mode", "\"fan_in\"")], "He et al. 2015, arXiv:1502.01852; leaky ReLU of slope a."),
        new("kaiming_normal", [("a", "0.0"), ("mode", "\"fan_in\"")], "He et al. 2015, arXiv:1502.01852; leaky ReLU of slope a."),
        new("xavier_uniform", [("gain", "1.0")], "Glorot and Bengio 2010."),
        new("xavier_normal", [("gain", "1.0")], "Glorot and Bengio 2010."),
        new("lecun_normal", [], "Truncated normal of variance 1/fan_in (LeCun et al. 1998)."),
        new("eye", [("gain", "1.0")], "The gain on the diagonal, 0 elsewhere: the identity matrix, scaled."),
        new("fan_in_uniform", [("fan_in", null)], "Uniform on +-1/sqrt(fan_in): torch's default for biases."),
        new("softplus_inverse", [("low", "0.001"), ("high", "0.1"), ("floor", "0.0001")], "Its softplus is log-uniform on [low, high), and at least floor: steps of a state-space model (Gu and Dao 2023, arXiv:2312.00752, section 3.6)."),
    ];

    /// <summary>The initialiser of that name, or null.</summary>
    public static InitializerInfo? Find(string name) => All.FirstOrDefault(i => i.Name == name);
}
