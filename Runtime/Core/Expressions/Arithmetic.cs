namespace Notochord.Expressions;

/// <summary>
/// The static functions of the language, as generated constructors call them. Integers are 64-bit and checked; a name and its meaning
/// are the same here and in the compiler's evaluator.
/// </summary>
public static class Arithmetic
{
    /// <summary>The smaller of two integers.</summary>
    public static long min(long a, long b) => Math.Min(a, b);

    /// <summary>The smaller of two numbers.</summary>
    public static double min(double a, double b) => Math.Min(a, b);

    /// <summary>The smallest of a list.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static long min(long[] values) => NotEmpty(values).Min();

    /// <summary>The larger of two integers.</summary>
    public static long max(long a, long b) => Math.Max(a, b);

    /// <summary>The larger of two numbers.</summary>
    public static double max(double a, double b) => Math.Max(a, b);

    /// <summary>The largest of a list.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static long max(long[] values) => NotEmpty(values).Max();

    /// <summary>The absolute value.</summary>
    public static long abs(long value) => Math.Abs(value);

    /// <summary>The absolute value.</summary>
    public static double abs(double value) => Math.Abs(value);

    /// <summary>The largest integer that is not above the value.</summary>
    /// <exception cref="OverflowException">It does not fit in 64 bits.</exception>
    public static long floor(double value) => checked((long)Math.Floor(value));

    /// <summary>The smallest integer that is not below the value.</summary>
    /// <exception cref="OverflowException">It does not fit in 64 bits.</exception>
    public static long ceil(double value) => checked((long)Math.Ceiling(value));

    /// <summary>The nearest integer, and of two equally near the even one, as Python's <c>round</c>: 0.5 gives 0, 1.5 gives 2.</summary>
    /// <exception cref="OverflowException">It does not fit in 64 bits.</exception>
    public static long round(double value) => checked((long)Math.Round(value, MidpointRounding.ToEven));

    /// <summary>The square root.</summary>
    public static double sqrt(double value) => Math.Sqrt(value);

    /// <summary>The power <paramref name="value"/>^<paramref name="exponent"/>.</summary>
    public static double pow(double value, double exponent) => Math.Pow(value, exponent);

    /// <summary>e to the power of the value.</summary>
    public static double exp(double value) => Math.Exp(value);

    /// <summary>The natural logarithm.</summary>
    public static double log(double value) => Math.Log(value);

    /// <summary>The logarithm of the gamma function.</summary>
    /// <param name="value">Positive.</param>
    public static double lgamma(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);

