using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Tests.Shapes;

public class DimTests
{
    private static readonly Dim H = Dim.Symbol("H");
    private static readonly Dim W = Dim.Symbol("W");
    private static readonly Dim Dimension = Dim.Symbol("dim", 96);

    [Fact]
    public void Equal_polynomials_are_equal() => Assert.Equal((H + 1) * (H - 1), (H * H) - 1);

    [Theory]
    [InlineData("H/4", 4, 0)]
    [InlineData("(H + 3)/4", 4, 3)]
    public void Quotients_print_as_one_writes(string text, long divisor, long offset) => Assert.Equal(text, ((H + offset) / divisor).ToString());

    [Fact]
    public void Whole_parts_leave_a_quotient()
    {
        Assert.Equal((2 * H) + (W / 4), ((8 * H) + W) / 4);
        Assert.Equal(H / 8, H / 4 / 2);
        Assert.Equal(H / 4, ((H - 4) / 4) + 1);
    }

    [Fact]
    public void A_known_parameter_keeps_its_name_and_has_its_value()
    {
        var hidden = 4 * Dimension;
        Assert.Equal("4*dim", hidden.ToString());
        Assert.Equal(384, hidden.Value);
        Assert.Null(hidden.Literal);
        Assert.Equal(384, hidden.Concrete().Literal);
    }

    [Fact]
    public void A_guard_makes_windows_give_back_what_they_took()
    {
        var facts = new Facts();
        var window = Dim.Symbol("window", 7);
        Assert.Null(facts.AreEqual(window * (H / window), H));
        facts.AssumeMultiple(H, window);
        Assert.True(facts.AreEqual(window * (H / window), H));
        Assert.True(facts.IsMultiple(H, window));
        Assert.False(facts.AreEqual(H, H + 1));
    }

    [Fact]
    public void Division_by_zero_and_overflow_throw_and_nothing_else()
    {
        Assert.Throws<DivideByZeroException>(() => H / 0);
        Assert.Throws<DivideByZeroException>(() => H % 0);
        Assert.Throws<OverflowException>(() => Dim.Of(long.MaxValue) + 1);
        Assert.Throws<OverflowException>(() => Dim.Of(long.MaxValue / 2) * H * 4);
    }

    /// <summary>Every rewriting must keep the value: random expressions against the same arithmetic on numbers.</summary>
    [Fact]
    public void Random_expressions_have_the_value_of_their_arithmetic()
    {
        var random = new Random(17);
        for (var round = 0; round < 4000; round++)
        {
            var values = new Dictionary<string, long> { ["H"] = random.Next(0, 300), ["W"] = random.Next(0, 300), ["B"] = random.Next(1, 5) };
            var (dim, number) = Expression(random, values, 4);
            Assert.Equal(number, dim.Evaluate(n => values[n]));
            Assert.Equal(number, dim.Concrete().Evaluate(n => values[n]));
            Assert.Equal(number, dim.Substitute(n => values.TryGetValue(n, out var v) ? Dim.Of(v) : null).Value);
        }
    }

    /// <summary>What <see cref="Facts"/> simplifies keeps its value wherever the facts hold.</summary>
    [Fact]
    public void Facts_keep_values_where_they_hold()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var divisor = random.Next(1, 9);
            var values = new Dictionary<string, long> { ["H"] = divisor * random.Next(0, 60), ["W"] = random.Next(0, 300), ["B"] = random.Next(1, 5) };
            var facts = new Facts();
            facts.AssumeMultiple(H, divisor);
            var (dim, number) = Expression(random, values, 3);
            Assert.Equal(number, facts.Simplify(dim).Evaluate(n => values[n]));
            Assert.Equal(values["H"] * number, facts.Simplify(dim * divisor * (H / divisor)).Evaluate(n => values[n]));
        }
    }

    private static (Dim Dim, long Number) Expression(Random random, Dictionary<string, long> values, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            if (random.Next(3) == 0)
            {
                var literal = random.Next(0, 20);
                return (literal, literal);
            }

            if (random.Next(4) == 0) return (Dimension, 96);
            var name = values.Keys.ElementAt(random.Next(values.Count));
            return (Dim.Symbol(name), values[name]);
        }

        var (a, x) = Expression(random, values, depth - 1);
        var (b, y) = Expression(random, values, depth - 1);
        var divisor = random.Next(1, 9);
        return random.Next(8) switch
        {
            0 => (a + b, x + y),
            1 => (a - b, x - y),
            2 when Math.Abs(x) < 1_000_000 && Math.Abs(y) < 1_000_000 => (a * b, x * y),
            3 => (a / divisor, Floor(x, divisor)),
            4 => (a % divisor, x - (Floor(x, divisor) * divisor)),
            5 => (Dim.Max(a, b), Math.Max(x, y)),
            6 => (Dim.Min(a, b), Math.Min(x, y)),
            _ => (Dim.CeilDiv(a, divisor), Floor(x + divisor - 1, divisor)),
        };
    }

    private static long Floor(long a, long b) => (long)Math.Floor((double)a / b);
}
