using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A convolution over 1 axis.</summary>
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, Padding? type, long[] dilation, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), new(inputs, outputs, kernel, stride, padding, type, dilation, null, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }

    /// <summary>A transposed convolution over 1 axis.</summary>
    public sealed class ConvTranspose1d : Convolution
    {
        internal ConvTranspose1d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, long[] outputPadding, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose1d), new(inputs, outputs, kernel, stride, padding, null, dilation, outputPadding, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }

    /// <summary>A convolution over 2 axes.</summary>
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, Padding? type, long[] dilation, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), new(inputs, outputs, kernel, stride, padding, type, dilation, null, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }

    /// <summary>A transposed convolution over 2 axes.</summary>
    public sealed class ConvTranspose2d : Convolution
    {
        internal ConvTranspose2d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, long[] outputPadding, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d), new(inputs, outputs, kernel, stride, padding, null, dilation, outputPadding, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }

    /// <summary>A convolution over 3 axes.</summary>
    public sealed class Conv3d : Convolution
    {
        internal Conv3d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, Padding? type, long[] dilation, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv3d), new(inputs, outputs, kernel, stride, padding, type, dilation, null, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }

    /// <summary>A transposed convolution over 3 axes.</summary>
    public sealed class ConvTranspose3d : Convolution
    {
        internal ConvTranspose3d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, long[] outputPadding, PaddingModes mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose3d), new(inputs, outputs, kernel, stride, padding, null, dilation, outputPadding, mode, groups, bias, device, dtype))
        {
        }

        public override Tensor forward(Tensor input) => Run(input);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size], [stride], [padding], null, [dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size], [stride], new long[1], padding, [dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size], [stride], [padding], [dilation], [output_padding], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], null, [dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], new long[2], padding, [dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Axes(kernel_size), Axes(stride ?? (1, 1)), Axes(padding ?? (0, 0)), null, Axes(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation], [output_padding, output_padding], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size, kernel_size], [stride, stride, stride], [padding, padding, padding], null, [dilation, dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size, kernel_size], [stride, stride, stride], new long[3], padding, [dilation, dilation, dilation], padding_mode, groups, bias, device, dtype);

            public static Modules.Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Axes(kernel_size), Axes(stride ?? (1, 1, 1)), Axes(padding ?? (0, 0, 0)), null, Axes(dilation ?? (1, 1, 1)), padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size, kernel_size], [stride, stride, stride], [padding, padding, padding], [dilation, dilation, dilation], [output_padding, output_padding, output_padding], padding_mode, groups, bias, device, dtype);

            private static long[] Axes((long, long) sizes) => [sizes.Item1, sizes.Item2];

            private static long[] Axes((long, long, long) sizes) => [sizes.Item1, sizes.Item2, sizes.Item3];
        }
    }
}
