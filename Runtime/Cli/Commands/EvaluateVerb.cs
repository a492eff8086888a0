using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Notochord.Training.Data;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord evaluate MODEL --weights FILE</c>: judges saved weights on the test images.</summary>
internal sealed class EvaluateVerb
{
    private readonly ModelChoice _model;
    private readonly Option<string> _weights;
    private readonly DataOptions _data = new();

    private EvaluateVerb(IModelLibrary library, Command command)
    {
        _model = new ModelChoice(library);
        _weights = new Option<string>("--weights") { Description = "The weights to judge (safetensors).", HelpName = "FILE", Required = true };
        _model.AddTo(command);
        command.Add(_weights);
        _data.AddTo(command);
    }

    public static Verb Create(IModelLibrary library) => new(
        "evaluate", "Judge saved weights on the test images of a data set.",
        command => new EvaluateVerb(library, command).RunAsync);

    private Task<int> RunAsync(ParseResult parsed, Output output, CancellationToken cancellation)
    {
        var (name, device, weights) = (_model.NameOf(parsed), _data.DeviceOf(parsed), parsed.GetRequiredValue(_weights));
        var test = _data.Load(parsed, Split.Test);
        using var model = _model.Create(parsed, new ModelRequest(test.Classes.Count, test.Channels), output).To(device);
        model.Load(weights);
        var evaluation = Judging.Judge(model, test, device, output, cancellation);
        _data.WriteConfusion(parsed, evaluation, name, output);
        output.Json(new { Model = name, Weights = weights, Test = Judging.ToJson(evaluation) });
        return Task.FromResult(ExitCodes.Ok);
    }
}
