using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Rectified linear unit.</summary>
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace) : base(nameof(ReLU))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);
    }

    /// <summary>Rectified linear unit cut at 6.</summary>
    public sealed class ReLU6 : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU6(bool inplace) : base(nameof(ReLU6))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.relu6(tensor, _inplace);
    }

    /// <summary>Gaussian error linear unit.</summary>
    public sealed class GELU : nn.Module<Tensor, Tensor>
    {
        internal GELU() : base(nameof(GELU))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.gelu();
    }

    /// <summary>x sigmoid(x).</summary>
    public sealed class SiLU : nn.Module<Tensor, Tensor>
    {
        internal SiLU() : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.silu();
    }

    /// <summary>Logistic function.</summary>
    public sealed class Sigmoid : nn.Module<Tensor, Tensor>
    {
        internal Sigmoid() : base(nameof(Sigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.sigmoid();
    }

    /// <summary>Hyperbolic tangent.</summary>
    public sealed class Tanh : nn.Module<Tensor, Tensor>
    {
        internal Tanh() : base(nameof(Tanh))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.tanh();
    }

    /// <summary>x tanh(softplus(x)).</summary>
    public sealed class Mish : nn.Module<Tensor, Tensor>
    {
        internal Mish() : base(nameof(Mish))
        {
        }

        public override Tensor forward(Tensor tensor) => Ops.mish.One(tensor);
    }

    /// <summary>x relu6(x + 3) / 6.</summary>
    public sealed class Hardswish : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal Hardswish(bool inplace) : base(nameof(Hardswish))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.hardswish(tensor, _inplace);
    }

    /// <summary>relu6(x + 3) / 6.</summary>
    public sealed class Hardsigmoid : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.hardsigmoid(tensor, _inplace);
    }

    /// <summary>Scaled exponential linear unit.</summary>
    public sealed class SELU : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal SELU(bool inplace) : base(nameof(SELU))
        {
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.selu(tensor, _inplace);
    }

    /// <summary>Exponential linear unit.</summary>
    public sealed class ELU : nn.Module<Tensor, Tensor>
    {
        private readonly double _alpha;
        private readonly bool _inplace;

        internal ELU(double alpha, bool inplace) : base(nameof(ELU))
        {
            _alpha = alpha;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.elu(tensor, _alpha, _inplace);
    }

    /// <summary>Continuously differentiable exponential linear unit.</summary>
    public sealed class CELU : nn.Module<Tensor, Tensor>
    {
        private readonly double _alpha;
        private readonly bool _inplace;

        internal CELU(double alpha, bool inplace) : base(nameof(CELU))
        {
            _alpha = alpha;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.celu(tensor, _alpha, _inplace);
    }

    /// <summary>Rectified linear unit with a slope below zero.</summary>
    public sealed class LeakyReLU : nn.Module<Tensor, Tensor>
    {
        private readonly double _negative_slope;
        private readonly bool _inplace;

        internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU))
        {
            _negative_slope = negative_slope;
            _inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, _negative_slope, _inplace);
    }

    /// <summary>log(1 + exp(beta x)) / beta.</summary>
    public sealed class Softplus : nn.Module<Tensor, Tensor>
    {
        private readonly double _beta;
        private readonly double _threshold;

        internal Softplus(double beta, double threshold) : base(nameof(Softplus))
        {
            _beta = beta;
            _threshold = threshold;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, _beta, _threshold);
    }

    /// <summary>One half gated by the sigmoid of the other.</summary>
    public sealed class GLU : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal GLU(long dim) : base(nameof(GLU))
        {
            _dim = dim;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.glu(tensor, _dim);
    }

    /// <summary>Softmax along an axis.</summary>
    public sealed class Softmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal Softmax(long dim) : base(nameof(Softmax))
        {
            _dim = dim;
        }

        public override Tensor forward(Tensor tensor) => tensor.softmax(_dim);
    }

    /// <summary>Log-softmax along an axis.</summary>
    public sealed class LogSoftmax : nn.Module<Tensor, Tensor>
    {
        private readonly long _dim;

        internal LogSoftmax(long dim) : base(nameof(LogSoftmax))
        {
            _dim = dim;
        }

        public override Tensor forward(Tensor tensor) => tensor.log_softmax(_dim);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace);

            public static Modules.ReLU6 ReLU6(bool inplace = false) => new(inplace);

            public static Modules.GELU GELU() => new();

            public static Modules.SiLU SiLU() => new();

            public static Modules.Sigmoid Sigmoid() => new();

            public static Modules.Tanh Tanh() => new();

            public static Modules.Mish Mish() => new();

            public static Modules.Hardswish Hardswish(bool inplace = false) => new(inplace);

            public static Modules.Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

            public static Modules.SELU SELU(bool inplace = false) => new(inplace);

            public static Modules.ELU ELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

            public static Modules.CELU CELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);

            public static Modules.LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static Modules.Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

            public static Modules.GLU GLU(long dim = -1) => new(dim);

            public static Modules.Softmax Softmax(long dim) => new(dim);

            public static Modules.LogSoftmax LogSoftmax(long dim) => new(dim);
        }
    }
}
