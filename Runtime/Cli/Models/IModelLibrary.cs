namespace Notochord.Cli.Models;

/// <summary>What a model is asked to be, beside its name; null is as declared.</summary>
/// <param name="Classes">Scores to give.</param>
/// <param name="Channels">Channels of the images to take.</param>
/// <param name="Size">Height and width of the images, for a model whose weights depend on them.</param>
internal sealed record ModelRequest(long? Classes = null, long? Channels = null, (long Height, long Width)? Size = null);

/// <summary>Where the verbs get models from.</summary>
internal interface IModelLibrary
{
    /// <summary>The models' names.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>A new model on the CPU with fresh weights, drawn from torch's generator.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="request">What it shall be.</param>
    /// <exception cref="CommandException">It cannot be that, or its declaration has errors.</exception>
    Backbone Create(string name, ModelRequest request);
}
