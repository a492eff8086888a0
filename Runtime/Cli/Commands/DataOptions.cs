using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Notochord.Training;
using Notochord.Training.Data;
using Notochord.Training.Metrics;
using static TorchSharp.torch;

namespace Notochord.Cli.Commands;

/// <summary>The options of every verb that shows a data set to a model.</summary>
internal sealed class DataOptions
{
    private const string FashionMnistName = "fashion-mnist";

    /// <summary>The data sets, by the name that a person types.</summary>
    private static readonly Dictionary<string, Func<Split, string?, LabelledImages>> DataSets = new() { [FashionMnistName] = FashionMnist.Load };

    private readonly Option<string> _name = new("--data") { Description = "The data set.", DefaultValueFactory = _ => FashionMnistName };
    private readonly Option<string> _folder = new("--data-dir") { Description = "The folder with the data set's files, where they are not installed.", HelpName = "DIR" };
    private readonly Option<int?> _limit = new("--limit") { Description = "Use the first N images only, for a quick look.", HelpName = "N" };
    private readonly Option<string> _device = DeviceNames.CreateOption();
    private readonly Option<string> _confusion = new("--confusion") { Description = "Draw the confusion matrix of the test images as an SVG picture.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        _name.AcceptOnlyFromAmong([.. DataSets.Keys]);
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--limit: at least 1 image");
        });
        foreach (Option option in new Option[] { _name, _folder, _limit, _device, _confusion }) command.Add(option);
    }

    public Device DeviceOf(ParseResult parsed) => DeviceNames.Open(parsed.GetRequiredValue(_device));

    public LabelledImages Load(ParseResult parsed, Split split)
    {
        var images = DataSets[parsed.GetRequiredValue(_name)](split, parsed.GetValue(_folder));
        return parsed.GetValue(_limit) is { } limit ? images.Take(limit) : images;
    }

    /// <summary>Draws the picture where one was asked for.</summary>
    public void WriteConfusion(ParseResult parsed, Evaluation evaluation, string model, Output output)
    {
        if (parsed.GetValue(_confusion) is not { } path) return;
        Folders.EnsureFor(path);
        File.WriteAllText(path, ConfusionMatrixSvg.Draw(evaluation.Confusion, $"{model} on {parsed.GetRequiredValue(_name)}"));
        output.Line($"confusion  {path}");
    }
}
