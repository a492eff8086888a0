using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Ops.relu.One(this);
        public Tensor relu_() => Ops.relu_.Self(this);
        public Tensor relu6() => Ops.relu6.One(this);
        public Tensor relu6_() => Ops.relu6_.Self(this);
        public Tensor gelu() => Ops.gelu.One(this);
        public Tensor silu() => Ops.silu.One(this);
        public Tensor silu_() => Ops.silu_.Self(this);
        public Tensor hardsigmoid() => Ops.hardsigmoid.One(this);
        public Tensor hardsigmoid_() => Ops.hardsigmoid_.Self(this);
        public Tensor hardswish() => Ops.hardswish.One(this);
        public Tensor hardswish_() => Ops.hardswish_.Self(this);
        public Tensor selu() => Ops.selu.One(this);
        public Tensor selu_() => Ops.selu_.Self(this);
        public Tensor celu() => Ops.celu.One(this);
        public Tensor celu_() => Ops.celu_.Self(this);
        public Tensor log_sigmoid() => Ops.log_sigmoid.One(this);
        public Tensor leaky_relu(Scalar negative_slope) => Ops.leaky_relu.One(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Ops.leaky_relu_.Self(this, negative_slope);
        public Tensor hardtanh(Scalar min, Scalar max) => Ops.hardtanh.One(this, min, max);
        public Tensor hardtanh_(Scalar min, Scalar max) => Ops.hardtanh_.Self(this, min, max);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Ops.elu.One(this, alpha, scale, input_scale);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Ops.elu_.Self(this, alpha, scale, input_scale);
        public Tensor prelu(Tensor target) => Ops.prelu.One(this, target);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Ops.softmax_int.One(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Ops.log_softmax_int.One(this, dim, dtype);
    }
}
