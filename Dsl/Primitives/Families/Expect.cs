using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Requirements that several families share.</summary>
internal static class Expect
{
    /// <summary>A tensor with one axis of a size.</summary>
    public static void Vector(CallSite call, Shape shape, Dim size, string what)
    {
        if (shape.Rank != 1) throw new ShapeException($"The {what} has one axis, [{size.Describe()}]; found {shape.Describe()}.");
        call.RequireEqual(shape[0], size, $"The {what}");
    }

    /// <summary>An optional tensor with one axis of a size.</summary>
    public static void OptionalVector(CallSite call, string name, Dim size, string owner)
    {
        if (call.Optional(name) is { } shape) Vector(call, shape, size, $"{name} of {owner}");
    }

    /// <summary>A tensor with a least number of axes.</summary>
    public static Shape Rank(CallSite call, string name, int least, string axes)
    {
        var shape = call.Tensor(name);
        return shape.Rank >= least ? shape : throw new ShapeException($"'{name}' has at least {least} axes, {axes}; found {shape.Describe()}.");
    }

    /// <summary>A tensor of integers.</summary>
    public static Shape Integers(CallSite call, string name)
    {
        var shape = call.Tensor(name);
        return shape.Type == ElementType.Int ? shape : throw new ShapeException($"'{name}' holds integers; cast(.., \"int\") makes some.", Rules.Type);
    }
}
