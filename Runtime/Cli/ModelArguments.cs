using System.CommandLine;
using Notochord.Cli.Console;
using Notochord.Cli.Models;
using Notochord.Dsl;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

namespace Notochord.Cli;

/// <summary>The arguments that commands on one model share.</summary>
internal static class ModelArguments
{
    public static Argument<string> Name() => new("model") { Description = "A variant (swin_tiny_patch4_window7_224), or an architecture with its declared defaults (swin)." };

    public static Option<long> Batch() => new("--batch") { Description = "Batch size.", DefaultValueFactory = _ => 1 };

    public static Option<string?> Size() => new("--size")
    {
        Description = "Size of the input: of an image 224 or 192x256 (height x width), or of each axis by name: T=16,H=112,W=112. Default: what the model declares.",
    };

    /// <summary>The model of that name from these files and the zoo, made for this size where it declares one.</summary>
    public static ModelInstance Instantiate(string name, IReadOnlyCollection<string> paths, Output output, InputSize? size = null)
    {
        var project = Sources.Load(paths, withZoo: true, name);
        if (!Names(project).Contains(name))
        {
            throw new CommandException(ExitCodes.BadInput, $"there is no model '{name}'. {Suggest.Nearest(name, Names(Sources.Load(paths, withZoo: true))) ?? "notochord list shows them all."}");
        }

        var model = project.Instantiate(name);
        if (model is not null && size?.Image is { } image && model.ImageSize is { } declared && declared != image)
        {
            model = project.Instantiate(name, new Dictionary<string, Value> { [ImageSize.Param] = ImageSize.Of(model.Architecture.Architecture, image) });
        }

        if (model is not null && !project.Diagnostics.HasErrors) return model;
        Sources.Report(output, project.Diagnostics);
        throw new CommandException(ExitCodes.Failures, $"{name} has errors");
    }

    private static IEnumerable<string> Names(Project project) => project.Architectures.SelectMany(a => a.Variants.Select(v => v.Name).Append(a.Name));
}
