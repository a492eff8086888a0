using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>What it is given.</summary>
    public sealed class Identity : nn.Module<Tensor, Tensor>
    {
        internal Identity() : base(nameof(Identity))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }

    /// <summary>Axes made one.</summary>
    public sealed class Flatten : nn.Module<Tensor, Tensor>
    {
        private readonly long _start_dim;
        private readonly long _end_dim;

        internal Flatten(long start_dim, long end_dim) : base(nameof(Flatten))
        {
            _start_dim = start_dim;
            _end_dim = end_dim;
        }

        public override Tensor forward(Tensor tensor) => tensor.flatten(_start_dim, _end_dim);
    }

    /// <summary>Channels to space.</summary>
    public sealed class PixelShuffle : nn.Module<Tensor, Tensor>
    {
        private readonly long _upscale_factor;

        internal PixelShuffle(long upscale_factor) : base(nameof(PixelShuffle))
        {
            _upscale_factor = upscale_factor;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.pixel_shuffle(tensor, _upscale_factor);
    }

    /// <summary>Space to channels.</summary>
    public sealed class PixelUnshuffle : nn.Module<Tensor, Tensor>
    {
        private readonly long _downscale_factor;

        internal PixelUnshuffle(long downscale_factor) : base(nameof(PixelUnshuffle))
        {
            _downscale_factor = downscale_factor;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.pixel_unshuffle(tensor, _downscale_factor);
    }

    /// <summary>Channels of groups interleaved.</summary>
    public sealed class ChannelShuffle : nn.Module<Tensor, Tensor>
    {
        private readonly long _groups;

        internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle))
        {
            _groups = groups;
        }

        public override Tensor forward(Tensor tensor) => tensor.channel_shuffle(_groups);
    }

    /// <summary>Divides by the energy of neighbouring channels.</summary>
    public sealed class LocalResponseNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long _size;
        private readonly double _alpha;
        private readonly double _beta;
        private readonly double _k;

        internal LocalResponseNorm(long size, double alpha, double beta, double k) : base(nameof(LocalResponseNorm))
        {
            _size = size;
            _alpha = alpha;
            _beta = beta;
            _k = k;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.local_response_norm(tensor, _size, _alpha, _beta, _k);
    }

    /// <summary>Drops elements in training.</summary>
    public sealed class Dropout : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace) : base(nameof(Dropout))
        {
            _p = p;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, _p, training, _inplace);
    }

    /// <summary>Drops channels in training.</summary>
    public sealed class Dropout1d : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d))
        {
            _p = p;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout1d(tensor, _p, training, _inplace);
    }

    /// <summary>Drops channels in training.</summary>
    public sealed class Dropout2d : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d))
        {
            _p = p;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout2d(tensor, _p, training, _inplace);
    }

    /// <summary>Drops channels in training.</summary>
    public sealed class Dropout3d : nn.Module<Tensor, Tensor>
    {
        private readonly double _p;
        private readonly bool _inplace;

        internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d))
        {
            _p = p;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout3d(tensor, _p, training, _inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Identity Identity() => new();

            public static Modules.Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

            public static Modules.PixelShuffle PixelShuffle(long upscale_factor) => new(upscale_factor);

            public static Modules.PixelUnshuffle PixelUnshuffle(long downscale_factor) => new(downscale_factor);

            public static Modules.ChannelShuffle ChannelShuffle(long groups) => new(groups);

            public static Modules.LocalResponseNorm LocalResponseNorm(long size, double alpha = 0.0001, double beta = 0.75, double k = 1) => new(size, alpha, beta, k);

            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Modules.Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Modules.Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Modules.Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
