using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pixel_shuffle(Tensor x, long upscale_factor) => Ops.pixel_shuffle.One(x, upscale_factor);

            public static Tensor pixel_unshuffle(Tensor x, long downscale_factor) => Ops.pixel_unshuffle.One(x, downscale_factor);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => Ops.constant_pad_nd.One(input, pad, mode == PaddingModes.Zeros ? 0 : value),
                PaddingModes.Circular => Ops._pad_circular.One(input, pad),
                _ => Padded(input, pad, mode == PaddingModes.Reflect),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Ops.grid_sampler.One(input, grid, mode == GridSampleMode.Bilinear ? 0 : 1, BorderOf(padding_mode), align_corners ?? false);

            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) => Ops.affine_grid_generator.One(theta, size ?? [], align_corners);

            /// <summary>Resamples the spatial axes of [B, C, ...] to a size or by factors.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false)
            {
                if (size is null == scale_factor is null) throw new ArgumentException("Give either a size or a scale factor.");
                var axes = (int)x.ndim - 2;
                var target = Spread(size, axes);
                var factors = Spread(scale_factor, axes);
                if (factors is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    var shape = x.shape;
                    target = [.. factors.Select((f, i) => (long)Math.Floor(shape[i + 2] * f))];
                    factors = null;
                }
                var corners = align_corners ?? false;
                return (mode, axes) switch
                {
                    (InterpolationMode.Nearest, 1) => Ops.upsample_nearest1d_vec.One(x, target, factors),
                    (InterpolationMode.Nearest, 2) => Ops.upsample_nearest2d_vec.One(x, target, factors),
                    (InterpolationMode.Nearest, 3) => Ops.upsample_nearest3d_vec.One(x, target, factors),
                    (InterpolationMode.Linear, 1) => Ops.upsample_linear1d_vec.One(x, target, corners, factors),
                    (InterpolationMode.Bilinear, 2) => Ops.upsample_bilinear2d_vec.One(x, target, corners, factors),
                    (InterpolationMode.Bicubic, 2) => Ops.upsample_bicubic2d_vec.One(x, target, corners, factors),
                    (InterpolationMode.Trilinear, 3) => Ops.upsample_trilinear3d_vec.One(x, target, corners, factors),
                    (InterpolationMode.Area, 1) => Ops.adaptive_avg_pool1d.One(x, target),
                    (InterpolationMode.Area, 2) => Ops.adaptive_avg_pool2d.One(x, target),
                    (InterpolationMode.Area, 3) => Ops.adaptive_avg_pool3d.One(x, target),
                    _ => throw new ArgumentException($"{mode} does not resample a tensor with {axes + 2} dimensions."),
                };
            }

            private static T[]? Spread<T>(T[]? values, int axes) =>
                values is null || values.Length == axes ? values :
                values.Length == 1 ? [.. Enumerable.Repeat(values[0], axes)] :
                throw new ArgumentException($"{values.Length} numbers given for {axes} spatial axes.");

            private static Tensor Padded(Tensor input, long[] pad, bool reflect) => (pad.Length, reflect) switch
            {
                (2, true) => Ops.reflection_pad1d.One(input, pad),
                (4, true) => Ops.reflection_pad2d.One(input, pad),
                (6, true) => Ops.reflection_pad3d.One(input, pad),
                (2, false) => Ops.replication_pad1d.One(input, pad),
                (4, false) => Ops.replication_pad2d.One(input, pad),
                (6, false) => Ops.replication_pad3d.One(input, pad),
                _ => throw new ArgumentException($"Reflecting or replicating takes 2, 4 or 6 amounts; {pad.Length} were given."),
            };

            /// <summary>The operator's number for a padding mode.</summary>
            private static int BorderOf(GridSamplePaddingMode mode) => mode switch
            {
                GridSamplePaddingMode.Zeros => 0,
                GridSamplePaddingMode.Border => 1,
                _ => 2,
            };
        }
    }
}
