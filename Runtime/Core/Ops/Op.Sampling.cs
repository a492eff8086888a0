using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Values of a map at points between its positions (Jaderberg et al. 2015, arXiv:1506.02025, eq. 5).</summary>
    /// <param name="x">[B, C, H, W] or [B, C, T, H, W].</param>
    /// <param name="grid">[B, h, w, 2] or [B, t, h, w, 3]: coordinates from -1 to 1, those of the last axis first.</param>
    /// <param name="mode"><c>bilinear</c> or <c>nearest</c>.</param>
    /// <param name="padding">What lies outside: <c>zeros</c>, <c>border</c> or <c>reflection</c>.</param>
    /// <param name="alignCorners">Whether -1 and 1 are the centres of the outermost positions; else the borders.</param>
    /// <returns>[B, C, h, w] or [B, C, t, h, w].</returns>
    public static Tensor grid_sample(Tensor x, Tensor grid, string mode = "bilinear", string padding = "zeros", bool alignCorners = false) => nn.functional.grid_sample(
        x,
        grid,
        mode switch
        {
            "bilinear" => GridSampleMode.Bilinear,
            "nearest" => GridSampleMode.Nearest,
            _ => throw new ArgumentException($"The mode '{mode}' is unknown; known are bilinear and nearest.", nameof(mode)),
        },
        padding switch
        {
            "zeros" => GridSamplePaddingMode.Zeros,
            "border" => GridSamplePaddingMode.Border,
            "reflection" => GridSamplePaddingMode.Reflection,
            _ => throw new ArgumentException($"The padding '{padding}' is unknown; known are zeros, border and reflection.", nameof(padding)),
        },
        alignCorners);
}
