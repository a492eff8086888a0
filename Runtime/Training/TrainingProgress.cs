namespace Notochord.Training;

/// <summary>Where a run stands after a step.</summary>
/// <param name="Step">Steps done in the whole run.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Images">Images seen in the whole run.</param>
/// <param name="Loss">The mean loss of the epoch up to this step.</param>
/// <param name="LearningRate">The rate of this step.</param>
public sealed record TrainingStep(int Step, int Steps, int Epoch, int Epochs, long Images, double Loss, double LearningRate);

/// <summary>What one epoch brought.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">The mean training loss, smoothing included.</param>
/// <param name="Elapsed">The epoch's time.</param>
public sealed record EpochResult(int Epoch, double Loss, TimeSpan Elapsed);

/// <summary>How a run ended.</summary>
/// <param name="Epochs">The whole epochs, in order.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Cancelled">Whether it was stopped before its end; the weights are those of the last step.</param>
public sealed record TrainingResult(IReadOnlyList<EpochResult> Epochs, int Steps, bool Cancelled);

/// <summary>The loss is no number any more: the weights are lost.</summary>
public sealed class TrainingDivergedException(int step, double loss, double learningRate)
    : InvalidOperationException(
        $"step {step}: the loss is {loss} at learning rate {learningRate:g3}; train with a lower learning rate, a longer warm-up or gradient clipping");
