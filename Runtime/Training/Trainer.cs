using System.Diagnostics;
using Notochord.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Notochord.Training;

/// <summary>Trains a classifier with AdamW under a warm-up and cosine schedule.</summary>
/// <remarks>
/// One step holds all its tensors in a dispose scope, so memory is flat over any number of steps. Everything random follows from
/// <see cref="TrainingOptions.Seed"/>.
/// </remarks>
public sealed class Trainer
{
    // Reading the loss waits for the device; a person sees no difference between every step and every few.
    private const int ReportEvery = 8;

    private readonly Module<Tensor, Tensor> _model;
    private readonly TrainingOptions _options;
    private readonly Device _device;

    /// <summary>Prepares to train; nothing is changed yet.</summary>
    /// <param name="model">float32 [N, C, H, W] to class scores [N, K]; already on <paramref name="device"/>.</param>
    /// <param name="options">How to train.</param>
    /// <param name="device">Where the model is; null for the CPU.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Trainer(Module<Tensor, Tensor> model, TrainingOptions options, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_model, _options, _device) = (model, options, device ?? torch.CPU);
    }

    /// <summary>Trains over all epochs, or until it is cancelled. The model is left in training mode.</summary>
    /// <param name="images">What to learn from.</param>
    /// <param name="progress">Is told every few steps and at each epoch's last, on the calling thread; null for silence.</param>
    /// <param name="epochDone">Is called after each epoch, with the weights as they are: the place to write a checkpoint or to evaluate.</param>
    /// <param name="cancellation">Stops after the current step; the result then says so and the weights are whole.</param>
    /// <exception cref="TrainingDivergedException">The loss is no number any more.</exception>
    /// <exception cref="InvalidOperationException">The model's output is not one score per class.</exception>
    public TrainingResult Fit(
        LabelledImages images, IProgress<TrainingStep>? progress = null, Action<EpochResult>? epochDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        torch.manual_seed((long)_options.Seed);
        var perEpoch = Batches.CountShuffled(images, _options.BatchSize);
        var steps = perEpoch * _options.Epochs;
        var schedule = new LearningRateSchedule(_options.LearningRate, steps, (int)(steps * _options.WarmUpShare), _options.FinalShare);
        using var optimizer = new DecayingAdamW(_model, _options.LearningRate, _options.WeightDecay);
        // The sum stays where the model is: reading each step's loss would make the device wait.
        using var lossSum = torch.zeros([1], device: _device);

        var results = new List<EpochResult>();
        var step = 0;
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            lossSum.zero_();
            double loss = 0;
            var inEpoch = 0;
            _model.train();
            foreach (var batch in Batches.Shuffled(images, _options.BatchSize, _options.Seed, epoch, _options.Augmentation, _device))
            {
                using (batch)
                {
                    if (cancellation.IsCancellationRequested) return new TrainingResult(results, step, Cancelled: true);
                    var rate = schedule.At(step);
                    Step(batch, images.Classes.Count, rate, optimizer, lossSum);
                    step++;
                    inEpoch++;
                    if (inEpoch % ReportEvery != 0 && inEpoch != perEpoch) continue;
                    loss = ReadMean(lossSum, inEpoch);
                    if (!double.IsFinite(loss)) throw new TrainingDivergedException(step, loss, rate);
                    var seen = (long)step * Math.Min(_options.BatchSize, images.Count);
                    progress?.Report(new TrainingStep(step, steps, epoch + 1, _options.Epochs, seen, loss, rate));
                }
            }
            results.Add(new EpochResult(epoch + 1, loss, clock.Elapsed));
            epochDone?.Invoke(results[^1]);
        }
        return new TrainingResult(results, step, Cancelled: false);
    }

    /// <summary>Says at once and in words what a loss function would say in the language of its implementation.</summary>
    internal static void CheckScores(Tensor scores, Batch batch, int classes)
    {
        var shape = scores.shape;
        if (shape.Length == 2 && shape[0] == batch.Count && shape[1] == classes) return;
        throw new InvalidOperationException(
            $"the model gives [{string.Join(", ", shape)}] for [{string.Join(", ", batch.Images.shape)}]; " +
            $"expected one score for each of {classes} classes: [{batch.Count}, {classes}]. Set the declaration's number of classes to {classes}");
    }

    private void Step(Batch batch, int classes, double rate, DecayingAdamW optimizer, Tensor lossSum)
    {
        using var scope = torch.NewDisposeScope();
        optimizer.ZeroGradients();
        var scores = _model.call(batch.Images);
        CheckScores(scores, batch, classes);
        var loss = functional.cross_entropy(scores, batch.Labels, label_smoothing: _options.LabelSmoothing);
        loss.backward();
        if (_options.MaxGradientNorm is { } limit) nn.utils.clip_grad_norm_(optimizer.Parameters, limit);
        optimizer.Step(rate);
        using (torch.no_grad()) lossSum.add_(loss.detach());
    }

    private static double ReadMean(Tensor sum, int count)
    {
        using var onCpu = sum.cpu();
        return onCpu.item<float>() / (double)count;
    }
}
