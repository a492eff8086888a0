using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalises over the last axes.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _shape;
        private readonly double _eps;
        private Parameter? _weight;
        private Parameter? _bias;

        internal LayerNorm(long[] shape, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            _shape = shape;
            _eps = eps;
            if (!affine) return;
            register_parameter("weight", _weight = new Parameter(ones(shape, dtype, device)));
            register_parameter("bias", _bias = new Parameter(zeros(shape, dtype, device)));
        }

        public Parameter? weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", _bias = value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _shape, _weight, _bias, _eps);
    }

    /// <summary>Normalises groups of channels.</summary>
    public sealed class GroupNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long _groups;
        private readonly double _eps;
        private Parameter? _weight;
        private Parameter? _bias;

        internal GroupNorm(long groups, long channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
        {
            _groups = groups;
            _eps = eps;
            if (!affine) return;
            register_parameter("weight", _weight = new Parameter(ones([channels], dtype, device)));
            register_parameter("bias", _bias = new Parameter(zeros([channels], dtype, device)));
        }

        public Parameter? weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", _bias = value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.group_norm(tensor, _groups, _weight, _bias, _eps);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(long normalized_shape, double eps = 1e-5, bool elementwise_affine = true) =>
                new([normalized_shape], eps, elementwise_affine, null, null);

            public static Modules.LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-5, bool elementwise_affine = true) =>
                new(normalized_shape, eps, elementwise_affine, null, null);

            public static Modules.GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-5, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
