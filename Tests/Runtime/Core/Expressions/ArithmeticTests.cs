using static Notochord.Expressions.Arithmetic;

namespace Notochord.Tests.Runtime.Core.Expressions;

public sealed class ArithmeticTests
{
    // timm.layers.make_divisible for these arguments.
    [Theory]
    [InlineData(32 * 1.1, 8, 0, 0.9, 32)]
    [InlineData(16 * 0.35, 8, 0, 0.9, 8)]
    [InlineData(24 * 0.75, 8, 0, 0.9, 24)]
    [InlineData(19.9, 8, 0, 0.9, 24)]
    [InlineData(18.0, 16, 0, 0.9, 32)]
    [InlineData(18.0, 16, 0, 0.0, 16)]
    [InlineData(4.0, 8, 0, 0.9, 8)]
    [InlineData(4.0, 8, 16, 0.9, 16)]
    [InlineData(20.0, 8, 0, 0.9, 24)]
    [InlineData(12.0, 8, 0, 0.9, 16)]
    public void Make_divisible_is_timms(double value, long divisor, long min, double limit, long expected) =>
        Assert.Equal(expected, make_divisible(value, divisor, min, limit));

    // Widths and depths of EfficientNet-B2 (channels_multiplier 1.1, depth multiplier 1.2), and V2-B2, which rounds without a limit.
    [Fact]
    public void Compound_scaling_is_the_papers()
    {
        Assert.Equal([16, 24, 48, 88, 120, 208, 352], scaled_channels([16, 24, 40, 80, 112, 192, 320], 1.1));
        Assert.Equal([16, 32, 56, 104, 120, 208], scaled_channels([16, 32, 48, 96, 112, 192], 1.1, 8, 0));
        Assert.Equal([2, 3, 3, 4, 4, 5, 2], scaled_depths([1, 2, 2, 3, 3, 4, 1], 1.2));
        Assert.Equal([3, 9], scaled_channels([2, 6], 1.5, 1));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(1.5, 2)]
    [InlineData(2.5, 2)]
    [InlineData(-1.5, -2)]
    [InlineData(2.4999, 2)]
    public void Round_is_to_even(double value, long expected) => Assert.Equal(expected, round(value));

    [Theory]
    [InlineData(7, 2, 4)]
    [InlineData(8, 2, 4)]
    [InlineData(-7, 2, -3)]
    [InlineData(7, -2, -3)]
    [InlineData(-7, -2, 4)]
    [InlineData(0, 5, 0)]
    public void Ceil_div_rounds_up_for_every_sign(long a, long b, long expected)
    {
        Assert.Equal(expected, ceil_div(a, b));
        Assert.Equal((long)Math.Ceiling((double)a / b), ceil_div(a, b));
    }

    // Gamma(n + 1) = n!, Gamma(1/2) = sqrt(pi).
    [Fact]
    public void Lgamma_is_the_logarithm_of_the_factorial()
    {
        var factorial = 0.0;
        for (var n = 1; n < 400; n++)
        {
            factorial += Math.Log(n);
            Assert.Equal(factorial, lgamma(n + 1), 1e-13 * (1 + factorial));
        }

        Assert.Equal(Math.Log(Math.PI) / 2, lgamma(0.5), 1e-13);
        Assert.Throws<ArgumentOutOfRangeException>(() => lgamma(0));
    }

    [Fact]
    public void Lists()
    {
        Assert.Equal([2, 4, 10, 12], cumsum([2, 2, 6, 2]));
        Assert.Equal(48, prod([2, 2, 6, 2]));
        Assert.Equal(12, sum([2, 2, 6, 2]));
        Assert.Equal(0, sum(Array.Empty<long>()));
        Assert.Equal([0, 0.05, 0.1], linspace(0, 0.1, 3));
        Assert.Equal([0.3], linspace(0.3, 1, 1));
        Assert.Empty(linspace(0, 1, 0));
        Assert.Equal([0, 1, 2], range(3));
        Assert.Equal([1, 4, 7], range(1, 8, 3));
        Assert.Equal([5, 3, 1], range(5, 0, -2));
        Assert.Empty(range(3, 3));
        Assert.Equal(2, len(new[] { "a", "b" }));
        Assert.Equal(1, min([3, 1, 2]));
        Assert.Throws<ArgumentException>(() => max([]));
    }

    [Fact]
    public void Integers_are_checked()
    {
        Assert.Throws<OverflowException>(() => prod([long.MaxValue, 2]));
        Assert.Throws<OverflowException>(() => sum([long.MaxValue, 1]));
        Assert.Throws<OverflowException>(() => floor(1e30));
        Assert.Throws<DivideByZeroException>(() => ceil_div(1, 0));
    }

    [Fact]
    public void Sizes()
    {
        Assert.Equal(14, ceil_to(8, 7));
        Assert.Equal(14, ceil_to(14, 7));
        Assert.Equal(6, gcd(54, 24));
        Assert.Equal(5, gcd(0, -5));
        Assert.Equal(3, log2(8));
    }
}
