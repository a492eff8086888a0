using System.Collections.Immutable;

namespace Notochord.Weights.Safetensors;

/// <summary>One tensor of a safetensors header, with its bytes' range within the data.</summary>
internal sealed record HeaderTensor(string Name, WeightType Type, ImmutableArray<long> Shape, long Begin, long End);
