using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json;

namespace Notochord.Parity;

/// <summary>What a golden has wrong by its own reference's mathematics, with the proof in words: gradients that are not compared.</summary>
/// <param name="Why">How it is known.</param>
/// <param name="Gradients">Names of parameters, or patterns in which <c>*</c> is any text.</param>
public sealed record Refutation(string Why, ImmutableArray<string> Gradients)
{
    /// <summary>Nothing is refuted.</summary>
    public static Refutation None { get; } = new(string.Empty, []);

    /// <summary>What is known of the goldens that this project was developed with (refuted.json).</summary>
    public static IReadOnlyDictionary<string, Refutation> Known { get; } = ReadKnown();

    /// <summary>Whether the gradient of this parameter is.</summary>
    public bool Covers(string parameter) => Gradients.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, parameter, ignoreCase: false));

    /// <summary>Reads a file of refutations by golden: <c>{ "NAME": { "why": "...", "gradients": ["stem.*"] } }</c>.</summary>
    /// <exception cref="InvalidDataException">The file is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, Refutation> Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} holds no refutations: {e.Message}", e);
        }
    }

    private static Dictionary<string, Refutation> ReadKnown()
    {
        using var stream = typeof(Refutation).Assembly.GetManifestResourceStream("refuted.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.ToArray());
    }

    private static Dictionary<string, Refutation> Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(
            e => e.Name,
            e => new Refutation(e.Value.GetProperty("why").GetString()!, [.. e.Value.GetProperty("gradients").EnumerateArray().Select(g => g.GetString()!)]),
            StringComparer.Ordinal);
    }
}
