namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Schedules that others name.</summary>
            public static class impl
            {
                /// <summary>The one-cycle schedule.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly (double End, double FromRate, double ToRate, bool Down)[] _phases;
                    private readonly AnnealStrategy _strategy;
                    private readonly (double Low, double High)? _momentum;
                    private readonly int _total;

                    internal OneCycleLR(Optimizer optimizer, double max, int total, double start, AnnealStrategy strategy, bool cycle, double low, double high, double div, double finalDiv, bool threePhase, int last_epoch)
                        : base(optimizer, last_epoch)
                    {
                        if (total <= 0) throw new ArgumentException("Give total_steps, or both epochs and steps_per_epoch, above zero.");
                        if (start is < 0 or > 1) throw new ArgumentException($"pct_start lies between 0 and 1; it is {start}.");
                        _total = total;
                        _strategy = strategy;
                        _momentum = cycle ? (low, high) : null;
                        var first = max / div;
                        var last = first / finalDiv;
                        _phases = threePhase
                            ? [(start * total - 1, first, max, false), (2 * start * total - 2, max, first, true), (total - 1, first, last, true)]
                            : [(start * total - 1, first, max, false), (total - 1, max, last, true)];
                        step();
                    }

                    /// <summary>The shape of the way between two rates.</summary>
                    public enum AnnealStrategy { Cos, Linear }

                    public override void step(int? epoch)
                    {
                        base.step(epoch);
                        if (_momentum is not { } m) return;
                        var (phase, done) = At(_last_epoch);
                        var third = phase == 2;
                        var momentum = third ? m.High : _phases[phase].Down ? Between(m.Low, m.High, done) : Between(m.High, m.Low, done);
                        foreach (var group in _optimizer.ParamGroups)
                        {
                            if (group is IMomentum withMomentum) withMomentum.Momentum = momentum;
                            else if (group is IBetas withBetas) withBetas.Betas = (momentum, withBetas.Betas.Item2);
                        }
                    }

                    private protected override double Rate(double initial, int epoch)
                    {
                        var (phase, done) = At(epoch);
                        return Between(_phases[phase].FromRate, _phases[phase].ToRate, done);
                    }

                    private (int Phase, double Done) At(int epoch)
                    {
                        if (epoch >= _total) throw new InvalidOperationException($"Step {epoch} of a cycle of {_total} steps.");
                        double begin = 0;
                        for (var i = 0; ; i++)
                        {
                            var end = _phases[i].End;
                            if (epoch <= end || i == _phases.Length - 1) return (i, (epoch - begin) / (end - begin));
                            begin = end;
                        }
                    }

                    private double Between(double from, double to, double done) => _strategy == AnnealStrategy.Cos
                        ? to + (from - to) / 2 * (1 + Math.Cos(Math.PI * done))
                        : from + (to - from) * done;
                }
            }
        }
    }
}
