using Notochord.Cli.Console;
using Notochord.Dsl;
using Notochord.Dsl.Ir;
using Notochord.Execution;

namespace Notochord.Cli.Models;

/// <summary>Models of declarations that were not compiled, run by the executor.</summary>
internal sealed class DeclaredLibrary : IModelLibrary
{
    private readonly Project _project;
    private readonly Output _output;

    /// <param name="project">The declarations.</param>
    /// <param name="output">Where their errors are told.</param>
    /// <exception cref="CommandException">They have errors.</exception>
    public DeclaredLibrary(Project project, Output output)
    {
        (_project, _output) = (project, output);
        ThrowIfWrong("the declarations have errors");
        Names = [.. project.Architectures.SelectMany(architecture => architecture.Variants.Select(variant => variant.Name).Append(architecture.Name)).Distinct()];
    }

    public IReadOnlyList<string> Names { get; }

    public Backbone Create(string name, ModelRequest request)
    {
        var architecture = _project.Architectures.First(a => a.Name == name || a.Variants.Any(variant => variant.Name == name));
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        if (request.Classes is { } classes) values["num_classes"] = new IntValue(classes);
        if (request.Channels is { } channels) values["in_chans"] = new IntValue(channels);
        if (request.Size is var (height, width)) values[ImageSize.Param] = ImageSize.Of(architecture, (height, width));
        try
        {
            if (_project.Instantiate(name, values) is { } model) return new ExecutedBackbone(model);
        }
        catch (ArgumentException unknown)
        {
            throw new CommandException(ExitCodes.BadInput, unknown.Message, unknown);
        }
        ThrowIfWrong($"{name} has errors");
        throw new CommandException(ExitCodes.Failures, $"{name} has errors");
    }

    private void ThrowIfWrong(string message)
    {
        if (Sources.Report(_output, _project.Diagnostics)) throw new CommandException(ExitCodes.Failures, message);
    }
}
