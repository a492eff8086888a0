using Notochord.Cli.Console;
using Notochord.Training;
using Notochord.Training.Data;
using Notochord.Training.Metrics;
using Spectre.Console;
using static TorchSharp.torch;

namespace Notochord.Cli.Commands;

/// <summary>Judges a model on test images and tells the result; what training and evaluating share.</summary>
internal static class Judging
{
    private const int BatchSize = 256;

    /// <summary>Runs all images and prints a table of the classes.</summary>
    public static Evaluation Judge(Backbone model, LabelledImages test, Device device, Output output, CancellationToken cancellation)
    {
        Evaluation evaluation;
        using (var bar = output.StartProgress("evaluating", test.Count, "images"))
            evaluation = Evaluation.Of(model, test, BatchSize, device, new DirectProgress<int>(done => bar.Report(done)), cancellation);
        Tell(evaluation, output);
        return evaluation;
    }

    /// <summary>What <c>--json</c> says of an evaluation.</summary>
    public static object ToJson(Evaluation evaluation) => new
    {
        evaluation.Accuracy,
        evaluation.Loss,
        Images = evaluation.Confusion.Total,
        Classes = evaluation.Confusion.Classes.Select((name, i) => new
        {
            Name = name,
            Precision = evaluation.Confusion.Precision(i),
            Recall = evaluation.Confusion.Recall(i),
            F1 = evaluation.Confusion.F1(i),
            Images = evaluation.Confusion.Support(i),
        }),
    };

    private static void Tell(Evaluation evaluation, Output output)
    {
        var confusion = evaluation.Confusion;
        var table = Output.NewTable(("class", false), ("precision", true), ("recall", true), ("F1", true), ("taken for instead", false));
        for (var i = 0; i < confusion.Classes.Count; i++)
            table.AddRow(Output.Cells(confusion.Classes[i], Percent(confusion.Precision(i)), Percent(confusion.Recall(i)), Percent(confusion.F1(i)), WorstMistake(confusion, i)));
        output.Show(table);
        output.Line($"test accuracy {Percent(evaluation.Accuracy)}  loss {evaluation.Loss:0.0000}  ({confusion.Total:N0} images)");
    }

    private static string WorstMistake(ConfusionMatrix confusion, int actual)
    {
        var worst = Enumerable.Range(0, confusion.Classes.Count).Where(other => other != actual).MaxBy(other => confusion[actual, other]);
        return worst == actual || confusion[actual, worst] == 0 ? "" : $"{confusion.Classes[worst]} ({confusion[actual, worst]})";
    }

    private static string Percent(double share) => double.IsNaN(share) ? "-" : $"{100 * share:0.00}%";
}
