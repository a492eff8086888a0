using Notochord.Training.Data;
using static TorchSharp.torch;

namespace Notochord.Cli.Models;

/// <summary>Makes models that fit a data set.</summary>
internal static class Classifiers
{
    /// <summary>A fresh model on a device with one score for each class of the images.</summary>
    /// <exception cref="CommandException">There is no such model, or it cannot take these images.</exception>
    public static Backbone CreateFor(IModelLibrary library, string name, LabelledImages images, Device device)
    {
        var model = library.Create(name);
        // [batch, channels, rows, columns], as declared: numbers, or letters for what is free.
        if (model.Info.Input is [_, var channels, ..] && long.TryParse(channels, out var declared) && declared != images.Channels)
            throw new CommandException(
                ExitCodes.BadInput,
                $"{name} takes images of {declared} channels ([{string.Join(", ", model.Info.Input)}]); these have {images.Channels}. Declare its input as image[B, {images.Channels}, H, W]");
        if (model.Info.NumClasses != images.Classes.Count) model.ResetClassifier(images.Classes.Count);
        return model.To(device);
    }
}
