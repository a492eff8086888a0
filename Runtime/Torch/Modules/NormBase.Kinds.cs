using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Batch normalisation of [B, C, L].</summary>
    public sealed class BatchNorm1d : NormBase
    {
        internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm1d), features, eps, momentum, affine, track, 3, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => BatchForward(input);
    }

    /// <summary>Instance normalisation of [B, C, L].</summary>
    public sealed class InstanceNorm1d : NormBase
    {
        internal InstanceNorm1d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm1d), features, eps, momentum, affine, track, 3, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => InstanceForward(input);
    }

    /// <summary>Batch normalisation of [B, C, H, W].</summary>
    public sealed class BatchNorm2d : NormBase
    {
        internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm2d), features, eps, momentum, affine, track, 4, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => BatchForward(input);
    }

    /// <summary>Instance normalisation of [B, C, H, W].</summary>
    public sealed class InstanceNorm2d : NormBase
    {
        internal InstanceNorm2d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm2d), features, eps, momentum, affine, track, 4, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => InstanceForward(input);
    }

    /// <summary>Batch normalisation of [B, C, D, H, W].</summary>
    public sealed class BatchNorm3d : NormBase
    {
        internal BatchNorm3d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm3d), features, eps, momentum, affine, track, 5, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => BatchForward(input);
    }

    /// <summary>Instance normalisation of [B, C, D, H, W].</summary>
    public sealed class InstanceNorm3d : NormBase
    {
        internal InstanceNorm3d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm3d), features, eps, momentum, affine, track, 5, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => InstanceForward(input);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm1d InstanceNorm1d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.BatchNorm3d BatchNorm3d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static Modules.InstanceNorm3d InstanceNorm3d(long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
