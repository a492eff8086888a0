namespace Notochord.Weights;

/// <summary>How a weight file may differ from the model that it fills.</summary>
public sealed record LoadOptions
{
    /// <summary>Whether every name and shape must match; where not, what matches is loaded and the report tells the rest.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>Whether floating-point types are converted to the model's, and whole numbers likewise; where not, they must be the same.</summary>
    public bool ConvertTypes { get; init; } = true;

    /// <summary>What names in the file may begin with and the model's do not, as <c>module.</c> or <c>backbone.</c>; it is removed where it is there.</summary>
    public string StripPrefix { get; init; } = string.Empty;

    /// <summary>Gives the model's name for a name in the file (after <see cref="StripPrefix"/>), or null to leave the tensor out.</summary>
    public Func<string, string?>? MapName { get; init; }

    /// <summary>Which dictionary of a PyTorch checkpoint holds the weights; see <see cref="WeightFile.Open"/>.</summary>
    public string? Root { get; init; }
}
