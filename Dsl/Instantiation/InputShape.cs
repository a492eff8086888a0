using System.Globalization;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Instantiation;

/// <summary>What an argument of a module is.</summary>
internal enum InputKind
{
    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A list of tensors.</summary>
    List,

    /// <summary>An optional tensor that is not given.</summary>
    Absent,
}

/// <summary>An argument of a module: of a list all its tensors, of an absent one none.</summary>
internal sealed class GraphInput(InputKind kind, IReadOnlyList<GraphValue> values)
{
    private InputShape? _shape;

    public static GraphInput Absent { get; } = new(InputKind.Absent, []);

    public static GraphInput Of(GraphValue value) => new(InputKind.Tensor, [value]);

    public InputKind Kind => kind;

    public IReadOnlyList<GraphValue> Values => values;

    public InputShape Shape => _shape ??= new(kind, ShapesOf(values));

    private static Shape[] ShapesOf(IReadOnlyList<GraphValue> values)
    {
        var shapes = new Shape[values.Count];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = values[i].Shape;
        return shapes;
    }
}

/// <summary>The shapes of an argument of a module.</summary>
internal sealed record InputShape(InputKind Kind, IReadOnlyList<Shape> Shapes)
{
    private static readonly string[] Ranks = [.. Enumerable.Range(0, 8).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The shape of one that is no list.</summary>
    public Shape Only => Shapes[0];

    public static InputShape Of(Shape shape) => new(InputKind.Tensor, [shape]);

    /// <summary>What decides the forward: how many tensors of how many axes, or of which known sizes.</summary>
    public string Key(bool withSizes) => Kind switch
    {
        InputKind.List => $"({string.Join("|", Shapes.Select(s => Key(s, withSizes)))})",
        InputKind.Absent => "-",
        _ => Key(Only, withSizes),
    };

    private static string Key(Shape shape, bool withSizes) => withSizes ? string.Join(",", shape.Axes.Select(a => a.Value?.ToString() ?? "?"))
        : shape.Rank < Ranks.Length ? Ranks[shape.Rank] : shape.Rank.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => Kind switch
    {
        InputKind.List => $"a list of {Shapes.Count}: {string.Join(", ", Shapes.Select(s => s.Describe()))}",
        InputKind.Absent => "none",
        _ => Only.Describe(),
    };
}
