using System.Runtime.CompilerServices;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives;

/// <summary>Thrown by a shape rule when the arguments cannot fit; instantiation turns it into a diagnostic with the trail.</summary>
/// <param name="message">What was expected and what was found.</param>
/// <param name="rule">The kind of finding; <see cref="Rules.Shape"/> unless said otherwise.</param>
public sealed class ShapeException(string message, DiagnosticRule? rule = null) : Exception(message)
{
    /// <summary>The kind of finding.</summary>
    public DiagnosticRule Rule { get; } = rule ?? Rules.Shape;
}

/// <summary>An argument as inference sees it: a shape, shapes, a value, or nothing (all null).</summary>
public sealed record CallArgument(Shape? Tensor, IReadOnlyList<Shape>? Tensors, Value? Static);

/// <summary>One call of a primitive, for its shape and cost rules.</summary>
public sealed class CallSite
{
    private readonly Primitive _primitive;
    private readonly IReadOnlyList<CallArgument> _arguments;
    private readonly Facts _facts;
    private readonly Action<Guard> _guard;
    private readonly SourceSpan _span;

    /// <summary>A call with arguments in the order of the signature.</summary>
    public CallSite(Primitive primitive, IReadOnlyList<CallArgument> arguments, IReadOnlyDictionary<string, Dim> axes, Facts facts, Action<Guard> guard, SourceSpan span)
        => (_primitive, _arguments, Axes, _facts, _guard, _span) = (primitive, arguments, axes, facts, guard, span);

    /// <summary>Sizes given to axes of a pattern by name.</summary>
    public IReadOnlyDictionary<string, Dim> Axes { get; }

    /// <summary>Shapes of the results; set before the cost rule runs.</summary>
    public IReadOnlyList<Shape> Results { get; set; } = [];

    /// <summary>Shape of a tensor argument.</summary>
    public Shape Tensor(string name) => Argument(name).Tensor ?? throw new InvalidOperationException($"{_primitive}: '{name}' is no tensor.");

    /// <summary>Shape of a tensor argument that must have <paramref name="rank"/> axes.</summary>
    public Shape Tensor(string name, int rank, string axes)
    {
        var shape = Tensor(name);
        return shape.Rank == rank ? shape : throw new ShapeException($"'{name}' of {_primitive} has {rank} axes, {axes}; found {shape.Describe()}.");
    }

    /// <summary>Shape of an optional tensor, or null.</summary>
    public Shape? Optional(string name) => Argument(name).Tensor;

    /// <summary>Shapes of a list of tensors.</summary>
    public IReadOnlyList<Shape> Tensors(string name) => Argument(name).Tensors!;

    /// <summary>An integer.</summary>
    public Dim Int(string name) => ((IntValue)Argument(name).Static!).Dim;

    /// <summary>An integer that must be known at build time.</summary>
    public long Known(string name) => Int(name).Value ?? throw new ShapeException($"'{name}' of {_primitive} must be known at build time; it is {Int(name)}.", Rules.NotStatic);

    /// <summary>A list of integers.</summary>
    public IReadOnlyList<Dim> Ints(string name) => Argument(name).Static switch
    {
        IntValue single => [single.Dim],
        ListValue list => [.. list.Items.Select(v => ((IntValue)v).Dim)],
        _ => throw new InvalidOperationException($"{_primitive}: '{name}' is no list of integers."),
    };

    /// <summary>A list of integers; a single one is repeated <paramref name="count"/> times, any other length is an error.</summary>
    public IReadOnlyList<Dim> Ints(string name, int count)
    {
        var items = Ints(name);
        if (items.Count == count) return items;
        return items.Count == 1 ? [.. Enumerable.Repeat(items[0], count)] : throw new ShapeException($"'{name}' of {_primitive} takes 1 or {count} integers; found {items.Count}.", Rules.Arguments);
    }

    /// <summary>A double; an integer that is known converts.</summary>
    public double Number(string name) => ToDouble(name, Argument(name).Static);

    /// <summary>A list of doubles.</summary>
    public IReadOnlyList<double> Numbers(string name)
        => Argument(name).Static is ListValue list ? [.. list.Items.Select(v => ToDouble(name, v))] : [Number(name)];

    /// <summary>Whether a tensor-or-number argument is a number.</summary>
    public bool IsNumber(string name) => Argument(name).Static is not null;

    /// <summary>What an argument holds: of a tensor its type, of a number the type that it has in arithmetic.</summary>
    public ElementType TypeOf(string name) => Argument(name) switch
    {
        { Tensor: { } tensor } => tensor.Type,
        { Static: IntValue } => ElementType.Int,
        { Static: BoolValue } => ElementType.Bool,
        _ => ElementType.Float,
    };

    /// <summary>A boolean.</summary>
    public bool Flag(string name) => ((BoolValue)Argument(name).Static!).Flag;

    /// <summary>A string.</summary>
    public string Text(string name) => ((StringValue)Argument(name).Static!).Text;

