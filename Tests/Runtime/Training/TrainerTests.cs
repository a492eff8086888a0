using Notochord.Training;
using Notochord.Training.Data;
using TorchSharp;

namespace Notochord.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 3, BatchSize = 16, LearningRate = 0.02, Augmentation = Augmentation.None, Seed = 5 };

    [Fact]
    public void Learns_what_can_be_learned()
    {
        using var model = new LinearModel(36, 3);
        var before = Evaluation.Of(model, ToyProblem.Make(300, seed: 2), 64, torch.CPU);

        new Trainer(model, Quick).Fit(ToyProblem.Make(600));

        var after = Evaluation.Of(model, ToyProblem.Make(300, seed: 2), 64, torch.CPU);
        Assert.InRange(before.Accuracy, 0.3, 0.35);
        Assert.InRange(after.Accuracy, 0.98, 1.0);
        Assert.True(after.Loss < before.Loss / 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_gives_others()
    {
        var options = Quick with { Augmentation = new Augmentation(1, Flip: true) };

        Assert.Equal(Train(options), Train(options));
        Assert.NotEqual(Train(options), Train(options with { Seed = 6 }));
    }

    [Fact]
    public void Decay_shrinks_weights_and_spares_biases()
    {
        using var model = new LinearModel(36, 3, start: 1) { Slope = 0 };

        new Trainer(model, Quick with { WeightDecay = 0.5 }).Fit(ToyProblem.Make(160));

        Assert.All(model.Weight.data<float>().ToArray(), weight => Assert.InRange(weight, 0.5f, 0.95f));
        Assert.All(model.Bias.data<float>().ToArray(), bias => Assert.Equal(1f, bias));
    }

    [Fact]
    public void A_limit_holds_gradients_down()
    {
        // Far below Adam's epsilon, where its steps are no longer independent of the gradients' size.
        Assert.All(Train(Quick with { WeightDecay = 0, MaxGradientNorm = 1e-12 }), weight => Assert.InRange(weight, -1e-4f, 1e-4f));
        Assert.Contains(Train(Quick with { WeightDecay = 0, MaxGradientNorm = null }), weight => Math.Abs(weight) > 0.01f);
    }

    [Fact]
    public void Tells_each_epoch_and_reaches_the_last_step()
    {
        using var model = new LinearModel(36, 3);
        var steps = new List<TrainingStep>();
        var epochs = new List<EpochResult>();

        var result = new Trainer(model, Quick).Fit(ToyProblem.Make(330), new Recorder(steps.Add), epochs.Add);

        Assert.Equal((60, false), (result.Steps, result.Cancelled));
        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(epochs, result.Epochs);
        Assert.Equal((60, 60, 3, 960L), (steps[^1].Step, steps[^1].Steps, steps[^1].Epoch, steps[^1].Images));
        Assert.Equal(steps.OrderBy(step => step.Step), steps);
        Assert.True(epochs[2].Loss < epochs[0].Loss);
        // Warm-up, then down to a hundredth.
        Assert.True(steps[0].LearningRate <= Quick.LearningRate && steps[^1].LearningRate < 0.0003);
    }

    [Fact]
    public void Cancellation_ends_at_a_whole_step()
    {
        using var model = new LinearModel(36, 3);
        using var source = new CancellationTokenSource();

        var result = new Trainer(model, Quick).Fit(
            ToyProblem.Make(330), new Recorder(step => { if (step.Epoch == 2) source.Cancel(); }), cancellation: source.Token);

        Assert.True(result.Cancelled);
        Assert.InRange(result.Steps, 21, 30);
        Assert.Single(result.Epochs);
        Assert.All(model.Weight.data<float>().ToArray(), weight => Assert.True(float.IsFinite(weight) && weight != 0));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_it_with_advice()
    {
        using var model = new LinearModel(36, 3, start: float.NaN);

        var diverged = Assert.Throws<TrainingDivergedException>(() => new Trainer(model, Quick).Fit(ToyProblem.Make(160)));

        Assert.Contains("lower learning rate", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_classes_is_told_with_both_shapes()
    {
        using var model = new LinearModel(36, 1000);

        var wrong = Assert.Throws<InvalidOperationException>(() => new Trainer(model, Quick).Fit(ToyProblem.Make(160)));

        Assert.Contains("[16, 1000] for [16, 1, 6, 6]", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("[16, 3]", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_behind_does_not_depend_on_the_number_of_steps()
    {
        Assert.Equal(LeftBehind(epochs: 1), LeftBehind(epochs: 5));

        static int LeftBehind(int epochs)
        {
            using var model = new LinearModel(36, 3);
            var images = ToyProblem.Make(160);
            using var scope = torch.NewDisposeScope();
            new Trainer(model, Quick with { Epochs = epochs }).Fit(images);
            Evaluation.Of(model, images, epochs, torch.CPU);
            return scope.DisposablesCount;
        }
    }

    [Theory]
    [InlineData(nameof(TrainingOptions.Epochs))]
    [InlineData(nameof(TrainingOptions.BatchSize))]
    [InlineData(nameof(TrainingOptions.LearningRate))]
    [InlineData(nameof(TrainingOptions.WarmUpShare))]
    [InlineData(nameof(TrainingOptions.LabelSmoothing))]
    [InlineData(nameof(TrainingOptions.MaxGradientNorm))]
    public void Senseless_options_are_refused_by_name(string name)
    {
        TrainingOptions wrong = name switch
        {
            nameof(TrainingOptions.Epochs) => new() { Epochs = 0 },
            nameof(TrainingOptions.BatchSize) => new() { BatchSize = -1 },
            nameof(TrainingOptions.LearningRate) => new() { LearningRate = double.NaN },
            nameof(TrainingOptions.WarmUpShare) => new() { WarmUpShare = 1 },
            nameof(TrainingOptions.LabelSmoothing) => new() { LabelSmoothing = 1 },
            _ => new() { MaxGradientNorm = 0 },
        };
        using var model = new LinearModel(36, 3);

        Assert.StartsWith(name, Assert.Throws<ArgumentException>(() => new Trainer(model, wrong)).Message, StringComparison.Ordinal);
    }

    private static float[] Train(TrainingOptions options)
    {
        using var model = new LinearModel(36, 3);
        new Trainer(model, options).Fit(ToyProblem.Make(160));
        return model.Weight.data<float>().ToArray();
    }

    private sealed class Recorder(Action<TrainingStep> record) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => record(value);
    }
}
