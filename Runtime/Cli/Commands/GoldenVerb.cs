using System.CommandLine;
using Notochord.Cli.Models;
using Notochord.Dsl.Ir;
using Notochord.Parity;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord golden MODEL</c>: a recorded run of the declared model itself, which <c>parity</c> compares later models with.</summary>
internal static class GoldenVerb
{
    // What a repository keeps of one model.
    private const long LargeBytes = 250_000;

    public static Verb Verb { get; } = new("golden", "Records a run of a declared model, with weights that follow from their names: later changes are seen by 'parity'.", Build);

    private static VerbAction Build(Command command)
    {
        var model = ModelArguments.Name();
        var arch = Sources.Option();
        var batch = ModelArguments.Batch();
        var size = ModelArguments.Size();
        var folder = new Option<string>("--out") { Description = "The folder for NAME.json and NAME.safetensors.", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var name = new Option<string?>("--name") { Description = "The golden's name; default: the model's.", HelpName = "NAME" };
        command.Add(model);
        command.Add(arch);
        foreach (Option option in new Option[] { batch, size, folder, name }) command.Add(option);
        return (parsed, output, _) =>
        {
            ComputeThreads.Set();
            var given = InputSize.Parse(parsed.GetValue(size));
            var instance = ModelArguments.Instantiate(parsed.GetValue(model)!, parsed.GetValue(arch) ?? [], output, given);
            var (input, problem) = instance.FindInputSizes(parsed.GetValue(batch), given?.For(instance));
            if (input is null) throw new CommandException(ExitCodes.BadInput, problem!);
            var arguments = new Dictionary<string, Value>();
            if (given?.Image is not null && instance.Values.TryGetValue(ImageSize.Param, out var planned)) arguments[ImageSize.Param] = planned;
            var target = parsed.GetValue(folder)!;
            Directory.CreateDirectory(target);
            var files = GoldenWriter.Write(target, parsed.GetValue(name) ?? instance.Variant, instance, input, arguments);
            var bytes = files.Sum(f => new FileInfo(f).Length);
            output.Line($"{instance.Variant} on [{string.Join(", ", input)}]: {string.Join(", ", files)}, {bytes / 1000.0:0} kB");
            if (bytes > LargeBytes) output.Warn($"{bytes / 1000.0:0} kB is much for a repository: a smaller --size, or --batch 1, makes it less");
            output.Json(new { model = instance.Variant, input, files, bytes });
            return Task.FromResult(ExitCodes.Ok);
        };
    }
}
