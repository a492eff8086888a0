using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? x.relu6_() : x.relu6();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? x.selu_() : x.selu();

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? Ops.elu_.Self(x, alpha) : Ops.elu.One(x, alpha);

            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? Ops.celu_.Self(x, alpha) : Ops.celu.One(x, alpha);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? input.hardsigmoid_() : input.hardsigmoid();

            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? input.hardswish_() : input.hardswish();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? input.leaky_relu_(negative_slope) : input.leaky_relu(negative_slope);

            public static Tensor glu(Tensor input, long dim = -1) => Ops.glu.One(input, dim);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Ops.softplus.One(x, beta, threshold);

            public static Tensor tanh(Tensor x) => x.tanh();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor softmax2d(Tensor x) => x.softmax(-3);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = x.neg();
                return negative.softmax(dim);
            }
        }
    }
}
