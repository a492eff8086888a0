using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

/// <summary>The recurrences as they are written down, position by position. Of long sequences, a part at a time is recorded.</summary>
internal static class ScanKernels
{
    private const long Part = 256;

    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["selective_scan"] = SelectiveScan,
        ["state_space_duality"] = Duality,
    };

    private static Tensor[] SelectiveScan(KernelCall call)
    {
        var (u, a, window) = (call.Tensor("u"), call.Tensor("A"), call.Int("window"));
        var (channels, length) = (u.shape[1], u.shape[2]);
        var (b, c) = (OfChannels(call.Tensor("B"), channels), OfChannels(call.Tensor("C"), channels));
        var order = Order(call, channels);
        Tensor Visited(Tensor x) => order is null ? x : x.gather(-1, (x.dim() == 4 ? order.unsqueeze(2) : order).expand(x.shape));

        var inputs = new[] { u, call.Tensor("delta"), b, c }.Select(Visited).ToArray();
        var (state, ys) = (u.new_zeros([u.shape[0], channels, a.shape[1]]), new List<Tensor>());
        var part = window == 0 ? Part : (Part + window - 1) / window * window;
        for (var from = 0L; from < length; from += part)
        {
            var size = Math.Min(part, length - from);
            var results = Recorded(call, [.. inputs.Select(x => x.narrow(-1, from, size)), a, state], p => Steps(p, window));
            ys.Add(results[0]);
            state = results[1];
        }

        var y = cat(ys, -1);
        return [order is null ? y.alias() : y.gather(-1, order.argsort(-1).expand(y.shape))];
    }

    // u and delta [B, D, L], B and C [B, D, N, L], A [D, N], the state before: y and the last state.
    private static Tensor[] Steps(Tensor[] inputs, long window)
    {
        var (u, delta, b, c, a, h) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]);
        var length = (int)u.shape[2];
        var decay = (delta.unsqueeze(2) * a.unsqueeze(-1)).exp().unbind(-1);
        var given = ((delta * u).unsqueeze(2) * b).unbind(-1);
        var states = new Tensor[length];
        for (var t = 0; t < length; t++) states[t] = h = (decay[t] * h) + given[t];
        var seen = states.ToArray();
        for (var t = length - 2; t >= 0 && window > 0; t--)
        {
            if ((t + 1) % window == 0) continue;
            // seen - states is the backward part.
            seen[t] = states[t] + (decay[t] * (seen[t + 1] - states[t + 1] + given[t + 1]));
        }

        return [(stack(seen, -1) * c).sum(2), h.alias()];
    }

    private static Tensor[] Duality(KernelCall call)
    {
        var (x, logs, b) = (call.Tensor("x"), call.Tensor("log_a"), call.Tensor("B"));
        var (heads, length) = (x.shape[2], x.shape[1]);
        Tensor[] inputs = [x, logs, Repeated(b), Repeated(call.Tensor("C"))];
        var (state, ys) = (x.new_zeros([x.shape[0], heads, b.shape[3], x.shape[3]]), new List<Tensor>());
        for (var from = 0L; from < length; from += Part)
        {
            var size = Math.Min(Part, length - from);
            var results = Recorded(call, [.. inputs.Select(i => i.narrow(1, from, size)), state], HeadSteps);
            ys.Add(results[0]);
            state = results[1];
        }

        return [cat(ys, 1)];

        Tensor Repeated(Tensor p) => p.repeat_interleave(heads / p.shape[2], 2);
    }

    // y [B, L, H, P] and the last state [B, H, N, P].
    private static Tensor[] HeadSteps(Tensor[] inputs)
    {
        var (x, decay, b, c, h) = (inputs[0], inputs[1].exp(), inputs[2], inputs[3], inputs[4]);
        var ys = new List<Tensor>();
        for (var t = 0L; t < x.shape[1]; t++)
        {
            h = (decay.select(1, t).unsqueeze(-1).unsqueeze(-1) * h) + (b.select(1, t).unsqueeze(-1) * x.select(1, t).unsqueeze(-2));
            ys.Add((c.select(1, t).unsqueeze(-1) * h).sum(2));
        }

        return [stack(ys, 1), h.alias()];
    }

    private static Tensor[] Recorded(KernelCall call, Tensor[] inputs, Func<Tensor[], Tensor[]> steps)
        => is_grad_enabled() ? Recomputation.Call(call.Owner, inputs, steps) : steps(inputs);

    // [B, N, L] or [B, G, N, L] as [B, D, N, L].
    private static Tensor OfChannels(Tensor x, long channels)
    {
        var grouped = x.dim() == 3 ? x.unsqueeze(1) : x;
        return grouped.repeat_interleave(channels / grouped.shape[1], 1);
    }

    // [1, D, L], or null.
    private static Tensor? Order(KernelCall call, long channels) => call.Optional("order") switch
    {
        null => null,
        { } order => (order.dim() == 1 ? order.unsqueeze(0) : order).repeat_interleave(channels / (order.dim() == 1 ? 1 : order.shape[0]), 0).unsqueeze(0),
    };
}
