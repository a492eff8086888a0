namespace Notochord.Training.Data;

/// <summary>Which part of a data set.</summary>
public enum Split
{
    /// <summary>The images to learn from.</summary>
    Train,

    /// <summary>The images that a model is judged by, never learned from.</summary>
    Test,
}

/// <summary>Fashion-MNIST: 60,000 and 10,000 grey images of 28x28 in 10 classes.</summary>
/// <remarks>Source: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", arXiv:1708.07747.</remarks>
public static class FashionMnist
{
    /// <summary>The environment variable that names a folder with the files.</summary>
    public const string FolderVariable = "NOTOCHORD_FASHION_MNIST";

    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private static readonly string[] ClassNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // Over the 60,000 training images.
    private static readonly PixelScale Scale = new(0.2860f, 0.3530f);

    private static readonly Dictionary<Split, string> Prefixes = new() { [Split.Train] = "train", [Split.Test] = "t10k" };

    /// <summary>Reads one part.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="folder">Where the four files are; null for <see cref="FolderVariable"/>, else the Debian package's folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says where it was looked for and how to get it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or is not Fashion-MNIST.</exception>
    public static LabelledImages Load(Split split, string? folder = null)
    {
        folder ??= Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen ? chosen : DebianFolder;
        var imagesPath = Find(folder, $"{Prefixes[split]}-images-idx3-ubyte");
        var labelsPath = Find(folder, $"{Prefixes[split]}-labels-idx1-ubyte");
        var images = IdxFile.Read(imagesPath);
        var labels = IdxFile.Read(labelsPath);
        if (images.Shape is not [var count, var height, var width])
            throw new InvalidDataException($"{imagesPath}: expected 3 dimensions (images, rows, columns), found {images.Shape.Count}");
        if (labels.Shape is not [var labelCount] || labelCount != count)
            throw new InvalidDataException($"{labelsPath}: expected one label for each of the {count} images, found [{string.Join(", ", labels.Shape)}]");
        return new LabelledImages(images.Bytes, labels.Bytes, channels: 1, height, width, ClassNames, Scale);
    }

    private static string Find(string folder, string name)
    {
        foreach (var path in new[] { Path.Combine(folder, name + ".gz"), Path.Combine(folder, name) })
        {
            if (File.Exists(path)) return path;
        }
        throw new FileNotFoundException(
            $"Fashion-MNIST: no {name}.gz or {name} in {folder}; install the Debian package dataset-fashion-mnist (eng/setup.sh does), " +
            $"or name a folder that has the four files with {FolderVariable} or --data", name);
    }
}
