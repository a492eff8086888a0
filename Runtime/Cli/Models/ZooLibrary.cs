using Notochord.Architectures;
using Notochord.Dsl.Text;

namespace Notochord.Cli.Models;

/// <summary>The generated models of the zoo.</summary>
internal sealed class ZooLibrary : IModelLibrary
{
    public IReadOnlyList<string> Names => Backbones.Names;

    public Backbone Create(string name, int classes, int channels)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new CommandException(ExitCodes.BadInput, $"there is no model '{name}'. {Suggest.Nearest(name, Names) ?? "`notochord list` prints them."}");
        try
        {
            return Backbones.Create(name, classes, channels);
        }
        catch (ArgumentException unfit)
        {
            throw new CommandException(ExitCodes.BadInput, $"{name} cannot be made for {classes} classes and {channels} channels: {unfit.Message}", unfit);
        }
    }
}
