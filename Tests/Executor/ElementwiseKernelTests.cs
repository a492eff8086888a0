using Notochord.Expressions;
using static TorchSharp.torch;

namespace Notochord.Tests;

public class ElementwiseKernelTests
{
    private static readonly Dictionary<string, (Func<double, double> Definition, double From, double To)> Functions = new()
    {
        ["tan"] = (Math.Tan, -1.2, 1.2),
        ["asin"] = (Math.Asin, -0.9, 0.9),
        ["acos"] = (Math.Acos, -0.9, 0.9),
        ["atan"] = (Math.Atan, -4, 4),
        ["sinh"] = (Math.Sinh, -3, 3),
        ["cosh"] = (Math.Cosh, -3, 3),
        ["asinh"] = (Math.Asinh, -5, 5),
        ["acosh"] = (Math.Acosh, 1.1, 6),
        ["atanh"] = (Math.Atanh, -0.9, 0.9),
        ["lgamma"] = (Arithmetic.lgamma, 0.3, 25),
        // By differences of the function that it is the derivative of.
        ["digamma"] = (x => (Arithmetic.lgamma(x + 1e-4) - Arithmetic.lgamma(x - 1e-4)) / 2e-4, 0.5, 25),
        // The inverse, by Newton's steps on the series of erf.
        ["erfinv"] = (y => { var x = 0.0; for (var i = 0; i < 60; i++) x -= (Erf(x) - y) / (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x)); return x; }, -0.8, 0.8),
        ["erfc"] = (x => 1 - Erf(x), -2, 2),
    };

    public static TheoryData<string> Names => new(Functions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesAndDerivativesAreThoseOfTheDefinition(string name)
    {
        var (definition, from, to) = Functions[name];
        using var net = Declarations.Forward("x[N]", $"return {name}(x);");
        using var x = linspace(from, to, 41, ScalarType.Float64).requires_grad_();
        using var y = net.Forward(x);
        y.sum().backward();
        var (at, values, slopes) = (x.detach().data<double>().ToArray(), y.detach().data<double>().ToArray(), x.grad!.data<double>().ToArray());
        for (var i = 0; i < at.Length; i++)
        {
            const double step = 1e-4;
            var slope = (definition(at[i] + step) - definition(at[i] - step)) / (2 * step);
            Assert.True(Math.Abs(definition(at[i]) - values[i]) < 1e-6 * (1 + Math.Abs(values[i])), $"{name}({at[i]}) = {values[i]}, expected {definition(at[i])}");
            Assert.True(Math.Abs(slope - slopes[i]) < 1e-4 * (1 + Math.Abs(slope)), $"{name}'({at[i]}) = {slopes[i]}, by differences {slope}");
        }
    }

    [Fact]
    public void TheAngleOfAPointIsInItsQuadrant()
    {
        using var net = Declarations.Forward("x[N, 2]", "return atan2(x[.., 1], x[.., 0]);");
        double[] angles = [-3, -1.5, -0.1, 0, 0.4, 1.7, 3.1];
        using var points = tensor(angles.SelectMany(a => new[] { 2 * Math.Cos(a), 2 * Math.Sin(a) }).ToArray()).reshape(-1, 2);
        using var found = net.Forward(points);
        var numbers = found.data<double>().ToArray();
        for (var i = 0; i < angles.Length; i++) Assert.Equal(angles[i], numbers[i], 12);
    }

    [Fact]
    public void EpsilonIsTheLastThatChangesOne()
    {
        using var net = Declarations.Forward("x[N]", "return epsilon(x);");
        using var doubles = net.Forward(zeros(2, ScalarType.Float64));
        using var floats = net.Forward(zeros(2, ScalarType.Float32));
        Assert.Equal(Math.ScaleB(1, -52), doubles.item<double>());
        Assert.Equal((float)Math.ScaleB(1, -23), floats.item<float>());
        Assert.Equal(1 - Math.BitDecrement(1.0), doubles.item<double>() / 2);
    }

    // The series 2/sqrt(pi) sum (-1)^n x^(2n+1) / (n! (2n+1)).
    private static double Erf(double x)
    {
        var (sum, term) = (0.0, x);
        for (var n = 0; n < 80; n++)
        {
            sum += term / ((2 * n) + 1);
            term *= -x * x / (n + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
