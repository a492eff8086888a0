using System.CommandLine;
using System.Globalization;
using System.IO.Enumeration;
using Notochord.Dsl.Cost;
using Spectre.Console;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord list</c>: the models there are.</summary>
internal static class ListCommand
{
    public static Verb Verb { get; } = new("list", "The models of the zoo (and of --arch): parameters, multiply-adds, input, features.", Build);

    private static VerbAction Build(Command command)
    {
        var filter = new Option<string?>("--filter") { Description = "Only names that match: swin*, *_224." };
        var arch = Sources.Option();
        command.Add(filter);
        command.Add(arch);
        return (parsed, output, cancellation) =>
        {
            var project = Sources.Load(parsed.GetValue(arch) ?? [], withZoo: true);
            var pattern = parsed.GetValue(filter);
            var names = project.Architectures.OrderBy(a => a.Name, StringComparer.Ordinal)
                .SelectMany(a => a.Variants.Select(v => (Architecture: a.Name, v.Name)).DefaultIfEmpty((Architecture: a.Name, a.Name)))
                .Where(n => pattern is null || FileSystemName.MatchesSimpleExpression(pattern, n.Name)).ToList();
            var table = Notochord.Cli.Console.Output.NewTable(("model", false), ("architecture", false), ("parameters", true), ("MACs", true), ("input", true), ("features", false));
            var rows = new List<object>();
            var done = 0L;
            using (var progress = output.StartProgress("costing", Math.Max(1, names.Count), "models"))
            {
                foreach (var (architecture, name) in names)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (project.Instantiate(name) is { } model)
                    {
                        var (input, problem) = model.FindInputSizes();
                        if (problem is not null) output.Warn(problem);
                        var macs = input is null ? null : (long?)CostModel.Measure(model).Macs;
                        var features = model.Features.Select(f => new { f.Path, f.Channels, f.Reduction, f.Strides }).ToList();
                        table.AddRow(Notochord.Cli.Console.Output.Cells(
                            name, architecture, model.ParameterCount.ToString("N0", CultureInfo.InvariantCulture), macs is null ? "" : (macs.Value / 1e9).ToString("0.000 G", CultureInfo.InvariantCulture),
                            input is null ? "" : string.Join("x", input.Skip(1)), string.Join(" ", features.Select(f => $"{f.Channels}/{f.Strides}").Distinct())));
                        rows.Add(new { model = name, architecture, parameters = model.ParameterCount, macs, input, features });
                    }

                    progress.Report(++done, name);
                }
            }

            var failed = Sources.Report(output, project.Diagnostics);
            output.Show(table);
            output.Json(new { models = rows });
            return Task.FromResult(failed ? ExitCodes.Failures : ExitCodes.Ok);
        };
    }
}
