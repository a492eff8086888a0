namespace Notochord.Weights;

/// <summary>A weight file that is not what its format says: where, what was expected, and what was found.</summary>
public sealed class WeightFileException : IOException
{
    /// <summary>Says what is wrong with the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="location">Where in it (<c>header, byte 214</c>, <c>tensor 'norm.weight'</c>).</param>
    /// <param name="problem">What was expected, what was found, and how to mend it.</param>
    /// <param name="inner">What a lower layer said, if it did.</param>
    public WeightFileException(string path, string location, string problem, Exception? inner = null)
        : base($"{path}: {location}: {problem}", inner)
    {
        FilePath = path;
        Location = location;
    }

    /// <summary>The file that was read.</summary>
    public string FilePath { get; }

    /// <summary>Where in the file.</summary>
    public string Location { get; }
}
