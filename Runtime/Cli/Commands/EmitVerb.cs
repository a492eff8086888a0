using System.CommandLine;
using Notochord.Dsl.Text;
using Notochord.Generators;

namespace Notochord.Cli.Commands;

/// <summary><c>notochord emit MODEL</c>: the C# that the generator makes of an architecture.</summary>
internal static class EmitVerb
{
    public static Verb Create() => new("emit", "The C# that the generator makes of a model's architecture and of the blocks it uses.", Build);

    private static VerbAction Build(Command command)
    {
        var name = ModelArguments.Name();
        var arch = Sources.Option();
        var folder = new Option<string?>("--out") { Description = "A folder for the files; without it they are printed.", HelpName = "FOLDER" };
        var space = new Option<string>("--namespace") { Description = "Namespace of the architecture.", DefaultValueFactory = _ => "Models" };
        var all = new Option<bool>("--blocks") { Description = "The block libraries as well." };
        command.Add(name);
        command.Add(arch);
        foreach (Option option in new Option[] { folder, space, all }) command.Add(option);
        return (parsed, output, cancellation) =>
        {
            var project = Sources.Load(parsed.GetValue(arch) ?? [], withZoo: true);
            var model = parsed.GetValue(name)!;
            var architecture = project.Architectures.FirstOrDefault(a => a.Name == model || a.Variants.Any(v => v.Name == model));
            if (architecture is null)
            {
                var known = project.Architectures.SelectMany(a => a.Variants.Select(v => v.Name).Append(a.Name));
                throw new CommandException(ExitCodes.BadInput, $"there is no model '{model}'. {Suggest.Nearest(model, known) ?? "notochord list shows them all."}");
            }

            var withLibraries = parsed.GetValue(all);
            var (files, findings) = Emission.Emit(
                project.Files, parsed.GetValue(space)!,
                path => path == architecture.Span.File || (withLibraries && Dsl.Reading.Libraries.LibraryName(path) is not null), cancellation);
            foreach (var d in findings) output.Hint(d.ToString());
            if (findings.Any(d => d.Rule.Severity == Severity.Error)) return Task.FromResult(ExitCodes.Failures);
            if (parsed.GetValue(folder) is { } target)
            {
                Directory.CreateDirectory(target);
                foreach (var file in files)
                {
                    var path = Path.Combine(target, file.Name);
                    File.WriteAllText(path, file.Text);
                    output.Line(path);
                }
            }
            else
            {
                foreach (var file in files) output.Line(file.Text);
            }

            output.Json(new { model, files = files.Select(f => new { f.Source, f.Name, text = parsed.GetValue(folder) is null ? f.Text : null }) });
            return Task.FromResult(ExitCodes.Ok);
        };
    }
}
