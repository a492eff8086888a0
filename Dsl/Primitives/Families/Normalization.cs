using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Norms: mean and variance, or a length, taken out.</summary>
internal static class Normalization
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("layer_norm(tensor x, tensor? weight = none, tensor? bias = none, double eps = 1e-5, [Literal] int axes = 1)",
            "(x - mean) / sqrt(var + eps) over the last axes, times weight, plus bias, which have the sizes of those axes (Ba et al. 2016, arXiv:1607.06450).",
            InferLayerNorm, EmitLayerNorm),
        new("batch_norm(tensor x, tensor running_mean, tensor running_var, tensor? weight = none, tensor? bias = none, tensor? num_batches_tracked = none, double momentum = 0.1, double eps = 1e-5)",
            "(x - mean) / sqrt(var + eps) for each channel (axis 1), times weight, plus bias (Ioffe and Szegedy 2015, arXiv:1502.03167). In training the statistics are the batch's, the running ones move by momentum (the variance unbiased) and num_batches_tracked counts; otherwise they are the running ones.",
            InferBatchNorm, s => s.Fill("Op.batch_norm({x}, {running_mean}, {running_var}, {weight}, {bias}, {num_batches_tracked}, training, {momentum}, {eps})")),
        new("group_norm(tensor x, int groups, tensor? weight = none, tensor? bias = none, double eps = 1e-5)",
            "(x - mean) / sqrt(var + eps) over the channels (axis 1) of each group and all further axes, times weight[C], plus bias[C] (Wu and He 2018, arXiv:1803.08494).",
            InferGroupNorm, s => s.Fill("F.group_norm({x}, {groups}, {weight}, {bias}, {eps})")),
        new("instance_norm(tensor x, tensor? weight = none, tensor? bias = none, double eps = 1e-5)",
            "(x - mean) / sqrt(var + eps) over all axes after the channels (axis 1), for each sample and channel, times weight[C], plus bias[C] (Ulyanov et al. 2016, arXiv:1607.08022).",
            InferInstanceNorm, s => s.Fill("F.instance_norm({x}, weight: {weight}, bias: {bias}, eps: {eps})")),
        new("rms_norm(tensor x, tensor? weight = none, double eps = 1e-6)",
            "x / sqrt(mean(x^2) + eps) over the last axis, times weight (Zhang and Sennrich 2019, arXiv:1910.07467).",
            InferRmsNorm, s => s.Fill("Op.rms_norm({x}, {weight}, {eps})")),
        new("normalize(tensor x, double p = 2, int axis = -1, double eps = 1e-12)",
            "x / max(|x|_p, eps) along an axis.",
            c => { _ = c.Axis("axis", c.Tensor("x").Rank); _ = c.Number("p"); return [c.Tensor("x")]; },
            s => s.Fill("Op.normalize({x}, {p}, {axis}, {eps})")),
        new("softmax(tensor x, int axis = -1)",
            "exp(x) / sum(exp(x)) along an axis.", InferAxis, s => s.Fill("{x}.softmax({axis})")),
        new("log_softmax(tensor x, int axis = -1)",
            "log(softmax(x)) along an axis.", InferAxis, s => s.Fill("{x}.log_softmax({axis})")),
        new("dropout(tensor x, double p = 0.5)",
            "In training each element is 0 with probability p, else divided by 1 - p; otherwise x (Srivastava et al. 2014).",
            InferProbability, s => s.Fill("Op.dropout({x}, {p}, this)")),
        new("drop_path(tensor x, double p)",
            "Stochastic depth: in training each sample (axis 0) is 0 with probability p, else divided by 1 - p; otherwise x (Huang et al. 2016, arXiv:1603.09382).",
            InferProbability, s => s.Fill("Op.drop_path({x}, {p}, this)")),
    ];

    private static Shape[] InferLayerNorm(CallSite call)
    {
        var axes = (int)call.Known("axes");
        if (axes < 1) throw new ShapeException($"'axes' of layer_norm is the number of last axes, at least 1; found {axes}.", Rules.Arguments);
        var x = Expect.Rank(call, "x", axes, $"the last {axes} to be normalised");
        foreach (var name in new[] { "weight", "bias" })
        {
            if (call.Optional(name) is not { } shape) continue;
            if (shape.Rank != axes) throw new ShapeException($"'{name}' of layer_norm has {axes} axes; found {shape.Describe()}.");
            for (var i = 1; i <= axes; i++) call.RequireEqual(shape[-i], x[-i], $"'{name}' {shape.Describe()} of layer_norm and its input {x.Describe()}");
        }

        return [x];
    }

    private static string EmitLayerNorm(EmitSite site)
    {
        var count = (int)site.Number("axes");
        var sizes = Enumerable.Range(0, count).Select(i => site.Axis("x", i - count));
        return $"F.layer_norm({site["x"]}, [{string.Join(", ", sizes)}], {site["weight"]}, {site["bias"]}, {site["eps"]})";
    }

    private static Shape[] InferBatchNorm(CallSite call)
    {
        var x = Expect.Rank(call, "x", 2, "[B, C, ..]");
        Expect.Vector(call, call.Tensor("running_mean"), x[1], "running_mean of batch_norm");
        Expect.Vector(call, call.Tensor("running_var"), x[1], "running_var of batch_norm");
        Affine(call, x[1], "batch_norm");
        return [x];
    }

    private static Shape[] InferGroupNorm(CallSite call)
    {
        var x = Expect.Rank(call, "x", 2, "[B, C, ..]");
        call.RequireMultiple(x[1], call.Int("groups"), $"Channels of {x.Describe()} by groups");
        Affine(call, x[1], "group_norm");
        return [x];
    }

    private static Shape[] InferInstanceNorm(CallSite call)
    {
        var x = Expect.Rank(call, "x", 3, "[B, C, ..]");
        Affine(call, x[1], "instance_norm");
        return [x];
    }

    private static Shape[] InferRmsNorm(CallSite call)
    {
        var x = Expect.Rank(call, "x", 1, "the last to be normalised");
        Expect.OptionalVector(call, "weight", x[-1], "rms_norm");
        return [x];
    }

    private static void Affine(CallSite call, Dim channels, string owner)
    {
        Expect.OptionalVector(call, "weight", channels, owner);
        Expect.OptionalVector(call, "bias", channels, owner);
    }

    private static Shape[] InferAxis(CallSite call)
    {
        _ = call.Axis("axis", call.Tensor("x").Rank);
        return [call.Tensor("x") with { Type = ElementType.Float }];
    }

    private static Shape[] InferProbability(CallSite call)
    {
        var p = call.Number("p");
        return p is >= 0 and <= 1 ? [call.Tensor("x")] : throw new ShapeException($"'p' is a probability, from 0 to 1; found {p}.", Rules.Arguments);
    }
}
