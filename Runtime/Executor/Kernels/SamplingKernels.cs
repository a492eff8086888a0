using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

/// <summary>By its definition: the corners of the cell that a point lies in, each times its weight.</summary>
internal static class SamplingKernels
{
    public static Dictionary<string, Kernel> All { get; } = new() { ["grid_sample"] = GridSample };

    private static Tensor[] GridSample(KernelCall call)
    {
        var (x, grid, corners) = (call.Tensor("x"), call.Tensor("grid"), call.Flag("align_corners"));
        var sizes = x.shape[2..];
        var points = Enumerable.Range(0, sizes.Length)
            .Select(axis => Inside(Position(grid.select(-1, sizes.Length - 1 - axis), sizes[axis], corners), sizes[axis], call.Text("padding"), corners)).ToArray();
        var sum = zeros([x.shape[0], x.shape[1], .. grid.shape[1..^1]], x.dtype, x.device);
        if (call.Text("mode") == "nearest") return [Add(sum, x, [.. points.Select(p => p.detach().round())], ones_like(points[0]))];
        var low = points.Select(p => p.detach().floor()).ToArray();
        for (var corner = 0; corner < 1 << sizes.Length; corner++)
        {
            var at = low.Select((l, axis) => l + ((corner >> axis) & 1)).ToArray();
            var weight = points.Zip(low, at).Aggregate(ones_like(points[0]), (w, p) => w * (1 - (p.First - p.Third).abs()));
            sum = Add(sum, x, at, weight);
        }

        return [sum];
    }

    // From -1..1 to 0..size - 1.
    private static Tensor Position(Tensor p, long size, bool corners) => corners ? (p + 1) / 2 * (size - 1) : ((p + 1) * size - 1) / 2;

    private static Tensor Inside(Tensor p, long size, string padding, bool corners)
    {
        if (padding == "zeros") return p;
        if (padding == "reflection")
        {
            // A triangle wave between two mirrors.
            var (first, span) = corners ? (0.0, size - 1.0) : (-0.5, (double)size);
            if (span == 0) return zeros_like(p);
            var way = (p - first).abs();
            var turns = (way.detach() / span).floor();
            var rest = way - (turns * span);
            var odd = turns - ((turns / 2).floor() * 2);
            p = first + (odd * (span - rest)) + ((1 - odd) * rest);
        }

        return p.clamp(0, size - 1);
    }

    // Positions outside count as 0.
    private static Tensor Add(Tensor sum, Tensor x, Tensor[] at, Tensor weight)
    {
        var sizes = x.shape[2..];
        var index = zeros_like(at[0]);
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var inside = at[axis].clamp(0, sizes[axis] - 1);
            weight = weight * inside.eq(at[axis]).to_type(weight.dtype);
            index = (index * sizes[axis]) + inside;
        }

        var (batch, channels) = (x.shape[0], x.shape[1]);
        var flat = index.to_type(ScalarType.Int64).reshape(batch, 1, -1).expand(batch, channels, -1);
        return sum + (x.reshape(batch, channels, -1).gather(2, flat).reshape(sum.shape) * weight.unsqueeze(1));
    }
}
