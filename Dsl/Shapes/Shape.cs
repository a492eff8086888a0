using Notochord.Dsl.Text;

namespace Notochord.Dsl.Shapes;

/// <summary>The axes of a tensor, and whether it holds floating-point numbers, integers or booleans.</summary>
/// <param name="Axes">One <see cref="Dim"/> an axis.</param>
/// <param name="Type">What it holds.</param>
public sealed record Shape(EquatableArray<Dim> Axes, ElementType Type = ElementType.Float)
{
    /// <summary>Number of axes.</summary>
    public int Rank => Axes.Count;

    /// <summary>Axis <paramref name="index"/>; a negative one counts from the end.</summary>
    public Dim this[int index] => Axes[index < 0 ? index + Rank : index];

    /// <summary>A shape of these axes.</summary>
    public static Shape Of(params Dim[] axes) => new(axes.ToEquatableArray());

    /// <summary>A shape of these axes.</summary>
    public static Shape Of(IEnumerable<Dim> axes) => new(axes.ToEquatableArray());

    /// <summary>The same with axis <paramref name="index"/> (negative: from the end) replaced.</summary>
    public Shape With(int index, Dim size)
    {
        var at = index < 0 ? index + Rank : index;
        return this with { Axes = Axes.Select((d, i) => i == at ? size : d).ToEquatableArray() };
    }

    /// <summary>Number of elements.</summary>
    public Dim Count => Axes.Aggregate(Dim.One, (a, b) => a * b);

    /// <summary>The same with symbols replaced.</summary>
    public Shape Substitute(Func<string, Dim?> map) => this with { Axes = Axes.Select(a => a.Substitute(map)).ToEquatableArray() };

    /// <summary><c>[B, H, W, dim]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Axes)}]";

    /// <summary><c>[B, H, W, dim=96]</c>.</summary>
    public string Describe() => $"[{string.Join(", ", Axes.Select(a => a.Describe()))}]";
}

/// <summary>What the elements of a tensor are, as far as rules care.</summary>
public enum ElementType
{
    /// <summary>The model's floating-point type.</summary>
    Float,

    /// <summary>64-bit integers: indices.</summary>
    Int,

    /// <summary>Booleans: masks.</summary>
    Bool,
}
