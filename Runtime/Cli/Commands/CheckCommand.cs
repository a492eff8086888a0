using System.CommandLine;
using Notochord.Dsl.Text;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord check</c>: everything that can be known without running.</summary>
internal static class CheckCommand
{
    public static Verb Verb { get; } = new("check", "Checks declarations: names, types, shapes of every variant; lists what only the input can decide.", Build);

    private static VerbAction Build(Command command)
    {
        var paths = new Argument<string[]>("paths") { Description = "Files and folders; none: the zoo.", Arity = ArgumentArity.ZeroOrMore };
        var guards = new Option<bool>("--guards") { Description = "List the guards of every variant." };
        command.Add(paths);
        command.Add(guards);
        return (parsed, output, cancellation) =>
        {
            var given = parsed.GetValue(paths) ?? [];
            var project = Sources.Load(given, withZoo: given.Length == 0);
            var variants = project.Architectures.Sum(a => Math.Max(1, a.Variants.Count));
            var rows = new List<CheckedVariant>();
            var done = 0L;
            using (var progress = output.StartProgress("checking", Math.Max(1, variants), "variants"))
            {
                foreach (var block in project.Files.SelectMany(f => f.Blocks)) project.Bind(block);
                foreach (var architecture in project.Architectures)
                {
                    foreach (var name in architecture.Variants.Select(v => v.Name).DefaultIfEmpty(architecture.Name))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        if (project.Instantiate(name) is { } model)
                        {
                            rows.Add(new CheckedVariant(architecture.Name, name, model.ParameterCount, [.. model.Guards.Select(g => new GuardLine(g.ToString(), g.Reason, g.Span.Short)).Distinct()]));
                        }

                        progress.Report(++done, name);
                    }
                }
            }

            var failed = Sources.Report(output, project.Diagnostics);
            if (parsed.GetValue(guards))
            {
                foreach (var row in rows)
                {
                    output.Line(row.Variant);
                    foreach (var guard in row.Guards) output.Line($"  {guard.Condition}    {guard.Reason}  {guard.Location}");
                }
            }

            var errors = project.Diagnostics.Items.Count(d => d.Rule.Severity == Severity.Error);
            var warnings = project.Diagnostics.Items.Count(d => d.Rule.Severity == Severity.Warning);
            output.Line($"{project.Files.Count} files, {project.Architectures.Count()} architectures, {rows.Count} of {variants} variants sound, {errors} errors, {warnings} warnings");
            output.Json(new { variants = rows, diagnostics = project.Diagnostics.Items.Select(DiagnosticLine.Of) });
            return Task.FromResult(failed ? ExitCodes.Failures : ExitCodes.Ok);
        };
    }

    private sealed record CheckedVariant(string Architecture, string Variant, long Parameters, IReadOnlyList<GuardLine> Guards);

    private sealed record GuardLine(string Condition, string Reason, string Location);
}

/// <summary>A finding, for programs.</summary>
internal sealed record DiagnosticLine(string Id, Severity Severity, string File, int Line, int Column, int EndLine, int EndColumn, string Message, string? Suggestion, IReadOnlyList<string> Trail)
{
    public static DiagnosticLine Of(Diagnostic d)
        => new(d.Rule.Id, d.Rule.Severity, d.Span.File, d.Span.Line, d.Span.Column, d.Span.EndLine, d.Span.EndColumn, d.Message, d.Suggestion, [.. d.Trail]);
}
