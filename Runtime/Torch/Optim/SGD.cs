using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Gradient descent, with momentum.</summary>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        private readonly Options _defaults;

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this(new Options { momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }, lr)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            foreach (var group in parameters) add_param_group(group);
        }

        private SGD(Options defaults, double lr) : base(defaults, lr) => _defaults = defaults;

        public double Momentum
        {
            get => _defaults.momentum!.Value;
            set
            {
                _defaults.momentum = value;
                foreach (var group in _groups) ((ParamGroup)group).Momentum = value;
            }
        }

        private protected override int SlotCount => 1;

        private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient, Slots state)
        {
            var own = (Options)group.Options;
            var decay = own.weight_decay ?? _defaults.weight_decay!.Value;
            var momentum = own.momentum ?? _defaults.momentum!.Value;
            if (own.maximize ?? _defaults.maximize!.Value) gradient = gradient.neg();
            if (decay != 0) gradient = gradient.add(parameter, decay);
            if (momentum != 0)
            {
                var first = state.Step++ == 0;
                var velocity = state.Zeros(0, parameter);
                if (first) velocity.copy_(gradient);
                else velocity.mul_(momentum).add_(gradient, 1 - (own.dampening ?? _defaults.dampening!.Value));
                gradient = own.nesterov ?? _defaults.nesterov!.Value ? gradient.add(velocity, momentum) : velocity;
            }
            parameter.add_(gradient, -group.LearningRate);
        }

        /// <summary>Settings; null: the optimizer's.</summary>
        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;
        }

        /// <summary>Parameters with settings of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup() => base.Options = new Options();

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
            {
            }

            public double Momentum
            {
                get => Options.momentum ?? 0;
                set => Options.momentum = value;
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
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
