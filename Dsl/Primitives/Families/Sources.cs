using Notochord.Dsl.Expressions;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Tensors from nothing, for constants. In a forward, 'like' says whose device and floating-point type they have.</summary>
internal static class Sources
{
    private const string Kind = "[Literal] string type = \"float\", tensor? like = none";

    private static readonly Dictionary<string, (ElementType Type, string CSharp)> Types = new()
    {
        ["float"] = (ElementType.Float, "ScalarType.Float32"),
        ["int"] = (ElementType.Int, "ScalarType.Int64"),
        ["bool"] = (ElementType.Bool, "ScalarType.Bool"),
    };

    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("store([State] tensor state, tensor value)",
            "Gives a parameter or buffer a new value, as an optimiser's step would: running averages, and bounds that hold whatever the optimiser did. The result is the state with that value; gradients go to the state, none to the value. Where a block is computed again in backward, the state stays as it is.",
            InferStore, s => s.Fill("Op.store({state}, {value})")),
        new($"zeros(int[] shape, {Kind})", "0 everywhere.", c => [Shaped(c)], s => $"torch.zeros({s["shape"]}{Target(s)})"),
        new($"ones(int[] shape, {Kind})", "1 everywhere.", c => [Shaped(c)], s => $"torch.ones({s["shape"]}{Target(s)})"),
        new($"full(int[] shape, double value, {Kind})", "One value everywhere.", c => [Shaped(c)], s => $"torch.full({s["shape"]}, {s["value"]}{Target(s)})"),
        new("arange(int start, int stop, int step = 1, [Literal] string type = \"int\", tensor? like = none)", "start, start + step, .. below stop.", InferArange, s => $"torch.arange({s["start"]}, {s["stop"]}, {s["step"]}{Target(s)})"),
        new($"linspace(double start, double stop, int steps, {Kind})", "steps values from start to stop, both included, at equal distances.", c => [Typed(c, Shape.Of(c.Int("steps")))], s => $"torch.linspace({s["start"]}, {s["stop"]}, {s["steps"]}{Target(s)})"),
        new($"eye(int n, {Kind})", "The identity matrix [n, n].", c => [Typed(c, Shape.Of(c.Int("n"), c.Int("n")))], s => $"torch.eye({s["n"]}, {s["n"]}{Target(s)})"),
        new("meshgrid(tensor[] tensors, string indexing = \"ij\")", "Coordinates of a grid over vectors of sizes n, m, ..: for each vector its values along its own axis, [n, m, ..]; indexing \"xy\" exchanges the first two axes.", InferMeshgrid, s => s.Fill("torch.meshgrid({tensors}, {indexing})"))
        {
            ResultCount = c => c.Tensors("tensors").Count,
        },
        new($"tensor(double[] values, {Kind})", "These numbers, [n].", c => [Typed(c, Shape.Of(c.Numbers("values").Count))], EmitTensor),
        new("cast(tensor x, [Literal] string type)", "Elements as \"float\", \"int\" (64 bits, towards 0) or \"bool\" (not 0).", c => [Typed(c, c.Tensor("x"))], s => s.Literal("type") == "float" ? s.Fill("Op.to_float({x})") : $"Op.cast({s["x"]}, {Types[s.Literal("type")!].CSharp})"),
    ];

    private static Shape[] InferStore(CallSite call)
    {
        var (state, value) = (call.Tensor("state"), call.Tensor("value"));
        if (state.Rank != value.Rank || state.Type != value.Type) throw new ShapeException($"'value' of store is as 'state', {state.Describe()}; found {value.Describe()}.");
        for (var i = 0; i < state.Rank; i++) call.RequireEqual(state[i], value[i], $"'state' {state.Describe()} of store and its value {value.Describe()}");
        return [state];
    }

    private static Shape Typed(CallSite call, Shape shape) => shape with { Type = Types[call.Choice("type", [.. Types.Keys])].Type };

    private static Shape Shaped(CallSite call)
    {
        var sizes = call.Ints("shape");
        if (sizes.FirstOrDefault(d => d.Value < 0) is { } wrong) throw new ShapeException($"A size cannot be negative; found {wrong.Describe()}.");
        return Typed(call, Shape.Of(sizes));
    }

    private static string EmitTensor(EmitSite site)
    {
        var values = site.Static("values") is ListExpr ? $"new double[] {{ {site["values"].Trim('[', ']')} }}" : site["values"];
        return $"torch.tensor({values}{Target(site)})";
    }

    private static string Target(EmitSite site)
    {
        var type = site.Literal("type")!;
        if (site.IsAbsent("like")) return $", dtype: {Types[type].CSharp}";
        return $", dtype: {(type == "float" ? $"{site.Receiver("like")}.dtype" : Types[type].CSharp)}, device: {site.Receiver("like")}.device";
    }

    private static Shape[] InferArange(CallSite call)
    {
        var (start, stop, step) = (call.Int("start"), call.Int("stop"), call.Int("step"));
        if (step.Value is not { } known || known == 0) throw new ShapeException($"'step' of arange is a known integer other than 0; found {step}.", Rules.Arguments);
        call.RequireAtLeast(known > 0 ? stop : start, known > 0 ? start : stop, "Bounds of arange");
        var distance = known > 0 ? stop - start : start - stop;
        return [Typed(call, Shape.Of(known is 1 or -1 ? distance : Dim.CeilDiv(distance, Math.Abs(known))))];
    }

    private static Shape[] InferMeshgrid(CallSite call)
    {
        var vectors = call.Tensors("tensors");
        if (vectors.Count == 0) throw new ShapeException("meshgrid takes at least one vector.", Rules.Arguments);
        if (vectors.FirstOrDefault(v => v.Rank != 1) is { } wrong) throw new ShapeException($"meshgrid takes vectors; found {wrong.Describe()}.");
        var axes = vectors.Select(v => v[0]).ToList();
        if (call.Choice("indexing", "ij", "xy") == "xy" && axes.Count > 1) (axes[0], axes[1]) = (axes[1], axes[0]);
        return [.. vectors.Select(v => Shape.Of(axes) with { Type = v.Type })];
    }
}
