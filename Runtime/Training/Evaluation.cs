using Notochord.Training.Data;
using Notochord.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Notochord.Training;

/// <summary>What a model achieves on a data set.</summary>
/// <param name="Loss">The mean cross-entropy, in nats.</param>
/// <param name="Confusion">Counts of true and predicted classes; holds the accuracy.</param>
public sealed record Evaluation(double Loss, ConfusionMatrix Confusion)
{
    /// <summary>The share of images whose class was found, 0 to 1.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>Runs every image through the model once, without gradients; the model's train or eval mode is put back afterwards.</summary>
    /// <param name="model">float32 [N, C, H, W] to class scores [N, K], K as many as the classes.</param>
    /// <param name="images">What to judge by.</param>
    /// <param name="batchSize">Images at a time.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="progress">Is told the number of images done; null for silence.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidOperationException">The model's output is not one score per class.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Evaluation Of(
        Module<Tensor, Tensor> model, LabelledImages images, int batchSize, Device device,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var wasTraining = model.training;
        model.eval();
        try
        {
            using var noGradients = torch.no_grad();
            var confusion = new ConfusionMatrix(images.Classes);
            double loss = 0;
            var done = 0;
            foreach (var batch in Batches.InOrder(images, batchSize, device))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                using (batch)
                {
                    loss += Judge(model, images, batch, done, confusion);
                    done += batch.Count;
                }
                progress?.Report(done);
            }
            return new Evaluation(loss / images.Count, confusion);
        }
        finally
        {
            if (wasTraining) model.train();
        }
    }

    /// <summary>Adds a batch's predictions; gives its summed loss.</summary>
    private static double Judge(Module<Tensor, Tensor> model, LabelledImages images, Batch batch, int first, ConfusionMatrix confusion)
    {
        var scores = model.call(batch.Images);
        Trainer.CheckScores(scores, batch, images.Classes.Count);
        var predicted = scores.argmax(1).cpu().data<long>().ToArray();
        for (var i = 0; i < predicted.Length; i++) confusion.Add(images.LabelOf(first + i), (int)predicted[i]);
        return functional.cross_entropy(scores, batch.Labels).cpu().item<float>() * (double)batch.Count;
    }
}
