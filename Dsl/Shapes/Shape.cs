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
        var axes = Axes.AsSpan().ToArray();
        axes[index < 0 ? index + Rank : index] = size;
        return this with { Axes = new(axes) };
    }

    /// <summary>Number of elements.</summary>
    public Dim Count
    {
        get
        {
            var count = Dim.One;
            foreach (var axis in Axes) count *= axis;
            return count;
        }
    }

    /// <summary>The same with symbols replaced.</summary>
    public Shape Substitute(Func<string, Dim?> map) => Map(a => a.Substitute(map));

    /// <summary>The same with each axis replaced; this, where none is another.</summary>
    internal Shape Map(Func<Dim, Dim> map)
    {
        Dim[]? axes = null;
        for (var i = 0; i < Rank; i++)
        {
            var axis = map(Axes[i]);
            if (axes is null && ReferenceEquals(axis, Axes[i])) continue;
            axes ??= Axes.AsSpan().ToArray();
            axes[i] = axis;
        }

        return axes is null ? this : this with { Axes = new(axes) };
    }

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
