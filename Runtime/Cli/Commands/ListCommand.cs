using System.CommandLine;
using System.Globalization;
using System.IO.Enumeration;
using Notochord.Dsl.Cost;
using Spectre.Console;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord list</c>: the models there are.</summary>
internal static class ListCommand
{
    public static Verb Verb { get; } = new("list", "The models of the zoo (and of --arch): parameters, multiply-adds, image size, features.", Build);

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
            var table = Notochord.Cli.Console.Output.NewTable(("model", false), ("architecture", false), ("parameters", true), ("MACs", true), ("image", true), ("features", false));
            var rows = new List<object>();
            var done = 0L;
            using (var progress = output.StartProgress("costing", Math.Max(1, names.Count), "models"))
            {
                foreach (var (architecture, name) in names)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (project.Instantiate(name) is { } model)
                    {
                        var (height, width) = model.ImageSize ?? (224, 224);
                        var cost = CostModel.Measure(model, 1, (height, width));
                        var features = model.Features.Select(f => new { f.Path, f.Channels, f.Reduction }).ToList();
                        table.AddRow(Notochord.Cli.Console.Output.Cells(
                            name, architecture, cost.Parameters.ToString("N0", CultureInfo.InvariantCulture), (cost.Macs / 1e9).ToString("0.000 G", CultureInfo.InvariantCulture),
                            $"{height}x{width}", string.Join(" ", features.Select(f => $"{f.Channels}/{f.Reduction}").Distinct())));
                        rows.Add(new { model = name, architecture, cost.Parameters, cost.Macs, height, width, features });
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
