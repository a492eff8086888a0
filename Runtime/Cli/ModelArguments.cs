using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Dsl;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Text;

namespace Notochord.Cli;

/// <summary>The arguments that commands on one model share.</summary>
internal static class ModelArguments
{
    public static Argument<string> Name() => new("model") { Description = "A variant (swin_tiny_patch4_window7_224), or an architecture with its declared defaults (swin)." };

    public static Option<long> Batch() => new("--batch") { Description = "Batch size.", DefaultValueFactory = _ => 1 };

    public static Option<string?> Size() => new("--size") { Description = "Image size: 224, or 192x256 (height x width). Default: what the model declares." };

    /// <summary>Height and width, or null.</summary>
    public static (long Height, long Width)? Parse(string? size)
    {
        if (size is null) return null;
        var parts = size.Split('x', 'X');
        if (parts.Length is 1 or 2 && parts.All(p => long.TryParse(p, out var n) && n is > 0 and < 100_000)) return (long.Parse(parts[0]), long.Parse(parts[^1]));
        throw new CommandException(ExitCodes.Usage, $"--size is a number or HEIGHTxWIDTH, such as 224 or 192x256; found '{size}'");
    }

    /// <summary>The model of that name from these files and the zoo.</summary>
    public static ModelInstance Instantiate(string name, IReadOnlyCollection<string> paths, Output output)
    {
        var project = Sources.Load(paths, withZoo: true, name);
        if (!Names(project).Contains(name))
        {
            throw new CommandException(ExitCodes.BadInput, $"there is no model '{name}'. {Suggest.Nearest(name, Names(Sources.Load(paths, withZoo: true))) ?? "notochord list shows them all."}");
        }

        var model = project.Instantiate(name);
        if (model is not null && !project.Diagnostics.HasErrors) return model;
        Sources.Report(output, project.Diagnostics);
        throw new CommandException(ExitCodes.Failures, $"{name} has errors");
    }

    private static IEnumerable<string> Names(Project project) => project.Architectures.SelectMany(a => a.Variants.Select(v => v.Name).Append(a.Name));
}
