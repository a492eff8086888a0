using System.CommandLine;
using System.Diagnostics;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Notochord.Training;
using Notochord.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord train MODEL</c>: trains a model from scratch and judges it on the test images.</summary>
internal sealed class TrainVerb
{
    private readonly ModelChoice _model;
    private readonly DataOptions _data;
    private readonly Option<int> _epochs;
    private readonly Option<int> _batchSize;
    private readonly Option<double> _learningRate;
    private readonly Option<double> _weightDecay;
    private readonly Option<ulong> _seed;
    private readonly Option<string> _save;

    private TrainVerb(IModelLibrary library, Command command)
    {
        var defaults = new TrainingOptions();
        _model = new ModelChoice(library);
        _data = new DataOptions();
        _epochs = With("--epochs", defaults.Epochs, "Passes over the training images.");
        _batchSize = With("--batch-size", defaults.BatchSize, "Images a step.");
        _learningRate = With("--lr", defaults.LearningRate, "The highest learning rate.");
        _weightDecay = With("--weight-decay", defaults.WeightDecay, "AdamW's weight decay, for matrices and kernels.");
        _seed = With("--seed", defaults.Seed, "Decides everything random: the same seed gives the same weights.");
        _save = new Option<string>("--save") { Description = "Where the weights go (safetensors), after each epoch and at the end.", HelpName = "FILE" };
        _model.AddTo(command);
        _data.AddTo(command);
        foreach (Option option in new Option[] { _epochs, _batchSize, _learningRate, _weightDecay, _seed, _save }) command.Add(option);
    }

    public static Verb Create(IModelLibrary library) => new(
        "train", "Train a model from scratch on a data set and judge it on the test images.",
        command => new TrainVerb(library, command).RunAsync);

    private Task<int> RunAsync(ParseResult parsed, Output output, CancellationToken cancellation)
    {
        var options = new TrainingOptions
        {
            Epochs = parsed.GetValue(_epochs),
            BatchSize = parsed.GetValue(_batchSize),
            LearningRate = parsed.GetValue(_learningRate),
            WeightDecay = parsed.GetValue(_weightDecay),
            Seed = parsed.GetValue(_seed),
        };
        CheckOptions(options);
        var save = parsed.GetValue(_save);
        var (name, device) = (_model.NameOf(parsed), _data.DeviceOf(parsed));
        // Both before the first step: a wrong path must not cost an hour of training.
        if (save is not null) Folders.EnsureFor(save);
        var (train, test) = (_data.Load(parsed, Split.Train), _data.Load(parsed, Split.Test));
        torch.manual_seed((long)options.Seed);
        using var model = _model.Create(parsed, new ModelRequest(train.Classes.Count, train.Channels), output).To(device);
        var parameters = model.ParameterCount();
        output.Line($"{name}: {parameters:N0} parameters, {train.Count:N0} training and {test.Count:N0} test images, {options.Epochs} epochs, seed {options.Seed}");

        var clock = Stopwatch.StartNew();
        var result = Fit(model, options, device, train, save, output, cancellation);
        if (save is not null) model.Save(save);
        if (result.Cancelled)
        {
            if (save is not null) output.Warn($"stopped after {result.Steps} steps; the weights so far are in {save}");
            throw new OperationCanceledException(cancellation);
        }
        var evaluation = Judging.Judge(model, test, device, output, cancellation);
        if (save is not null) output.Line($"weights    {save}");
        _data.WriteConfusion(parsed, evaluation, name, output);
        output.Json(new
        {
            Model = name,
            Parameters = parameters,
            options.Seed,
            result.Steps,
            Epochs = result.Epochs.Select(epoch => new { epoch.Epoch, epoch.Loss, Seconds = epoch.Elapsed.TotalSeconds }),
            Seconds = clock.Elapsed.TotalSeconds,
            Test = Judging.ToJson(evaluation),
            Weights = save,
        });
        return Task.FromResult(ExitCodes.Ok);
    }

    private TrainingResult Fit(
        Backbone model, TrainingOptions options, Device device, LabelledImages train, string? save, Output output, CancellationToken cancellation)
    {
        var total = (long)options.Epochs * Batches.CountShuffled(train, options.BatchSize) * Math.Min(options.BatchSize, train.Count);
        using var bar = output.StartProgress("training", total, "images");
        var progress = new DirectProgress<TrainingStep>(step => bar.Report(step.Images, $"epoch {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}"));
        try
        {
            return new Trainer(model, options, device).Fit(train, progress, EpochDone, cancellation);
        }
        catch (TrainingDivergedException diverged)
        {
            throw new CommandException(ExitCodes.Failures, diverged.Message, diverged);
        }

        void EpochDone(EpochResult epoch)
        {
            bar.Clear();
            output.Line($"epoch {epoch.Epoch,3}/{options.Epochs}  loss {epoch.Loss:0.0000}  {epoch.Elapsed.TotalSeconds,6:0.0} s");
            if (save is not null) model.Save(save);
        }
    }

    private static void CheckOptions(TrainingOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            throw new CommandException(ExitCodes.Usage, wrong.Message, wrong);
        }
    }

    private static Option<T> With<T>(string name, T standard, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };
}
