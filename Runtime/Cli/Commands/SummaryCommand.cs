using System.CommandLine;
using System.Globalization;
using Notochord.Dsl.Cost;
using Spectre.Console;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord summary MODEL</c>: the modules as a tree, with shapes and cost.</summary>
internal static class SummaryCommand
{
    public static Verb Verb { get; } = new("summary", "The modules of a model as a tree: output shape, parameters, multiply-adds, activation memory.", Build);

    private static VerbAction Build(Command command)
    {
        var name = ModelArguments.Name();
        var arch = Sources.Option();
        var batch = ModelArguments.Batch();
        var size = ModelArguments.Size();
        var depth = new Option<int>("--depth") { Description = "Levels of the tree to show.", DefaultValueFactory = _ => 3 };
        command.Add(name);
        command.Add(arch);
        command.Add(batch);
        command.Add(size);
        command.Add(depth);
        return (parsed, output, _) =>
        {
            var given = InputSize.Parse(parsed.GetValue(size));
            var model = ModelArguments.Instantiate(parsed.GetValue(name)!, parsed.GetValue(arch) ?? [], output, given);
            long[] input;
            ModuleCost cost;
            try
            {
                input = model.InputSizes(parsed.GetValue(batch), given?.For(model));
                cost = CostModel.Measure(model, parsed.GetValue(batch), given?.For(model));
            }
            catch (ArgumentException e)
            {
                throw new CommandException(ExitCodes.BadInput, $"{model.Variant} does not take this input: {e.Message}", e);
            }

            var table = Notochord.Cli.Console.Output.NewTable(("module", false), ("block", false), ("output", false), ("parameters", true), ("MACs", true), ("activations", true));
            table.AddRow(Notochord.Cli.Console.Output.Cells(model.Variant, cost.Type, Shape([input]) + " -> " + Shape(cost.Outputs), Count(cost.Parameters), Short(cost.Macs), Bytes(cost.Activations)));
            AddRows(table, cost, "", parsed.GetValue(depth));
            output.Show(table);
            output.Line($"parameters {Count(cost.Parameters)}   MACs {Count(cost.Macs)}   activations {Bytes(cost.Activations)} in float32 (every result that is no view)");
            foreach (var level in model.Features) output.Line($"feature {level.Index}: {level.Path}, {level.Channels} channels, 1/{level.Strides}{(level.ChannelsLast ? ", channels last" : "")}");
            output.Json(new { model = model.Variant, architecture = model.Architecture.Architecture.Name, input, cost, features = model.Features.Select(f => new { f.Index, f.Path, f.Channels, f.Reduction, f.Reductions }) });
            return Task.FromResult(ExitCodes.Ok);
        };
    }

    private static void AddRows(Table table, ModuleCost parent, string indent, int depth)
    {
        if (depth <= 0) return;
        for (var i = 0; i < parent.Children.Count; i++)
        {
            var child = parent.Children[i];
            var isLast = i == parent.Children.Count - 1;
            table.AddRow(Notochord.Cli.Console.Output.Cells(indent + (isLast ? "└ " : "├ ") + child.Name, child.Type, Shape(child.Outputs), Count(child.Parameters), Short(child.Macs), Bytes(child.Activations)));
            AddRows(table, child, indent + (isLast ? "  " : "│ "), depth - 1);
        }
    }

    private static string Shape(IReadOnlyList<long[]> shapes) => string.Join(", ", shapes.Select(s => $"[{string.Join(", ", s)}]"));

    private static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Short(long n) => n switch
    {
        0 => "",
        >= 1_000_000_000 => (n / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + " G",
        >= 1_000_000 => (n / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M",
        _ => (n / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
    };

    private static string Bytes(long floats) => (4.0 * floats / (1024 * 1024)).ToString("0.0", CultureInfo.InvariantCulture) + " MiB";
}
