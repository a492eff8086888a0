using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord run MODEL</c>: one forward pass, what comes out, and how long it takes.</summary>
internal sealed class RunVerb
{
    // Before the first timed pass: kernels are chosen and memory is fetched.
    private const int WarmUp = 1;
    private const int FirstValues = 5;

    private readonly ModelChoice _model;
    private readonly Option<string> _weights = new("--weights") { Description = "Weights to load (safetensors or .pth); without, they are drawn from the seed.", HelpName = "FILE" };
    private readonly Option<long> _batch = ModelArguments.Batch();
    private readonly Option<string?> _size = ModelArguments.Size();
    private readonly Option<string> _device = DeviceNames.CreateOption();
    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides the input, and the weights that no file gives." };
    private readonly Option<int> _repeat = new("--repeat") { Description = "Timed passes; the median counts.", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _features = new("--features") { Description = "Show the feature levels too." };

    private RunVerb(IModelLibrary library, Command command)
    {
        _model = new ModelChoice(library);
        _repeat.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--repeat: at least 1 pass");
        });
        _batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 1) result.AddError("--batch: at least 1 image");
        });
        _model.AddTo(command);
        foreach (Option option in new Option[] { _weights, _batch, _size, _device, _seed, _repeat, _features }) command.Add(option);
    }

    public static Verb Create(IModelLibrary library) => new(
        "run", "Runs a model's forward on an image of noise: the output, the feature levels, the time.",
        command => new RunVerb(library, command).RunAsync);

    private Task<int> RunAsync(ParseResult parsed, Output output, CancellationToken cancellation)
    {
        var device = DeviceNames.Open(parsed.GetRequiredValue(_device));
        torch.manual_seed((long)parsed.GetValue(_seed));
        using var model = Open(parsed, output).To(device).Eval();
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var input = torch.randn(ShapeOf(parsed, model.Info), device: device);
        var (result, times) = Time(model, input, parsed.GetValue(_repeat), output, cancellation);
        var levels = parsed.GetValue(_features) ? model.ForwardFeatures(input) : [];

        var table = Output.NewTable(("tensor", false), ("shape", false), ("mean", true), ("deviation", true), ("first values", false));
        var rows = new List<TensorRow> { TensorRow.Of("input", input), TensorRow.Of("output", result) };
        rows.AddRange(levels.Select(level => TensorRow.Of(level.Name, level.Tensor)));
        foreach (var row in rows) table.AddRow(Output.Cells(row.Name, $"[{string.Join(", ", row.Shape)}]", Number(row.Mean), Number(row.Deviation), string.Join("  ", row.First.Select(Number))));
        output.Show(table);
        var median = times[times.Count / 2];
        output.Line($"{model.Info.Variant}: {model.ParameterCount():N0} parameters, {median.TotalMilliseconds:0.0} ms a pass (median of {times.Count}, {torch.get_num_threads()} threads, {device})");
        output.Json(new { Model = model.Info.Variant, Tensors = rows, Milliseconds = median.TotalMilliseconds, Passes = times.Count, Threads = torch.get_num_threads(), Device = device.ToString() });
        return Task.FromResult(ExitCodes.Ok);
    }

    private Backbone Open(ParseResult parsed, Output output)
    {
        var model = _model.Create(parsed, new ModelRequest(), output);
        // Weights that belong to positions have the declared size; another size makes another model.
        if (InputSize.Parse(parsed.GetValue(_size))?.Image is { } size && model.Info.ImageSize is { } declared && declared != size)
        {
            model.Dispose();
            model = _model.Create(parsed, new ModelRequest(Size: size), output);
        }
        if (parsed.GetValue(_weights) is { } weights) model.Load(weights);
        return model;
    }

    private long[] ShapeOf(ParseResult parsed, BackboneInfo info)
    {
        try
        {
            return info.InputShape(parsed.GetValue(_batch), InputSize.Parse(parsed.GetValue(_size))?.For(info));
        }
        catch (ArgumentException unfit)
        {
            throw new CommandException(ExitCodes.BadInput, unfit.Message, unfit);
        }
    }

    private static (Tensor Result, List<TimeSpan> Times) Time(Backbone model, Tensor input, int repeat, Output output, CancellationToken cancellation)
    {
        var result = model.Forward(input);
        var times = new List<TimeSpan>();
        using var bar = output.StartProgress("running", repeat + WarmUp, "passes");
        for (var i = 0; i < repeat + WarmUp; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            using var again = model.Forward(input);
            if (again.device_type == DeviceType.CUDA) torch.cuda.synchronize();
            if (i >= WarmUp) times.Add(Stopwatch.GetElapsedTime(start));
            bar.Report(i + 1);
        }
        times.Sort();
        return (result, times);
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed record TensorRow(string Name, long[] Shape, double Mean, double Deviation, double[] First)
    {
        public static TensorRow Of(string name, Tensor tensor)
        {
            using var flat = tensor.to(ScalarType.Float32).cpu().reshape(-1);
            var values = flat.data<float>().ToArray();
            var mean = values.Average(value => (double)value);
            var variance = values.Average(value => (value - mean) * (value - mean));
            return new TensorRow(name, tensor.shape, mean, Math.Sqrt(variance), [.. values.Take(FirstValues).Select(value => (double)value)]);
        }
    }
}
