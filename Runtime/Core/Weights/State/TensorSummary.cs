using System.Collections.Immutable;

namespace Notochord.Weights;

/// <summary>A tensor of a model or a file, in words.</summary>
/// <param name="Name">Its name in the model's terms.</param>
/// <param name="Type">The type of an element, by torch's name: <c>float32</c>.</param>
/// <param name="Shape">Its shape.</param>
public sealed record TensorSummary(string Name, string Type, ImmutableArray<long> Shape)
{
    /// <summary>As <c>norm.weight float32[96]</c>.</summary>
    public override string ToString() => $"{Name} {Kind}";

    internal string Kind => $"{Type}{WeightShape.Text(Shape)}";
}
