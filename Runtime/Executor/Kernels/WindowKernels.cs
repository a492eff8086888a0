using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Execution.Kernels;

internal static class WindowKernels
{
    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["conv1d"] = c => [F.conv1d(c.Tensor("x"), c.Tensor("weight"), c.Optional("bias")!, c.Int("stride"), c.Int("padding"), c.Int("dilation"), c.Int("groups"))],
        ["conv2d"] = c => [F.conv2d(c.Tensor("x"), c.Tensor("weight"), c.Optional("bias")!, c.Ints("stride", 2), c.Ints("padding", 2), c.Ints("dilation", 2), c.Int("groups"))],
        ["conv3d"] = c => [F.conv3d(c.Tensor("x"), c.Tensor("weight"), c.Optional("bias")!, c.Ints("stride", 3), c.Ints("padding", 3), c.Ints("dilation", 3), c.Int("groups"))],
        ["conv2d_same"] = c =>
        {
            var weight = c.Tensor("weight");
            var padded = Same(c.Tensor("x"), [weight.shape[2], weight.shape[3]], c.Ints("stride", 2), c.Ints("dilation", 2), 0);
            return [F.conv2d(padded, weight, c.Optional("bias")!, c.Ints("stride", 2), [0, 0], c.Ints("dilation", 2), c.Int("groups"))];
        },
        ["conv_transpose2d"] = c =>
        [
            F.conv_transpose2d(
                c.Tensor("x"), c.Tensor("weight"), c.Optional("bias")!, c.Ints("stride", 2), c.Ints("padding", 2), c.Ints("output_padding", 2), c.Ints("dilation", 2), c.Int("groups")),
        ],
        ["unfold"] = c =>
        {
            var (k, d, p, s) = (c.Ints("kernel", 2), c.Ints("dilation", 2), c.Ints("padding", 2), c.Ints("stride", 2));
            return [F.unfold(c.Tensor("x"), (k[0], k[1]), (d[0], d[1]), (p[0], p[1]), (s[0], s[1]))];
        },
        ["max_pool2d"] = c => [F.max_pool2d(c.Tensor("x"), c.Ints("kernel", 2), Stride(c, 2), c.Ints("padding", 2), c.Ints("dilation", 2), c.Flag("ceil_mode"))],
        ["avg_pool2d"] = c => [F.avg_pool2d(c.Tensor("x"), c.Ints("kernel", 2), Stride(c, 2), c.Ints("padding", 2), c.Flag("ceil_mode"), c.Flag("count_include_pad"))],
        ["max_pool3d"] = c => [F.max_pool3d(c.Tensor("x"), c.Ints("kernel", 3), Stride(c, 3), c.Ints("padding", 3), c.Ints("dilation", 3), c.Flag("ceil_mode"))],
        ["avg_pool3d"] = c => [F.avg_pool3d(c.Tensor("x"), c.Ints("kernel", 3), Stride(c, 3), c.Ints("padding", 3), c.Flag("ceil_mode"), c.Flag("count_include_pad"))],
        ["max_pool2d_same"] = c => [F.max_pool2d(Same(c.Tensor("x"), c.Ints("kernel", 2), c.Ints("stride", 2), [1, 1], double.NegativeInfinity), c.Ints("kernel", 2), c.Ints("stride", 2))],
        ["avg_pool2d_same"] = c => [F.avg_pool2d(Same(c.Tensor("x"), c.Ints("kernel", 2), c.Ints("stride", 2), [1, 1], 0), c.Ints("kernel", 2), c.Ints("stride", 2))],
        ["adaptive_avg_pool2d"] = c => [F.adaptive_avg_pool2d(c.Tensor("x"), c.Ints("size", 2))],
        ["adaptive_max_pool2d"] = c => [F.adaptive_max_pool2d(c.Tensor("x"), c.Ints("size", 2))],
    };

    private static long[] Stride(KernelCall call, int axes) => call.Ints(call.Ints("stride").Length == 0 ? "kernel" : "stride", axes);

    private static Tensor Same(Tensor x, long[] kernel, long[] stride, long[] dilation, double value)
    {
        long[] total = [.. Enumerable.Range(0, 2).Select(i =>
        {
            var size = x.shape[i + 2];
            var places = (size / stride[i]) + (size % stride[i] == 0 ? 0 : 1);
            return Math.Max(0, ((places - 1) * stride[i]) + (dilation[i] * (kernel[i] - 1)) + 1 - size);
        })];
        return F.pad(x, new[] { total[1] / 2, total[1] - (total[1] / 2), total[0] / 2, total[0] - (total[0] / 2) }, PaddingModes.Constant, value);
    }
}
