using System.CommandLine;
using Notochord.Architectures;
using Notochord.Cli.Console;
using Notochord.Dsl.Text;
using Notochord.Parity;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord parity DIR</c>: models beside recorded runs of their references.</summary>
internal static class ParityCommand
{
    private const string Generated = "generated";
    private const string Executor = "executor";

    public static Verb Verb { get; } = new("parity", "Compares models with goldens: names and shapes, outputs, gradients. Exit code 1 if any differs.", Build);

    private static VerbAction Build(Command command)
    {
        var folder = new Argument<string>("folder") { Description = "A folder of goldens: NAME.json with NAME.safetensors beside it." };
        var arch = Sources.Option();
        var only = new Option<string[]>("--only") { Description = "Goldens to run; all by default. May be given several times." };
        var engine = new Option<string?>("--engine") { Description = $"What runs the models: {Generated} code, or the {Executor}. Default: generated code where there is some, else the executor." };
        var json = new Option<string?>("--json")
        {
            Description = "Write the results as JSON to this file; to standard output, in place of the table, when no file is named.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var refuted = new Option<string?>("--refuted") { Description = "A JSON file of gradients that goldens are known to have wrong, with the reasons; they are not compared. Default: what is known of the goldens of this project." };
        engine.AcceptOnlyFromAmong(Generated, Executor);
        command.Add(folder);
        command.Add(arch);
        command.Add(only);
        command.Add(engine);
        command.Add(refuted);
        command.Add(json);
        return (parsed, output, cancellation) =>
        {
            var names = Names(parsed.GetValue(folder)!, parsed.GetValue(only) ?? []);
            var sources = ModelsOf(parsed.GetValue(engine), parsed.GetValue(arch) ?? [], output);
            var results = new List<ParityResult>();
            using (var progress = output.StartProgress("comparing", Math.Max(1, names.Count), "goldens"))
            {
                foreach (var result in ParityRun.Run(parsed.GetValue(folder)!, names, sources, parsed.GetValue(refuted) is { } file ? Refutation.Read(file) : Refutation.Known))
                {
                    results.Add(result);
                    cancellation.ThrowIfCancellationRequested();
                    progress.Report(results.Count, result.Golden);
                }
            }

            Write(output, results, parsed.GetResult(json) is not null, parsed.GetValue(json));
            return Task.FromResult(results.Exists(r => r.Status is ParityStatus.Failed or ParityStatus.Broken) ? ExitCodes.Failures : ExitCodes.Ok);
        };
    }

    private static List<string> Names(string folder, string[] only)
    {
        if (!Directory.Exists(folder)) throw new CommandException(ExitCodes.BadInput, $"there is no folder '{folder}'");
        var all = GoldenReader.Names(folder);
        var unknown = only.FirstOrDefault(name => !all.Contains(name));
        if (unknown is not null) throw new CommandException(ExitCodes.BadInput, $"{folder} has no golden '{unknown}'. {Suggest.Nearest(unknown, all)}".TrimEnd());
        return only.Length > 0 ? [.. only] : [.. all];
    }

    private static List<IParitySource> ModelsOf(string? engine, string[] arch, Output output)
    {
        var sources = new List<IParitySource>();
        if (engine is null or Generated) sources.Add(new GeneratedSource(Generated, Backbones.Names, (model, classes, channels, size) => Backbones.Create(model, classes, channels, size)));
        if (engine is null or Executor || arch.Length > 0)
        {
            // What generated code is asked of is not taken from the zoo's declarations, only from the files that are named.
            var project = Sources.Load(arch, withZoo: engine != Generated);
            if (Sources.Report(output, project.Diagnostics)) throw new CommandException(ExitCodes.Failures, "the declarations have errors");
            sources.Add(new ExecutorSource(project));
        }

        return sources;
    }

    private static void Write(Output output, List<ParityResult> results, bool asJson, string? path)
    {
        if (asJson && path is null)
        {
            output.Terminal.Out.WriteLine(ParityReport.Json(results));
            return;
        }

        output.Line(ParityReport.Markdown(results));
        if (path is null) return;
        // Whole or not at all.
        var part = path + ".part";
        File.WriteAllText(part, ParityReport.Json(results) + "\n");
        File.Move(part, path, overwrite: true);
    }
}
