using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Reading;

/// <summary>The blocks that every file sees: the files of <c>Dsl/Std</c>, embedded in this assembly.</summary>
public static class StandardLibrary
{
    /// <summary>How the paths of its files start.</summary>
    public const string Prefix = "std/";

    private static readonly Lazy<EquatableArray<DeclarationFile>> Read = new(() =>
        typeof(StandardLibrary).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(n => n, StringComparer.Ordinal)
            .Select(n => DeclarationReader.Read(n, Text(n)))
            .ToEquatableArray());

    /// <summary>Its files, read once.</summary>
    public static EquatableArray<DeclarationFile> Files => Read.Value;

    private static string Text(string name)
    {
        using var stream = typeof(StandardLibrary).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
