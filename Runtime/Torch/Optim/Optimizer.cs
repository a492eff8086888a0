using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        /// <summary>Optimizers and schedules of the learning rate.</summary>
        public static partial class optim
        {
            /// <summary>Something whose learning rate a schedule sets.</summary>
            public interface ILearningRateController
            {
                double LearningRate { get; set; }

                double InitialLearningRate { get; set; }
            }

            /// <summary>Something with a momentum.</summary>
            public interface IMomentum
            {
                double Momentum { get; set; }
            }

            /// <summary>Something with two decay rates.</summary>
            public interface IBetas
            {
                (double, double) Betas { get; set; }
            }

            /// <summary>Changes parameters by their gradients.</summary>
            public abstract class Optimizer : IDisposable
            {
                private protected readonly List<ParamGroup> _groups = [];

                private protected Optimizer()
                {
                }

                public IEnumerable<ILearningRateController> ParamGroups => _groups;

                public virtual IEnumerable<Parameter> parameters() => _groups.SelectMany(g => g.Parameters);

                /// <summary>Forgets all gradients.</summary>
                public virtual void zero_grad()
                {
                    foreach (var parameter in parameters()) parameter.grad = null;
                }

                public virtual void add_param_group(ParamGroup param_group)
                {
                    ArgumentNullException.ThrowIfNull(param_group);
                    param_group.Parameters = [.. param_group.Parameters];
                    _groups.Add(param_group);
                }

                /// <summary>One step; the closure, if given, computes the loss and the gradients first.</summary>
                public abstract Tensor? step(Func<Tensor>? closure = null);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                }
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Settings that one group of parameters may have of its own; null: the optimizer's.</summary>
    public class OptimizerOptions
    {
        public double? LearningRate { get; set; }

        public double InitialLearningRate { get; set; }
    }

    /// <summary>Parameters that share settings.</summary>
    public class ParamGroup : torch.optim.ILearningRateController
    {
        public IEnumerable<Parameter> Parameters { get; set; } = [];

        public OptimizerOptions Options { get; set; } = new();

        public double LearningRate
        {
            get => Options.LearningRate ?? Options.InitialLearningRate;
            set => Options.LearningRate = value;
        }

        public double InitialLearningRate
        {
            get => Options.InitialLearningRate;
            set => Options.InitialLearningRate = value;
        }
    }

    /// <summary>Parameters that share settings of a kind.</summary>
    public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
        {
            Parameters = parameters;
            if (options is not null) base.Options = options;
        }

        public new TOptions Options
        {
            get => (TOptions)base.Options;
            set => base.Options = value;
        }
    }
}
