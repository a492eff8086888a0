using Notochord.Training.Data;

namespace Notochord.Training;

/// <summary>How to train. The defaults suit a small backbone on small images.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training images; at least 1.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Images a step; at least 1.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The learning rate at the top of the schedule; above 0.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The learning rate of the last step, as a share of <see cref="LearningRate"/>; 0 to 1.</summary>
    public double FinalShare { get; init; } = 0.01;

    /// <summary>The share of all steps over which the learning rate rises to its top; 0 to below 1.</summary>
    public double WarmUpShare { get; init; } = 0.1;

    /// <summary>AdamW's decoupled weight decay, for matrices and kernels; biases, norms and scales (one dimension or none) have none.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>The share of a label's weight that is spread over all classes; 0 to below 1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>The largest norm of all gradients together, larger ones are scaled down; null for no limit.</summary>
    public double? MaxGradientNorm { get; init; } = 1.0;

    /// <summary>What is changed in images while training.</summary>
    public Augmentation Augmentation { get; init; } = new(MaxShift: 2, Flip: true);

    /// <summary>Decides the order of images, augmentations and dropout: the same seed, machine and thread count give the same weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        (bool Holds, string Name, object? Value, string Range)[] rules =
        [
            (Epochs >= 1, nameof(Epochs), Epochs, "at least 1"),
            (BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1"),
            (LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0"),
            (FinalShare is >= 0 and <= 1, nameof(FinalShare), FinalShare, "0 to 1"),
            (WarmUpShare is >= 0 and < 1, nameof(WarmUpShare), WarmUpShare, "0 to below 1"),
            (WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more"),
            (LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 to below 1"),
            (MaxGradientNorm is null or > 0, nameof(MaxGradientNorm), MaxGradientNorm, "above 0"),
            (Augmentation.MaxShift >= 0, nameof(Augmentation.MaxShift), Augmentation.MaxShift, "0 or more"),
        ];
        foreach (var (holds, name, value, range) in rules)
        {
            if (!holds) throw new ArgumentException($"{name} must be {range}, and is {value}");
        }
    }
}
