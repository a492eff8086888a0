using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Execution.Kernels;

internal static class StructureKernels
{
    private static readonly Dictionary<string, PaddingModes> Paddings = new()
    {
        ["constant"] = PaddingModes.Constant,
        ["reflect"] = PaddingModes.Reflect,
        ["replicate"] = PaddingModes.Replicate,
        ["circular"] = PaddingModes.Circular,
    };

    public static Dictionary<string, Kernel> All { get; } = new()
    {
        ["identity"] = c => [c.Tensor("x").alias()],
        ["detach"] = c => [c.Tensor("x").detach()],
        ["contiguous"] = c => [c.Tensor("x").contiguous()],
        ["reshape"] = c => [c.Tensor("x").reshape(c.Ints("shape"))],
        ["permute"] = c => [c.Tensor("x").permute(c.Ints("order"))],
        ["transpose"] = c => [c.Tensor("x").transpose(c.Int("a"), c.Int("b"))],
        ["flatten"] = c => [c.Tensor("x").flatten(c.Int("start"), c.Int("end"))],
        ["squeeze"] = c => [c.Tensor("x").squeeze(c.Int("axis"))],
        ["unsqueeze"] = c => [c.Tensor("x").unsqueeze(c.Int("axis"))],
        ["expand"] = c => [c.Tensor("x").expand(c.Ints("shape"))],
        ["flip"] = c => [c.Tensor("x").flip(c.Ints("axes"))],
        ["roll"] = c => [c.Tensor("x").roll(c.Ints("shifts"), c.Ints("axes"))],
        ["pad"] = c => [F.pad(c.Tensor("x"), c.Ints("amounts"), Paddings[c.Text("mode")], c.Double("value"))],
        ["pixel_shuffle"] = c => [Shuffle(c.Tensor("x"), c.Int("factor"))],
        ["pixel_unshuffle"] = c => [Unshuffle(c.Tensor("x"), c.Int("factor"))],
        ["interpolate"] = c => [Interpolate(c.Tensor("x"), c.Ints("size", (int)c.Tensor("x").dim() - 2), c.Text("mode"), c.Flag("align_corners"), c.Flag("antialias"))],
    };

    private static Tensor Shuffle(Tensor x, long r)
    {
        var s = x.shape;
        return x.reshape(s[0], s[1] / (r * r), r, r, s[2], s[3]).permute(0, 1, 4, 2, 5, 3).reshape(s[0], s[1] / (r * r), s[2] * r, s[3] * r);
    }

    private static Tensor Unshuffle(Tensor x, long r)
    {
        var s = x.shape;
        return x.reshape(s[0], s[1], s[2] / r, r, s[3] / r, r).permute(0, 1, 3, 5, 2, 4).reshape(s[0], s[1] * r * r, s[2] / r, s[3] / r);
    }

    private static Tensor Interpolate(Tensor x, long[] size, string mode, bool corners, bool antialias)
    {
        if (antialias) return Ops.Op.interpolate(x, size, mode, false, true);
        return mode switch
        {
            "nearest" => F.interpolate(x, size: size, mode: InterpolationMode.Nearest),
            "area" => size.Length == 1 ? F.adaptive_avg_pool1d(x, size[0]) : size.Length == 2 ? F.adaptive_avg_pool2d(x, size) : F.adaptive_avg_pool3d(x, size),
            "linear" => F.interpolate(x, size: size, mode: InterpolationMode.Linear, align_corners: corners),
            "trilinear" => F.interpolate(x, size: size, mode: InterpolationMode.Trilinear, align_corners: corners),
            "bilinear" => F.interpolate(x, size: size, mode: InterpolationMode.Bilinear, align_corners: corners),
            _ => F.interpolate(x, size: size, mode: InterpolationMode.Bicubic, align_corners: corners),
        };
    }
}
