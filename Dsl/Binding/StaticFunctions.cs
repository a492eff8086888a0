using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>A function over static values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Types of its parameters; an integer converts to a double, and one value to a list.</param>
/// <param name="Required">How many of them must be given.</param>
/// <param name="Result">Type of the result.</param>
/// <param name="Doc">What it computes.</param>
/// <param name="Evaluate">Computes it; integers may depend on the input's sizes where the rule allows it.</param>
public sealed record StaticFunction(string Name, ParamType[] Parameters, int Required, ParamType Result, string Doc, Func<IReadOnlyList<Value>, Value> Evaluate);

/// <summary>The static functions. <c>Notochord.Arithmetic</c> of the runtime has the same for generated code, and a test compares the two.</summary>
public static class StaticFunctions
{
    private const ParamType I = ParamType.Int;
    private const ParamType D = ParamType.Double;
    private const ParamType Is = ParamType.IntList;
    private const ParamType Ds = ParamType.DoubleList;

    /// <summary>All overloads; of one name, the first that fits the argument types is taken.</summary>
    public static IReadOnlyList<StaticFunction> All { get; } =
    [
        new("min", [I, I], 2, I, "The smaller.", a => Whole(Dim.Min(DimOf(a[0]), DimOf(a[1])))),
        new("min", [D, D], 2, D, "The smaller.", a => Real(Math.Min(Double(a[0]), Double(a[1])))),
        new("max", [I, I], 2, I, "The larger.", a => Whole(Dim.Max(DimOf(a[0]), DimOf(a[1])))),
        new("max", [D, D], 2, D, "The larger.", a => Real(Math.Max(Double(a[0]), Double(a[1])))),
        new("abs", [I], 1, I, "Magnitude.", a => Whole(Math.Abs(Int(a[0])))),
        new("abs", [D], 1, D, "Magnitude.", a => Real(Math.Abs(Double(a[0])))),
        new("floor", [D], 1, I, "Largest integer that is not larger.", a => Whole(Rounded(Math.Floor(Double(a[0]))))),
        new("ceil", [D], 1, I, "Smallest integer that is not smaller.", a => Whole(Rounded(Math.Ceiling(Double(a[0]))))),
        new("round", [D], 1, I, "Nearest integer, halves to even.", a => Whole(Rounded(Math.Round(Double(a[0]), MidpointRounding.ToEven)))),
        new("sqrt", [D], 1, D, "Square root.", a => Real(Math.Sqrt(Double(a[0])))),
        new("pow", [D, D], 2, D, "Power.", a => Real(Math.Pow(Double(a[0]), Double(a[1])))),
        new("exp", [D], 1, D, "Exponential.", a => Real(Math.Exp(Double(a[0])))),
        new("log", [D], 1, D, "Natural logarithm.", a => Real(Math.Log(Double(a[0])))),
        new("log2", [D], 1, D, "Logarithm to base 2.", a => Real(Math.Log(Double(a[0]), 2))),
        new("lgamma", [D], 1, D, "Logarithm of the gamma function, of a positive number.", a => Real(LogGamma(Double(a[0])))),
        new("len", [Is], 1, I, "Number of elements.", a => Whole(Items(a[0]).Count)),
        new("len", [Ds], 1, I, "Number of elements.", a => Whole(Items(a[0]).Count)),
        new("len", [ParamType.BoolList], 1, I, "Number of elements.", a => Whole(Items(a[0]).Count)),
        new("len", [ParamType.StringList], 1, I, "Number of elements.", a => Whole(Items(a[0]).Count)),
        new("sum", [Is], 1, I, "Sum.", a => Whole(Items(a[0]).Aggregate(Dim.Zero, (s, v) => s + DimOf(v)))),
        new("sum", [Ds], 1, D, "Sum.", a => Real(Items(a[0]).Sum(Double))),
        new("prod", [Is], 1, I, "Product.", a => Whole(Items(a[0]).Aggregate(Dim.One, (s, v) => s * DimOf(v)))),
        new("dot", [Is, Is], 2, I, "Sum of the products of elements in the same place.", a => Items(a[0]).Count == Items(a[1]).Count
            ? Whole(Items(a[0]).Zip(Items(a[1]), (x, y) => DimOf(x) * DimOf(y)).Aggregate(Dim.Zero, (s, v) => s + v))
            : throw new EvaluationException($"dot of a list of {Items(a[0]).Count} and one of {Items(a[1]).Count}")),
        new("cumsum", [Is], 1, Is, "Running sums.", a => List(Running(Items(a[0])))),
        new("linspace", [D, D, I], 3, Ds, "That many values from the first to the second, evenly.", a => List(Linspace(Double(a[0]), Double(a[1]), Length(a[2])).Select(Real))),
        new("range", [I], 1, Is, "0, 1, ..., n - 1.", a => List(Enumerable.Range(0, Length(a[0])).Select(i => Whole(i)))),
        new("pair", [Is], 1, Is, "Two integers: one is doubled.", a => Items(a[0]).Count == 1 ? List([Items(a[0])[0], Items(a[0])[0]]) : a[0]),
        new("make_divisible", [D, I, I, D], 1, I, "v rounded to a multiple of the divisor (8), at least the minimum (the divisor), and not below the limit (0.9) times v: Howard et al. 2017, arXiv:1704.04861, as in the reference code.", a => Whole(MakeDivisible(Double(a[0]), a.Count > 1 ? Int(a[1]) : 8, a.Count > 2 ? Int(a[2]) : 0, a.Count > 3 ? Double(a[3]) : 0.9))),
        new("scaled_channels", [Is, D, I, D], 2, Is, "Each number of channels times a width multiplier, by make_divisible with a divisor (8) and a limit (0.9): Tan and Le 2019, arXiv:1905.11946, eq. 3.", a => List(Items(a[0]).Select(v => Whole(MakeDivisible(Double(v) * Double(a[1]), a.Count > 2 ? Int(a[2]) : 8, 0, a.Count > 3 ? Double(a[3]) : 0.9))))),
        new("scaled_depths", [Is, D], 2, Is, "Each number of blocks times a depth multiplier, rounded up: Tan and Le 2019, arXiv:1905.11946, eq. 3.", a => List(Items(a[0]).Select(v => Whole(Rounded(Math.Ceiling(Double(v) * Double(a[1]))))))),
        new("ceil_div", [I, I], 2, I, "Quotient, rounded up.", a => Whole(Dim.CeilDiv(DimOf(a[0]), DimOf(a[1])))),
        new("ceil_to", [I, I], 2, I, "Smallest multiple of the second that is not less than the first.", a => Whole(Dim.CeilDiv(DimOf(a[0]), DimOf(a[1])) * DimOf(a[1]))),
        new("gcd", [I, I], 2, I, "Greatest common divisor.", a => Whole(Gcd(Int(a[0]), Int(a[1])))),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. All.Select(f => f.Name).Distinct()];

