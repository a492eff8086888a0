using Notochord.Architectures;

namespace Notochord.Cli.Models;

/// <summary>The generated models of the zoo.</summary>
internal sealed class ZooLibrary : IModelLibrary
{
    public IReadOnlyList<string> Names => Backbones.Names;

    public Backbone Create(string name, ModelRequest request)
    {
        try
        {
            return Backbones.Create(name, request.Classes, request.Channels, request.Size is var (height, width) ? [height, width] : null);
        }
        catch (ArgumentException unfit)
        {
            throw new CommandException(ExitCodes.BadInput, unfit.Message, unfit);
        }
    }
}
