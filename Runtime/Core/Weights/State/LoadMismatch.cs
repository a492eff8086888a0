namespace Notochord.Weights;

/// <summary>A name that model and file share, for tensors that do not fit.</summary>
/// <param name="Expected">The model's tensor.</param>
/// <param name="Found">The file's tensor.</param>
public sealed record LoadMismatch(TensorSummary Expected, TensorSummary Found);
