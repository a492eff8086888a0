using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Initialization;

public sealed class InitTests
{
    // [out, in, kernel...]: fan_in 16 * 9 = 144, fan_out 64 * 9 = 576.
    private static readonly long[] Convolution = [64, 16, 3, 3];

    public static TheoryData<string, double, double> Uniforms => new()
    {
        { "kaiming_uniform", 0, Math.Sqrt(6.0 / 144) },
        { "kaiming_uniform", Math.Sqrt(5), 1 / Math.Sqrt(144) },
        { "xavier_uniform", 0, Math.Sqrt(6.0 / (144 + 576)) },
        { "fan_in_uniform", 0, 1 / Math.Sqrt(144) },
    };

    [Theory]
    [MemberData(nameof(Uniforms))]
    public void A_uniform_initialiser_fills_its_interval(string name, double a, double bound)
    {
        var values = Drawn(t => Named(name, t, a));

        Assert.All(values, value => Assert.True(Math.Abs(value) <= bound * 1.000001));
        Assert.True(values.Max() > 0.98 * bound);
        Assert.True(values.Min() < -0.98 * bound);
        Tensors.Near(bound / Math.Sqrt(3), Deviation(values), 0.03 * bound);
    }

    public static TheoryData<string, string, double> Normals => new()
    {
        { "kaiming_normal", "fan_in", Math.Sqrt(2.0 / 144) },
        { "kaiming_normal", "fan_out", Math.Sqrt(2.0 / 576) },
        { "xavier_normal", "", Math.Sqrt(2.0 / (144 + 576)) },
        { "lecun_normal", "", Math.Sqrt(1.0 / 144) },
        { "normal", "", 0.02 },
    };

    [Theory]
    [MemberData(nameof(Normals))]
    public void A_normal_initialiser_has_its_deviation(string name, string mode, double std)
    {
        var values = Drawn(t => Named(name, t, 0, mode));

        Tensors.Near(std, Deviation(values), 0.04 * std);
        Tensors.Near(0, values.Average(), 0.05 * std);
        Assert.True(values.Max() > 1.9 * std, "a normal distribution reaches beyond 1.9 deviations");
    }

