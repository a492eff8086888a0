using Notochord.Training;
using TorchSharp;

namespace Notochord.Tests.Training;

public sealed class EvaluationTests
{
    [Fact]
    public void Counts_every_image_once_however_the_batches_fall()
    {
        using var model = new LinearModel(36, 3);
        var images = ToyProblem.Make(100);

        var (small, whole) = (Evaluation.Of(model, images, 7, torch.CPU), Evaluation.Of(model, images, 1_000, torch.CPU));

        // Equal scores: the first class is taken, the loss is that of guessing.
        Assert.Equal((100L, 34L), (small.Confusion.Total, small.Confusion[0, 0]));
        Assert.Equal(Math.Log(3), small.Loss, 5);
        Assert.Equal(whole.Loss, small.Loss, 5);
        Assert.Equal(0.34, whole.Accuracy, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_models_mode_is_put_back(bool isTraining)
    {
        using var model = new LinearModel(36, 3);
        model.train(isTraining);

        Evaluation.Of(model, ToyProblem.Make(10), 4, torch.CPU);

        Assert.Equal(isTraining, model.training);
    }

    [Fact]
    public void Cancellation_is_heard_between_batches()
    {
        using var model = new LinearModel(36, 3);
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(model, ToyProblem.Make(10), 4, torch.CPU, cancellation: source.Token));
    }
}