        // Stirling's series from 25 on, where its fifth term is below 1e-15; smaller numbers by Gamma(x + 1) = x Gamma(x).
        var below = 1.0;
        for (; value < 25; value++) below *= value;
        var square = 1 / (value * value);
        var series = ((((((-1 / 1680.0 * square) + (1 / 1260.0)) * square) - (1 / 360.0)) * square) + (1 / 12.0)) / value;
        return ((value - 0.5) * Math.Log(value)) - value + (Math.Log(2 * Math.PI) / 2) + series - Math.Log(below);
    }

    /// <summary>The logarithm to base 2.</summary>
    public static double log2(double value) => Math.Log2(value);

    /// <summary>The number of items.</summary>
    public static long len<T>(T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length;
    }

    /// <summary>The sum of a list; 0 for an empty one.</summary>
    public static long sum(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Aggregate(0L, (sum, value) => checked(sum + value));
    }

    /// <summary>The sum of a list, from its first item on; 0 for an empty one.</summary>
    public static double sum(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Aggregate(0.0, (sum, value) => sum + value);
    }

    /// <summary>The sum of the products of elements in the same place.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static long dot(long[] a, long[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"dot of a list of {a.Length} and one of {b.Length}.", nameof(b));
        }

        return a.Zip(b).Aggregate(0L, (sum, pair) => checked(sum + (pair.First * pair.Second)));
    }

    /// <summary>The product of a list; 1 for an empty one.</summary>
    public static long prod(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Aggregate(1L, (product, value) => checked(product * value));
    }

    /// <summary>The sums of the first 1, 2, 3... items: <c>cumsum([2, 2, 6])</c> is <c>[2, 4, 10]</c>.</summary>
    public static long[] cumsum(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var sums = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i] = checked(values[i] + (i == 0 ? 0 : sums[i - 1]));
        }

        return sums;
    }

    /// <summary>Equally spaced numbers from <paramref name="start"/> to <paramref name="end"/>, both included; one number is the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static double[] linspace(double start, double end, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new double[count];
        for (var i = 0L; i < count; i++)
        {
            values[i] = count == 1 ? start : start + ((end - start) * i / (count - 1));
        }

        return values;
    }

    /// <summary>The integers from 0 up to, without, <paramref name="end"/>.</summary>
    public static long[] range(long end) => range(0, end);

    /// <summary>The integers from <paramref name="start"/> on in steps, up to, without, <paramref name="end"/>, as Python's <c>range</c>.</summary>
    /// <exception cref="ArgumentException">The step is 0.</exception>
    public static long[] range(long start, long end, long step = 1)
    {
        if (step == 0)
        {
            throw new ArgumentException("A range's step must not be 0.", nameof(step));
        }

        var values = new long[Math.Max(0, step > 0 ? ceil_div(end - start, step) : ceil_div(start - end, -step))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = start + (i * step);
        }

        return values;
    }

    /// <summary>Two integers: one is doubled.</summary>
    public static long[] pair(params long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length == 1 ? [values[0], values[0]] : values;
    }

    /// <summary>The quotient, rounded up.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static long ceil_div(long value, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(value, divisor);
        return remainder != 0 && remainder > 0 == divisor > 0 ? quotient + 1 : quotient;
    }

    /// <summary>The smallest multiple of <paramref name="multiple"/> that is not below <paramref name="value"/>.</summary>
    /// <exception cref="DivideByZeroException">The multiple is 0.</exception>
    public static long ceil_to(long value, long multiple) => checked(ceil_div(value, multiple) * multiple);

    /// <summary>The greatest common divisor; that of 0 and 0 is 0.</summary>
    public static long gcd(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return Math.Abs(a);
    }

    /// <summary>
    /// A number of channels near <paramref name="value"/> that <paramref name="divisor"/> divides: rounded to the nearest, and up where that
    /// would take away more than a tenth. Source: timm, layers/helpers.py, <c>make_divisible</c> (first in MobileNet's code).
    /// </summary>
    /// <param name="value">The wanted number.</param>
    /// <param name="divisor">What divides the result, above 0.</param>
    /// <param name="min_value">The least result; 0 stands for the divisor.</param>
    /// <param name="round_limit">The part of the value that must remain.</param>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is not above 0.</exception>
    public static long make_divisible(double value, long divisor = 8, long min_value = 0, double round_limit = 0.9)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        var near = floor_div(checked((long)(value + (divisor / 2.0))), divisor) * divisor;
        var result = Math.Max(min_value == 0 ? divisor : min_value, near);
        return result < round_limit * value ? result + divisor : result;
    }

    /// <summary>
    /// Each number of channels times a width multiplier, by <see cref="make_divisible"/>: <c>scaled_channels([16, 24], 1.5)</c> is <c>[24, 40]</c>.
    /// Source: Tan and Le 2019, arXiv:1905.11946, eq. 3.
    /// </summary>
    public static long[] scaled_channels(long[] channels, double multiplier, long divisor = 8, double round_limit = 0.9)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return Array.ConvertAll(channels, c => make_divisible(c * multiplier, divisor, 0, round_limit));
    }

    /// <summary>Each number of blocks times a depth multiplier, rounded up. Source: Tan and Le 2019, arXiv:1905.11946, eq. 3.</summary>
    public static long[] scaled_depths(long[] depths, double multiplier)
    {
        ArgumentNullException.ThrowIfNull(depths);
        return Array.ConvertAll(depths, d => checked((long)Math.Ceiling(d * multiplier)));
    }

    private static long floor_div(long value, long divisor) => -ceil_div(-value, divisor);

    private static long[] NotEmpty(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length > 0 ? values : throw new ArgumentException("An empty list has neither a smallest nor a largest item.", nameof(values));
    }
}
