using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Means of as many bins as asked for.</summary>
    public sealed class AdaptiveAvgPool1d : nn.Module<Tensor, Tensor>
    {
        private readonly long _output_size;

        internal AdaptiveAvgPool1d(long output_size) : base(nameof(AdaptiveAvgPool1d))
        {
            _output_size = output_size;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool1d(tensor, _output_size);
    }

    /// <summary>Means of as many bins as asked for.</summary>
    public sealed class AdaptiveAvgPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _output_size;

        internal AdaptiveAvgPool2d(long[] output_size) : base(nameof(AdaptiveAvgPool2d))
        {
            _output_size = output_size;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.adaptive_avg_pool2d(tensor, _output_size);
    }

    /// <summary>Maxima of windows.</summary>
    public sealed class MaxPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _kernel_size;
        private readonly long[]? _stride;
        private readonly long[]? _padding;
        private readonly long[]? _dilation;
        private readonly bool _ceil_mode;

        internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode) : base(nameof(MaxPool2d))
        {
            _kernel_size = kernel_size;
            _stride = stride;
            _padding = padding;
            _dilation = dilation;
            _ceil_mode = ceil_mode;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.max_pool2d(tensor, _kernel_size, _stride, _padding, _dilation, _ceil_mode);
    }

    /// <summary>Means of windows.</summary>
    public sealed class AvgPool2d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _kernel_size;
        private readonly long[]? _stride;
        private readonly long[]? _padding;
        private readonly bool _ceil_mode;
        private readonly bool _count_include_pad;

        internal AvgPool2d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad) : base(nameof(AvgPool2d))
        {
            _kernel_size = kernel_size;
            _stride = stride;
            _padding = padding;
            _ceil_mode = ceil_mode;
            _count_include_pad = count_include_pad;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.avg_pool2d(tensor, _kernel_size, _stride, _padding, _ceil_mode, _count_include_pad);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AdaptiveAvgPool1d AdaptiveAvgPool1d(long output_size) => new(output_size);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) => new(output_size);

            public static Modules.MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) => new(kernel_size, stride, padding, dilation, ceil_mode);

            public static Modules.AvgPool2d AvgPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true) => new(kernel_size, stride, padding, ceil_mode, count_include_pad);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) => new([output_size, output_size]);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) => new(Axes(output_size));

            public static Modules.MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new(Both(kernel_size)!, Both(stride), Both(padding), Both(dilation), ceil_mode);

            public static Modules.AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                new(Both(kernel_size)!, Both(stride), Both(padding), ceil_mode, count_include_pad);

            private static long[]? Both(long? size) => size is { } s ? [s, s] : null;
        }
    }
}
