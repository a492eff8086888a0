using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter 2017, arXiv:1711.05101).</summary>
    public class AdamW : OptimizerHelper, optim.IBetas
    {
        private readonly Options _defaults;

        public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this(new Options { beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }, lr)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            foreach (var group in parameters) add_param_group(group);
        }

        private AdamW(Options defaults, double lr) : base(defaults, lr) => _defaults = defaults;

        /// <summary>Decay rates of the mean and of the mean square.</summary>
        public (double, double) Betas
        {
            get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
            set
            {
                (_defaults.beta1, _defaults.beta2) = value;
                foreach (var group in _groups) ((ParamGroup)group).Betas = value;
            }
        }

        private protected override int SlotCount => 3;

        private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient, Slots state)
        {
            var own = (Options)group.Options;
            var (beta1, beta2) = (own.beta1 ?? _defaults.beta1!.Value, own.beta2 ?? _defaults.beta2!.Value);
            var decay = own.weight_decay ?? _defaults.weight_decay!.Value;
            var rate = group.LearningRate;
            if (own.maximize ?? _defaults.maximize!.Value) gradient = gradient.neg();
            if (decay != 0) parameter.mul_(1 - rate * decay);
            var mean = state.Zeros(0, parameter);
            var square = state.Zeros(1, parameter);
            state.Step++;
            mean.mul_(beta1).add_(gradient, 1 - beta1);
            square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            var seen = square;
            if (own.amsgrad ?? _defaults.amsgrad!.Value)
            {
                seen = state.Zeros(2, parameter);
                seen.copy_(seen.maximum(square));
            }
            var scale = Math.Sqrt(1 - Math.Pow(beta2, state.Step));
            var divisor = seen.sqrt().div_(scale).add_(own.eps ?? _defaults.eps!.Value);
            parameter.addcdiv_(mean, divisor, -rate / (1 - Math.Pow(beta1, state.Step)));
        }

        /// <summary>Settings; null: the optimizer's.</summary>
        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;
        }

        /// <summary>Parameters with settings of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, optim.IBetas
        {
            public ParamGroup() => base.Options = new Options();

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1 ?? 0.9, Options.beta2 ?? 0.999);
                set => (Options.beta1, Options.beta2) = value;
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