    [Theory]
    [InlineData(1.0, 0.0, -2.0, 2.0)]
    [InlineData(1.0, 0.0, -0.5, 0.1)]
    [InlineData(0.5, 1.0, 1.0, 4.0)]
    [InlineData(0.02, 0.0, -2.0, 2.0)]
    public void A_truncated_normal_has_the_distribution_that_it_should(double std, double mean, double low, double high)
    {
        using var tensor = zeros(200_000);
        Init.trunc_normal(tensor, std, mean, low, high);
        var values = Tensors.Values(tensor);
        Array.Sort(values);

        Assert.True(values[0] >= low && values[^1] <= high);
        foreach (var part in new[] { 0.1, 0.25, 0.5, 0.75, 0.9 })
        {
            // The share of a cut normal below the value at this part of the sorted draws.
            var at = values[(int)(part * values.Length)];
            var share = (Phi((at - mean) / std) - Phi((low - mean) / std)) / (Phi((high - mean) / std) - Phi((low - mean) / std));
            Tensors.Near(part, share, 0.006);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void A_truncated_normal_fills_other_types(ScalarType type)
    {
        using var tensor = zeros([4096], dtype: type);
        Init.trunc_normal(tensor, 0.02);
        Tensors.Near(0.02, Deviation(Tensors.Values(tensor)), 0.001);
    }

    [Fact]
    public void Constants_and_the_identity()
    {
        using var tensor = full(2, 3, 7);
        Init.constant(tensor, 0.5);
        Assert.All(Tensors.Values(tensor), value => Assert.Equal(0.5f, value));
        Init.eye(tensor);
        Assert.Equal([1, 0, 0, 0, 1, 0], Tensors.Values(tensor));
        Init.eye(tensor, 0.5);
        Assert.Equal([0.5f, 0, 0, 0, 0.5f, 0], Tensors.Values(tensor));
        Init.zeros(tensor);
        Assert.All(Tensors.Values(tensor), value => Assert.Equal(0, value));
        Init.ones(tensor);
        Assert.All(Tensors.Values(tensor), value => Assert.Equal(1, value));
    }

    [Fact]
    public void A_bias_of_steps_is_log_uniform_behind_a_softplus()
    {
        var logs = Drawn(t => Init.softplus_inverse(t, 0.001, 0.1, 0.002)).Select(bias => Math.Log(Math.Log(1 + Math.Exp(bias)))).ToArray();
        Assert.All(logs, log => Assert.InRange(log, Math.Log(0.002) - 1e-4, Math.Log(0.1) + 1e-4));
        // A seventh of the draws, log 2 of log 100, lies below the floor.
        Tensors.Near(Math.Log(2) / Math.Log(100), logs.Count(log => log < Math.Log(0.002) + 1e-3) / (double)logs.Length, 0.02);
        Tensors.Near(0.5, logs.Count(log => log < Math.Log(0.01)) / (double)logs.Length, 0.02);
        using var tensor = zeros(2);
        Assert.Throws<ArgumentException>(() => Init.softplus_inverse(tensor, 0.1, 0.01));
    }

    [Fact]
    public void A_parameter_keeps_its_gradient_and_is_no_result()
    {
        using var parameter = nn.Parameter(zeros(8));
        Init.normal(parameter);

        Assert.True(parameter.requires_grad);
        Assert.True(parameter.is_leaf);
        Assert.Contains(Tensors.Values(parameter), value => value != 0);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var vector = zeros(3);
        using var matrix = zeros(3, 3);

        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => Init.kaiming_normal(vector)).Message, StringComparison.Ordinal);
        Assert.Contains("'fan'", Assert.Throws<ArgumentException>(() => Init.kaiming_normal(matrix, mode: "fan")).Message, StringComparison.Ordinal);
        Assert.Contains("'rulu'", Assert.Throws<ArgumentException>(() => Init.kaiming_normal(matrix, nonlinearity: "rulu")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Init.trunc_normal(matrix, low: 1, high: 1));
        Assert.Throws<ArgumentException>(() => Init.eye(vector));
    }

    [Fact]
    public async Task Skipping_is_of_one_flow_of_control_and_ends()
    {
        using var tensor = zeros(3);
        var other = Task.CompletedTask;
        using (Init.Skip())
        {
            using (Init.Skip())
            {
                Init.ones(tensor);
            }

            Init.ones(tensor);
            Assert.All(Tensors.Values(tensor), value => Assert.Equal(0, value));
            await Task.Yield();
            Assert.True(Init.IsSkipped);
            using (ExecutionContext.SuppressFlow())
            {
                other = Task.Run(() => Assert.False(Init.IsSkipped));
            }
        }

        await other;
        Init.ones(tensor);
        Assert.All(Tensors.Values(tensor), value => Assert.Equal(1, value));
    }

    private static void Named(string name, Tensor tensor, double a, string mode = "fan_in")
    {
        Action initialise = name switch
        {
            "kaiming_uniform" => () => Init.kaiming_uniform(tensor, a),
            "kaiming_normal" => () => Init.kaiming_normal(tensor, a, mode),
            "xavier_uniform" => () => Init.xavier_uniform(tensor),
            "xavier_normal" => () => Init.xavier_normal(tensor),
            "fan_in_uniform" => () => Init.fan_in_uniform(tensor, 144),
            "lecun_normal" => () => Init.lecun_normal(tensor),
            "normal" => () => Init.normal(tensor, 0.02),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        initialise();
    }

    private static float[] Drawn(Action<Tensor> initialise)
    {
        using var tensor = zeros(Convolution);
        initialise(tensor);
        return Tensors.Values(tensor);
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Phi(double z)
    {
        using var number = tensor(z / Math.Sqrt(2), ScalarType.Float64);
        using var erf = number.erf();
        return 0.5 * (1 + erf.item<double>());
    }
}
