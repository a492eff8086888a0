using System.Collections.Frozen;

namespace Notochord.Weights;

/// <summary>What is known of each <see cref="WeightType"/>: its name in a safetensors header, in torch, and its size.</summary>
internal static class WeightTypes
{
    private static readonly (WeightType Type, string Safetensors, string Torch, string? Storage, int Size)[] Table =
    [
        (WeightType.Bool, "BOOL", "bool", "BoolStorage", 1),
        (WeightType.UInt8, "U8", "uint8", "ByteStorage", 1),
        (WeightType.Int8, "I8", "int8", "CharStorage", 1),
        (WeightType.UInt16, "U16", "uint16", null, 2),
        (WeightType.Int16, "I16", "int16", "ShortStorage", 2),
        (WeightType.UInt32, "U32", "uint32", null, 4),
        (WeightType.Int32, "I32", "int32", "IntStorage", 4),
        (WeightType.UInt64, "U64", "uint64", null, 8),
        (WeightType.Int64, "I64", "int64", "LongStorage", 8),
        (WeightType.Float16, "F16", "float16", "HalfStorage", 2),
        (WeightType.BFloat16, "BF16", "bfloat16", "BFloat16Storage", 2),
        (WeightType.Float32, "F32", "float32", "FloatStorage", 4),
        (WeightType.Float64, "F64", "float64", "DoubleStorage", 8),
        (WeightType.Float8E4M3, "F8_E4M3", "float8_e4m3fn", null, 1),
        (WeightType.Float8E5M2, "F8_E5M2", "float8_e5m2", null, 1),
        (WeightType.Float8E8M0, "F8_E8M0", "float8_e8m0fnu", null, 1),
        (WeightType.Complex64, "C64", "complex64", "ComplexFloatStorage", 8),
    ];

    private static readonly FrozenDictionary<string, WeightType> Safetensors = Table.ToFrozenDictionary(row => row.Safetensors, row => row.Type);
    private static readonly FrozenDictionary<string, WeightType> Torch = Table.ToFrozenDictionary(row => row.Torch, row => row.Type);

    private static readonly FrozenDictionary<string, WeightType> Storages =
        Table.Where(row => row.Storage is not null).ToFrozenDictionary(row => row.Storage!, row => row.Type);

    /// <summary>The names of a safetensors header, for a message.</summary>
    public static string SafetensorsNames { get; } = string.Join(", ", Table.Select(row => row.Safetensors));

    /// <summary>Bytes per element.</summary>
    public static int Size(this WeightType type) => Row(type).Size;

    /// <summary>The name in a safetensors header, such as <c>F32</c>.</summary>
    public static string SafetensorsName(this WeightType type) => Row(type).Safetensors;

    /// <summary>torch's name, such as <c>float32</c>: what users read in messages.</summary>
    public static string TorchName(this WeightType type) => Row(type).Torch;

    public static bool TryParseSafetensors(string name, out WeightType type) => Safetensors.TryGetValue(name, out type);

    public static bool TryParseTorch(string name, out WeightType type) => Torch.TryGetValue(name, out type);

    public static bool TryParseStorage(string name, out WeightType type) => Storages.TryGetValue(name, out type);

    private static (WeightType Type, string Safetensors, string Torch, string? Storage, int Size) Row(WeightType type) => Table[(int)type];
}
