namespace Notochord.Cli.Models;

/// <summary>Where the verbs get trainable models from.</summary>
internal interface IModelLibrary
{
    /// <summary>The models' names, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>A new model on the CPU with fresh weights, drawn from torch's generator.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classes">Scores to give.</param>
    /// <param name="channels">Channels of the images to take.</param>
    /// <exception cref="CommandException">There is none of that name, or it cannot have these classes or channels.</exception>
    Backbone Create(string name, int classes, int channels);
}
