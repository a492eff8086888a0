namespace Notochord.Training;

/// <summary>A linear warm-up to the top, then half a cosine down.</summary>
/// <remarks>Source: Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv:1608.03983, without restarts.</remarks>
/// <param name="Top">The highest rate.</param>
/// <param name="Steps">All steps; at least 1.</param>
/// <param name="WarmUpSteps">Steps of the rise; fewer than <paramref name="Steps"/>.</param>
/// <param name="FinalShare">The last step's rate as a share of <paramref name="Top"/>.</param>
public sealed record LearningRateSchedule(double Top, int Steps, int WarmUpSteps, double FinalShare)
{
    /// <summary>The rate of one step, from 0. The first step of a warm-up already learns.</summary>
    public double At(int step)
    {
        if (step < WarmUpSteps) return Top * (step + 1) / (WarmUpSteps + 1);
        var way = Steps - 1 - WarmUpSteps;
        var progress = way <= 0 ? 0 : Math.Min(1.0, (double)(step - WarmUpSteps) / way);
        return Top * (FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
