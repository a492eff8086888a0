using System.Globalization;
using Notochord.Dsl.Instantiation;

namespace Notochord.Cli;

/// <summary>The size of an input as a person types it: of an image (<c>224</c>, <c>192x256</c>), or of each axis by name (<c>T=16,H=112,W=112</c>).</summary>
internal sealed class InputSize
{
    private const long Most = 10_000_000;

    private readonly bool _isImage;
    private readonly Dictionary<string, long> _sizes;

    private InputSize(bool isImage, Dictionary<string, long> sizes) => (_isImage, _sizes) = (isImage, sizes);

    /// <summary>Sizes by name of the axis.</summary>
    public IReadOnlyDictionary<string, long> Sizes => _sizes;

    /// <summary>Height and width, where both are told.</summary>
    public (long Height, long Width)? Image => _sizes.TryGetValue("H", out var height) && _sizes.TryGetValue("W", out var width) ? (height, width) : null;

    /// <summary>Reads one; null where nothing was typed.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static InputSize? Parse(string? text)
    {
        if (text is null) return null;
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            var parts = text.Split('x', 'X');
            if (parts.Length is 1 or 2 && Number(parts[0]) is { } height && Number(parts[^1]) is { } width) return new InputSize(true, new() { ["H"] = height, ["W"] = width });
            throw Wrong(text);
        }

        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, equals) = (part.Split('=')[0].Trim(), part.IndexOf('=', StringComparison.Ordinal));
            if (equals < 0 || name.Length == 0 || Number(part[(equals + 1)..].Trim()) is not { } size || !sizes.TryAdd(name, size)) throw Wrong(text);
        }

        return new InputSize(false, sizes);
    }

    /// <summary>The sizes that are meant for a model of a declaration.</summary>
    public IReadOnlyDictionary<string, long> For(ModelInstance model) => For(model.Symbols, model.ImageSize is not null);

    /// <summary>The sizes that are meant for a model.</summary>
    public IReadOnlyDictionary<string, long> For(BackboneInfo info) => For(info.Input, info.ImageSize is not null);

    // Height and width that a model was made for are no names of its input any more; and an image's size is only for an input that has one.
    private Dictionary<string, long> For(IReadOnlyList<string> names, bool isMadeForSize) =>
        _sizes.Where(s => names.Contains(s.Key) || !(s.Key is "H" or "W" && (_isImage || isMadeForSize))).ToDictionary(s => s.Key, s => s.Value);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < Most ? n : null;

    private static CommandException Wrong(string text) =>
        new(ExitCodes.Usage, $"--size is an image's, such as 224 or 192x256 (height x width), or one of each axis by name, such as T=16,H=112,W=112; found '{text}'");
}
