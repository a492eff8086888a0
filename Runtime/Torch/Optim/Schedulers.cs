namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Schedules of the learning rate.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates at each step, as a function of the initial rates and of the number of steps.</summary>
            public abstract class LRScheduler
            {
                private protected readonly Optimizer _optimizer;
                private protected int _last_epoch;
                private protected double[] _base_lrs;
                private double[] _last_lrs = [];

                public int _step_count;

                private protected LRScheduler(Optimizer optimizer, int last_epoch)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    if (last_epoch < 0) foreach (var group in optimizer.ParamGroups) group.InitialLearningRate = group.LearningRate;
                    _base_lrs = [.. optimizer.ParamGroups.Select(g => g.InitialLearningRate)];
                }

                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates for the current step, one per group.</summary>
                protected virtual IEnumerable<double> get_lr() => _base_lrs.Select(lr => Rate(lr, _last_epoch));

                /// <summary>The next step.</summary>
                public virtual void step() => step(null);

                /// <summary>The given step, or the next.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    var groups = _optimizer.ParamGroups.ToArray();
                    _last_lrs = [.. get_lr()];
                    for (var i = 0; i < groups.Length; i++) groups[i].LearningRate = _last_lrs[i];
                }

                private protected abstract double Rate(double initial, int epoch);

                private protected void Took(IEnumerable<double> rates) => _last_lrs = [.. rates];
            }

            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => lr * Math.Pow(gamma, t / step_size));

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => lr * Math.Pow(gamma, milestones.Count(m => m <= t)));

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => lr * Math.Pow(gamma, t));

            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => t < total_iters ? lr * factor : lr);

            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor, double end_factor, int total_iters = 5, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => lr * (start_factor + (end_factor - start_factor) * Math.Min(t, total_iters) / total_iters));

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => eta_min + (lr - eta_min) * (1 + Math.Cos(Math.PI * t / T_max)) / 2);

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1) =>
                new Schedule(optimizer, last_epoch, (lr, t) => lr * lr_lambda(t));

            /// <summary>One schedule after the other; each begins at its own step 0 at its milestone.</summary>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) =>
                new Sequence(optimizer, [.. schedulers], [.. milestones], last_epoch);

            /// <summary>Up to the largest rate and down to almost nothing; the momentum goes the other way (Smith 2017, arXiv:1708.07120).</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps > 0 ? total_steps : epochs * steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch);

            private sealed class Schedule : LRScheduler
            {
                private readonly Func<double, int, double> _rate;

                internal Schedule(Optimizer optimizer, int last_epoch, Func<double, int, double> rate) : base(optimizer, last_epoch)
                {
                    _rate = rate;
                    step();
                }

                private protected override double Rate(double initial, int epoch) => _rate(initial, epoch);
            }

            private sealed class Sequence : LRScheduler
            {
                private readonly LRScheduler[] _schedulers;
                private readonly int[] _milestones;

                internal Sequence(Optimizer optimizer, LRScheduler[] schedulers, int[] milestones, int last_epoch) : base(optimizer, Math.Max(last_epoch, 0))
                {
                    if (schedulers.Length != milestones.Length + 1)
                        throw new ArgumentException($"{schedulers.Length} schedulers need {schedulers.Length - 1} milestones; {milestones.Length} were given.");
                    _schedulers = schedulers;
                    _milestones = milestones;
                    _schedulers[0].step(0);
                    Took(_schedulers[0].get_last_lr());
                }

                public override void step() => step(null);

                public override void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    var current = _milestones.Count(m => m <= _last_epoch);
                    _schedulers[current].step(_last_epoch - (current == 0 ? 0 : _milestones[current - 1]));
                    Took(_schedulers[current].get_last_lr());
                }

                private protected override double Rate(double initial, int epoch) => initial;
            }
        }
    }
}
