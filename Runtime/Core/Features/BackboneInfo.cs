using System.Collections.Immutable;
using System.Globalization;

namespace Notochord;

/// <summary>What a declaration says of a model.</summary>
public sealed record BackboneInfo
{
    private const int UsualImage = 224;

    /// <summary>The architecture, as <c>swin</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The variant, as <c>swin_tiny_patch4_window7_224</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>Where it was published; empty if the declaration does not say.</summary>
    public string Paper { get; init; } = string.Empty;

    /// <summary>The axes of the input as declared, as B, 3, H, W: numbers, names of sizes that the input brings, and products of both.</summary>
    public required ImmutableArray<string> Input { get; init; }

    /// <summary>The usual sizes of axes by name, where the declaration gives them.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The image that the published weights were made for, in pixels; null where any does.</summary>
    public (int Height, int Width)? ImageSize { get; init; }

    /// <summary>The feature levels, from the finest to the coarsest.</summary>
    public ImmutableArray<FeatureInfo> Features { get; init; } = [];

    /// <summary>The classes of the classifier; 0 where there is none.</summary>
    public int NumClasses { get; init; }

    /// <summary>The number of trainable numbers with this many classes, where it is known without building the model.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>The shape of an input: names as given, else as <see cref="Sizes"/> has them; of the others the first is the batch, and H and W are the usual image's.</summary>
    /// <param name="batch">Size of the first name, where it is not given.</param>
    /// <param name="sizes">Sizes by name.</param>
    /// <exception cref="ArgumentException">A name has no size, or what is given is no name of the input.</exception>
    public long[] InputShape(long batch = 1, IReadOnlyDictionary<string, long>? sizes = null)
    {
        var names = Input.SelectMany(Factors).Where(factor => !IsNumber(factor)).Distinct().ToList();
        if (sizes?.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"{Variant} takes [{string.Join(", ", Input)}], which has no size '{unknown}'.");
        }

        if (batch != 1 && (names.Count == 0 || Sizes.ContainsKey(names[0])))
        {
            throw new ArgumentException($"The input [{string.Join(", ", Input)}] of {Variant} has no batch; {batch} is none of its sizes.");
        }

        return [.. Input.Select(axis => Factors(axis).Aggregate(1L, (product, factor) => product * Size(factor)))];

        long Size(string factor) =>
            long.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : sizes is not null && sizes.TryGetValue(factor, out var given) ? given
            : Sizes.TryGetValue(factor, out var declared) ? declared
            : factor == names[0] ? batch
            : factor == "H" ? ImageSize?.Height ?? UsualImage
            : factor == "W" ? ImageSize?.Width ?? UsualImage
            : throw new ArgumentException($"'{factor}' of the input [{string.Join(", ", Input)}] of {Variant} has no size: give {factor}=196, or declare `sizes: {{ {factor}: 196 }}`.");
    }

    private static string[] Factors(string axis) => axis.Split('*', StringSplitOptions.TrimEntries);

    private static bool IsNumber(string factor) => long.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>Places among <see cref="Features"/> of the levels asked for; all of them where null.</summary>
    internal ImmutableArray<int> Select(IReadOnlyList<int>? outIndices, string parameter)
    {
        if (outIndices is null)
        {
            return [.. Enumerable.Range(0, Features.Length)];
        }

        ImmutableArray<int> places = [.. outIndices.Select(index => Place(index, parameter))];
        return places.Distinct().Count() == places.Length ? places
            : throw new ArgumentException($"{Variant}: a level is asked for twice in [{string.Join(", ", outIndices)}].", parameter);
    }

    /// <summary>The number in the whole model of the level in a place.</summary>
    internal int LevelAt(int place) => Features[place].Level < 0 ? place : Features[place].Level;

    /// <summary>The place of a level of the whole model; -1 where it is gone.</summary>
    internal int PlaceOf(int level)
    {
        for (var i = 0; i < Features.Length; i++)
        {
            if (LevelAt(i) == level)
            {
                return i;
            }
        }

        return -1;
    }

    private int Place(int index, string parameter) =>
        index >= -Features.Length && index < Features.Length
            ? (index + Features.Length) % Features.Length
            : throw new ArgumentOutOfRangeException(
                parameter,
                index,
                $"{Variant} has the levels {string.Join(", ", Features.Select((level, i) => $"{i} ({level.Name})").DefaultIfEmpty("none"))}; -1 is the last.");
}
