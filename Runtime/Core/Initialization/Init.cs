using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>
/// Initialisers: each fills a parameter in place, without a gradient. Names and arguments are those of the declarations, meanings those of
/// <c>torch.nn.init</c>.
/// </summary>
public static partial class Init
{
    /// <summary>The standard deviation of a normal distribution of deviation 1 cut off at ±2.</summary>
    private const double CutOffDeviation = 0.87962566103423978;

    /// <summary>A parameter that starts with this value, in memory of its own. The given object is used up.</summary>
    public static Parameter computed(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using (value)
        {
            // What was expanded shares memory between its elements, which are trained apart.
            using var contiguous = value.contiguous();
            return new Parameter(contiguous.clone());
        }
    }

    /// <summary>Fills with 0.</summary>
    public static void zeros(Tensor tensor) => Fill(tensor, static t => t.zero_());

    /// <summary>Fills with 1.</summary>
    public static void ones(Tensor tensor) => constant(tensor, 1);

    /// <summary>Fills with one value.</summary>
    public static void constant(Tensor tensor, double value) => Fill(tensor, t => t.fill_(value));

    /// <summary>Draws from a normal distribution.</summary>
    public static void normal(Tensor tensor, double std = 1, double mean = 0) => Fill(tensor, t => t.normal_(mean, std));

    /// <summary>Draws from the uniform distribution on [low, high).</summary>
    public static void uniform(Tensor tensor, double low = 0, double high = 1) => Fill(tensor, t => t.uniform_(low, high));

    /// <summary>Draws from a normal distribution cut off at low and high, which are values and not deviations.</summary>
    /// <remarks>
    /// By the inverse of its distribution function, so each draw takes one uniform number and none is drawn again. Source: PyTorch,
    /// torch/nn/init.py, <c>_no_grad_trunc_normal_</c>.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="low"/> is not below <paramref name="high"/>, or the deviation is not above 0.</exception>
    public static void trunc_normal(Tensor tensor, double std = 1, double mean = 0, double low = -2, double high = 2)
    {
        if (!(low < high) || !(std > 0))
        {
            throw new ArgumentException($"A normal distribution of deviation {std} cannot be cut off at {low} and {high}: the deviation must be above 0, and low below high.");
        }

        Fill(tensor, t =>
        {
            // erfinv is not there for half types, and their uniform numbers are too coarse at the ends.
            using var draws = empty(t.shape, dtype: t.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, device: t.device);
            var lower = Erf((low - mean) / (std * Math.Sqrt(2)));
            var upper = Erf((high - mean) / (std * Math.Sqrt(2)));
            InPlace.Done(draws, draws.uniform_(lower, upper));
            InPlace.Done(draws, draws.erfinv_());
            InPlace.Done(draws, draws.mul_(std * Math.Sqrt(2)));
            InPlace.Done(draws, draws.add_(mean));
            InPlace.Done(draws, draws.clamp_(low, high));
            return t.copy_(draws);
        });
    }

    /// <summary>He et al. 2015, arXiv:1502.01852: uniform, with the variance gain² / fan.</summary>
    /// <param name="tensor">A weight of 2 axes or more.</param>
    /// <param name="a">The slope of a leaky ReLU below 0.</param>
    /// <param name="mode"><c>fan_in</c>, <c>fan_out</c> or <c>fan_avg</c>.</param>
    /// <param name="nonlinearity">What follows: <c>leaky_relu</c>, <c>relu</c>, <c>linear</c>, <c>tanh</c>, <c>sigmoid</c>, <c>selu</c>.</param>
    public static void kaiming_uniform(Tensor tensor, double a = 0, string mode = "fan_in", string nonlinearity = "leaky_relu")
    {
        var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
        uniform(tensor, -bound, bound);
    }

    /// <summary>He et al. 2015, arXiv:1502.01852: normal, with the variance gain² / fan.</summary>
    /// <inheritdoc cref="kaiming_uniform"/>
    public static void kaiming_normal(Tensor tensor, double a = 0, string mode = "fan_in", string nonlinearity = "leaky_relu") =>
        normal(tensor, KaimingDeviation(tensor, a, mode, nonlinearity));

