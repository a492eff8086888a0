using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>What the operators of a forward become: two operands that broadcast, one of which may be a number.</summary>
internal static class Arithmetic
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        Binary("add", "a + b", "{a} + {b}"),
        Binary("sub", "a - b", "{a} - {b}"),
        Binary("mul", "a * b", "{a} * {b}"),
        Binary("div", "a / b: true division, of integers too", "{a} / {b}", _ => ElementType.Float),
        new("pow(tensor a, number b)", "a to the power of b.", c => Infer(c, null), s => s.Fill("{a}.pow({b})")),
        new("maximum(number a, number b)", "The larger of a and b, element by element.", c => Infer(c, null), s => EmitExtreme(s, "maximum", "clamp_min")),
        new("minimum(number a, number b)", "The smaller of a and b, element by element.", c => Infer(c, null), s => EmitExtreme(s, "minimum", "clamp_max")),
        new("atan2(tensor a, tensor b)", "The angle of the point (b, a) from the first axis, -pi to pi: the inverse tangent of a / b in the right quadrant.", c => Infer(c, _ => ElementType.Float), s => s.Fill("{a}.atan2({b})")),
        Compare("eq", "==", "eq"),
        Compare("ne", "!=", "ne"),
        Compare("lt", "<", "gt"),
        Compare("le", "<=", "ge"),
        Compare("gt", ">", "lt"),
        Compare("ge", ">=", "le"),
        Logical("logical_and", "Whether both are true, element by element."),
        Logical("logical_or", "Whether one of them is true, element by element."),
        new("where(tensor condition, number a, number b)", "a where the condition holds, else b; all broadcast.", InferWhere, EmitWhere),
    ];

    private static Primitive Binary(string name, string doc, string template, Func<CallSite, ElementType>? type = null)
        => new($"{name}(number a, number b)", $"{doc}.", c => Infer(c, type), s => template.Replace("{a}", s.Operand("a")).Replace("{b}", s.Operand("b")));

    private static Primitive Compare(string name, string op, string mirrored)
        => new($"{name}(number a, number b)", $"Whether a {op} b, element by element.", c => Infer(c, _ => ElementType.Bool), s => s.Fill(s.IsStatic("a") ? $"{{b}}.{mirrored}({{a}})" : $"{{a}}.{name}({{b}})"));

    private static Primitive Logical(string name, string doc)
        => new($"{name}(tensor a, tensor b)", doc, c => Infer(c, _ => ElementType.Bool), s => s.Fill($"{{a}}.{name}({{b}})"));

    private static Shape[] Infer(CallSite call, Func<CallSite, ElementType>? type)
    {
        var promoted = type?.Invoke(call) ?? CallSite.Promote(call.TypeOf("a"), call.TypeOf("b"));
        if (call.IsNumber("a") && call.IsNumber("b")) throw new ShapeException("One of the operands must be a tensor.", Rules.Type);
        var shape = call.IsNumber("a") ? call.Tensor("b") : call.IsNumber("b") ? call.Tensor("a") : call.Broadcast(call.Tensor("a"), call.Tensor("b"));
        return [shape with { Type = promoted }];
    }

    private static string EmitExtreme(EmitSite site, string both, string clamp)
        => site.IsStatic("a") ? site.Fill($"{{b}}.{clamp}({{a}})") : site.Fill(site.IsStatic("b") ? $"{{a}}.{clamp}({{b}})" : $"{{a}}.{both}({{b}})");

    private static Shape[] InferWhere(CallSite call)
    {
        var condition = call.Tensor("condition");
        if (condition.Type != ElementType.Bool) throw new ShapeException("The condition of where must be a tensor of booleans, such as x > 0.", Rules.Type);
        var shape = condition;
        foreach (var name in new[] { "a", "b" })
        {
            if (!call.IsNumber(name)) shape = call.Broadcast(shape, call.Tensor(name));
        }

        return [shape with { Type = CallSite.Promote(call.TypeOf("a"), call.TypeOf("b")) }];
    }

    private static string EmitWhere(EmitSite site)
        => site.Fill(site.IsStatic("a") || site.IsStatic("b") ? "Op.where({condition}, {a}, {b})" : "torch.where({condition}, {a}, {b})");
}