    private static readonly Dictionary<string, StaticFunction[]> ByName = All.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.ToArray());

    /// <summary>The overloads of that name; none if there is no such function.</summary>
    public static IReadOnlyList<StaticFunction> Find(string name) => ByName.TryGetValue(name, out var found) ? found : [];

    internal static Dim DimOf(Value v) => ((IntValue)v).Dim;

    internal static long Int(Value v) => DimOf(v).Value ?? throw new EvaluationException($"{DimOf(v)} depends on the size of the input", Rules.NotStatic);

    internal static double Double(Value v) => v is DoubleValue d ? d.Number : Int(v);

    private static IntValue Whole(Dim d) => new(d);

    private static IntValue Whole(long d) => new(d);

    private static DoubleValue Real(double d) => new(d);

    private static ListValue List(IEnumerable<Value> items) => new(items.ToEquatableArray());

    private static EquatableArray<Value> Items(Value v) => ((ListValue)v).Items;

    internal static long Rounded(double d)
        => d is >= -9.2e18 and <= 9.2e18 ? (long)d : throw new EvaluationException($"{new DoubleValue(d)} does not fit an integer");

    // Stirling's series from 25 on, where its fifth term is below 1e-15; smaller numbers by Gamma(x + 1) = x Gamma(x).
    private static double LogGamma(double x)
    {
        if (!(x > 0)) throw new EvaluationException($"lgamma of {new DoubleValue(x)}, which is not positive");
        var below = 1.0;
        for (; x < 25; x++) below *= x;
        var square = 1 / (x * x);
        var series = ((((((-1 / 1680.0 * square) + (1 / 1260.0)) * square) - (1 / 360.0)) * square) + (1 / 12.0)) / x;
        return ((x - 0.5) * Math.Log(x)) - x + (Math.Log(2 * Math.PI) / 2) + series - Math.Log(below);
    }

    private static int Length(Value v)
        => Int(v) is var n and >= 0 and <= 10_000 ? (int)n : throw new EvaluationException($"a list of {v} elements (0 to 10,000 are allowed)", Rules.Limit);

    private static IEnumerable<double> Linspace(double from, double to, int count)
        => Enumerable.Range(0, count).Select(i => count == 1 ? from : from + ((to - from) * i / (count - 1)));

    private static IEnumerable<Value> Running(EquatableArray<Value> items)
    {
        var sum = Dim.Zero;
        foreach (var item in items)
        {
            sum += DimOf(item);
            yield return Whole(sum);
        }
    }

    private static long MakeDivisible(double v, long divisor, long minimum, double limit)
    {
        if (divisor == 0) throw new DivideByZeroException();
        var rounded = Math.Max(minimum == 0 ? divisor : minimum, Rounded(Math.Floor((v + (divisor / 2.0)) / divisor)) * divisor);
        return rounded < limit * v ? rounded + divisor : rounded;
    }

    private static long Gcd(long a, long b) => b == 0 ? Math.Abs(a) : Gcd(b, a % b);
}

/// <summary>Thrown where a static expression has no value; the binder and instantiation turn it into a diagnostic at the expression.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="rule">The kind of finding; <see cref="Rules.Evaluation"/> unless said otherwise.</param>
internal sealed class EvaluationException(string message, DiagnosticRule? rule = null) : Exception(message)
{
    public DiagnosticRule Rule { get; } = rule ?? Rules.Evaluation;
}