    /// <summary>Glorot and Bengio 2010: uniform, with the variance gain² / the mean of the fans.</summary>
    public static void xavier_uniform(Tensor tensor, double gain = 1)
    {
        var bound = gain * Math.Sqrt(3 / Fan.Of(tensor).Mode("fan_avg"));
        uniform(tensor, -bound, bound);
    }

    /// <summary>Glorot and Bengio 2010: normal, with the variance gain² / the mean of the fans.</summary>
    public static void xavier_normal(Tensor tensor, double gain = 1) => normal(tensor, gain / Math.Sqrt(Fan.Of(tensor).Mode("fan_avg")));

    /// <summary>LeCun et al. 1998: normal cut off at two deviations, with the variance 1 / fan_in after the cut.</summary>
    /// <remarks>Source: timm, layers/weight_init.py, <c>lecun_normal_</c>.</remarks>
    public static void lecun_normal(Tensor tensor)
    {
        var std = Math.Sqrt(1.0 / Fan.Of(tensor).In) / CutOffDeviation;
        trunc_normal(tensor, std, 0, -2 * std, 2 * std);
    }

    /// <summary>Uniform on ±1/√fan_in: torch's default for biases; <paramref name="fan_in"/> is that of the weight beside it.</summary>
    public static void fan_in_uniform(Tensor tensor, double fan_in)
    {
        var bound = fan_in > 0 ? 1 / Math.Sqrt(fan_in) : 0;
        uniform(tensor, -bound, bound);
    }

    /// <summary>Numbers whose softplus is log-uniform on [low, high), and at least <paramref name="floor"/>: biases of a state-space model's steps.</summary>
    /// <remarks>Source: Gu and Dao 2023, Mamba, arXiv:2312.00752, section 3.6; bounds from its code.</remarks>
    /// <exception cref="ArgumentException">A bound is not above 0, or they are in the wrong order.</exception>
    public static void softplus_inverse(Tensor tensor, double low = 0.001, double high = 0.1, double floor = 0.0001)
    {
        if (!(low > 0) || !(low <= high) || !(floor > 0)) throw new ArgumentException($"Steps lie between bounds above 0; found {low}, {high} and at least {floor}.");
        Fill(tensor, t =>
        {
            // x + log(1 - exp(-x)), in double: exp(-x) is close to 1.
            using var draws = empty(t.shape, dtype: ScalarType.Float64, device: t.device);
            InPlace.Done(draws, draws.uniform_(Math.Log(low), Math.Log(high)));
            InPlace.Done(draws, draws.exp_());
            InPlace.Done(draws, draws.clamp_(floor, double.MaxValue));
            using var negative = draws.neg();
            InPlace.Done(negative, negative.expm1_());
            InPlace.Done(negative, negative.neg_());
            InPlace.Done(negative, negative.log_());
            using var inverse = draws.add(negative);
            return t.copy_(inverse);
        });
    }

    /// <summary>The gain on the diagonal of a matrix, 0 elsewhere.</summary>
    /// <exception cref="ArgumentException">It has not 2 axes.</exception>
    public static void eye(Tensor tensor, double gain = 1)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.shape;
        if (shape.Length != 2)
        {
            throw new ArgumentException($"An identity is a matrix, not a tensor of shape [{string.Join(", ", shape)}].", nameof(tensor));
        }

        Fill(tensor, t =>
        {
            using var identity = torch.eye(shape[0], shape[1], dtype: t.dtype, device: t.device);
            using var scaled = identity.mul(gain);
            return t.copy_(scaled);
        });
    }

    private static void Fill(Tensor tensor, Func<Tensor, Tensor> fill)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (IsSkipped)
        {
            return;
        }

        using (no_grad())
        {
            InPlace.Done(tensor, fill(tensor));
        }
    }

    private static double KaimingDeviation(Tensor tensor, double a, string mode, string nonlinearity)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Gain.Of(nonlinearity, a) / Math.Sqrt(Fan.Of(tensor).Mode(mode));
    }

    private static double Erf(double value)
    {
        using var number = torch.tensor(value, ScalarType.Float64);
        using var result = number.erf();
        return result.item<double>();
    }
}