    /// <summary>A string that must be one of a few.</summary>
    public string Choice(string name, params string[] options)
    {
        var text = Text(name);
        if (options.Contains(text)) return text;
        var hint = Suggest.Nearest(text, options);
        throw new ShapeException($"'{name}' of {_primitive} is one of {string.Join(", ", options)}; found '{text}'.{(hint is null ? "" : " " + hint)}", Rules.Arguments);
    }

    /// <summary>An axis index into a tensor of <paramref name="rank"/> axes, made non-negative and checked.</summary>
    public int Axis(string name, int rank) => Axis(Known(name), rank);

    /// <summary>Axis indices into a tensor of <paramref name="rank"/> axes, made non-negative and checked; none may appear twice.</summary>
    public IReadOnlyList<int> AxisList(string name, int rank)
    {
        var axes = Ints(name).Select(d => Axis(d.Value ?? throw new ShapeException($"'{name}' of {_primitive} must be known at build time; it holds {d}.", Rules.NotStatic), rank)).ToList();
        return axes.Distinct().Count() == axes.Count ? axes : throw new ShapeException($"'{name}' of {_primitive} names an axis twice: [{string.Join(", ", axes)}].");
    }

    private int Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= rank) throw new ShapeException($"Axis {axis} of {_primitive} is outside a tensor with {rank} axes.");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Requires two sizes to be equal; where the input decides, a guard.</summary>
    public void RequireEqual(Dim a, Dim b, string what) => RequireEqual(a, b, _facts.AreEqual(a, b), what);

    /// <summary>The same; <paramref name="what"/> is put together only where it is needed.</summary>
    public void RequireEqual(Dim a, Dim b, [InterpolatedStringHandlerArgument("", nameof(a), nameof(b))] ref EqualityText what)
    {
        if (what.AreEqual != true) RequireEqual(a, b, what.AreEqual, what.ToString());
    }

    internal bool? AreEqual(Dim a, Dim b) => _facts.AreEqual(a, b);

    private void RequireEqual(Dim a, Dim b, bool? areEqual, string what)
    {
        switch (areEqual)
        {
            case true: return;
            case false: throw new ShapeException($"{what}: {a.Describe()} is not {b.Describe()}.");
            default: _guard(new Guard(GuardKind.Equal, a, b, what, _span)); return;
        }
    }

    /// <summary>Requires <paramref name="a"/> to be a whole multiple of <paramref name="b"/>; where the input decides, a guard.</summary>
    public void RequireMultiple(Dim a, Dim b, string what)
    {
        if (_facts.IsMultiple(a, b)) return;
        if (a.Value is not null && b.Value is not null) throw new ShapeException($"{what}: {a.Describe()} is not a multiple of {b.Describe()}.");
        _guard(new Guard(GuardKind.Multiple, a, b, what, _span));
        _facts.AssumeMultiple(a, b);
    }

    /// <summary>Requires <paramref name="a"/> to be at least <paramref name="b"/>; where the input decides, a guard.</summary>
    public void RequireAtLeast(Dim a, Dim b, string what)
    {
        switch (_facts.IsAtLeast(a, b))
        {
            case true: return;
            case false: throw new ShapeException($"{what}: {a.Describe()} is less than {b.Describe()}.");
            default:
                _guard(new Guard(GuardKind.AtLeast, a, b, what, _span));
                _facts.AssumeAtLeast(a, b);
                return;
        }
    }

    /// <summary>The shape that two broadcast to (NumPy's rule).</summary>
    public Shape Broadcast(Shape a, Shape b)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        var axes = new Dim[rank];
        for (var i = 1; i <= rank; i++)
        {
            var x = i <= a.Rank ? a[-i] : Dim.One;
            var y = i <= b.Rank ? b[-i] : Dim.One;
            if (x.Value == 1) axes[rank - i] = y;
            else if (y.Value == 1) axes[rank - i] = x;
            else
            {
                RequireEqual(x, y, $"Axis {rank - i} of {a.Describe()} and {b.Describe()}");
                axes[rank - i] = x;
            }
        }

        return new Shape(axes.ToEquatableArray(), Promote(a.Type, b.Type));
    }

    /// <summary>The type that arithmetic on two types has.</summary>
    public static ElementType Promote(ElementType a, ElementType b)
        => a == ElementType.Float || b == ElementType.Float ? ElementType.Float : a == ElementType.Int || b == ElementType.Int ? ElementType.Int : ElementType.Bool;

    /// <summary>The same dim, shorter where the guards so far allow it.</summary>
    public Dim Simplify(Dim dim) => _facts.Simplify(dim);

    private double ToDouble(string name, Value? value) => value switch
    {
        DoubleValue d => d.Number,
        IntValue { Dim.Value: { } known } => known,
        _ => throw new ShapeException($"'{name}' of {_primitive} must be known at build time; it is {value}.", Rules.NotStatic),
    };

    private CallArgument Argument(string name)
    {
        for (var i = 0; i < _primitive.Parameters.Count; i++)
        {
            if (_primitive.Parameters[i].Name == name) return _arguments[i];
        }

        throw new InvalidOperationException($"{_primitive} has no parameter '{name}'.");
    }
}
