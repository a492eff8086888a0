using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x W^T + b.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        private Parameter? _bias;
        private Parameter _weight;

        internal Linear(long inputs, long outputs, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            _weight = new Parameter(empty([outputs, inputs], dtype, device));
            register_parameter("weight", _weight);
            nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
            if (!hasBias) return;
            _bias = new Parameter(empty([outputs], dtype, device));
            register_parameter("bias", _bias);
            var bound = 1 / Math.Sqrt(inputs);
            nn.init.uniform_(_bias, -bound, bound);
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", _bias = value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, _weight, _bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
