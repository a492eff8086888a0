namespace Notochord.Cli.Models;

/// <summary>Where the verbs get models from.</summary>
internal interface IModelLibrary
{
    /// <summary>The models' names, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>A new model on the CPU with fresh weights, drawn from torch's generator.</summary>
    /// <exception cref="CommandException">There is none of that name; the message says which is near.</exception>
    Backbone Create(string name);
}
