using static TorchSharp.torch;

namespace Notochord.Weights;

/// <summary>How the bytes of a <see cref="WeightType"/> become a tensor of a type that every TorchSharp has.</summary>
/// <param name="Torch">The tensor's type.</param>
/// <param name="Kind">Types of one kind convert into each other.</param>
/// <param name="Widen">Turns stored bytes into the tensor's; null where they are the same.</param>
internal sealed record StoredType(ScalarType Torch, NumberKind Kind, Widening? Widen = null)
{
    private static readonly Dictionary<WeightType, StoredType> Table = new()
    {
        [WeightType.Bool] = new(ScalarType.Bool, NumberKind.Bool, Widenings.Bool),
        [WeightType.UInt8] = new(ScalarType.Byte, NumberKind.Integer),
        [WeightType.Int8] = new(ScalarType.Int8, NumberKind.Integer),
        [WeightType.Int16] = new(ScalarType.Int16, NumberKind.Integer),
        [WeightType.UInt16] = new(ScalarType.Int32, NumberKind.Integer, Widenings.UInt16),
        [WeightType.Int32] = new(ScalarType.Int32, NumberKind.Integer),
        [WeightType.UInt32] = new(ScalarType.Int64, NumberKind.Integer, Widenings.UInt32),
        [WeightType.Int64] = new(ScalarType.Int64, NumberKind.Integer),
        [WeightType.UInt64] = new(ScalarType.Int64, NumberKind.Integer, Widenings.UInt64),
        [WeightType.Float16] = new(ScalarType.Float16, NumberKind.Floating),
        [WeightType.BFloat16] = new(ScalarType.BFloat16, NumberKind.Floating),
        [WeightType.Float32] = new(ScalarType.Float32, NumberKind.Floating),
        [WeightType.Float64] = new(ScalarType.Float64, NumberKind.Floating),
        [WeightType.Float8E4M3] = new(ScalarType.Float32, NumberKind.Floating, Widenings.Float8E4M3),
        [WeightType.Float8E5M2] = new(ScalarType.Float32, NumberKind.Floating, Widenings.Float8E5M2),
        [WeightType.Float8E8M0] = new(ScalarType.Float32, NumberKind.Floating, Widenings.Float8E8M0),
        [WeightType.Complex64] = new(ScalarType.ComplexFloat32, NumberKind.Complex),
    };

    private static readonly Dictionary<ScalarType, WeightType> Stored =
        Table.Where(row => row.Value.Widen is null || row.Key == WeightType.Bool).ToDictionary(row => row.Value.Torch, row => row.Key);

    public static StoredType Of(WeightType type) => Table[type];

    /// <summary>The type under which a tensor is stored, or null where no format has it.</summary>
    public static WeightType? Of(ScalarType type) => Stored.TryGetValue(type, out var stored) ? stored : null;
}

/// <summary>What numbers mean: converting between kinds would lose it.</summary>
internal enum NumberKind
{
    Bool,
    Integer,
    Floating,
    Complex,
}

/// <summary>Turns stored bytes into those of a tensor's type.</summary>
internal delegate void Widening(ReadOnlySpan<byte> stored, Span<byte> tensor);
