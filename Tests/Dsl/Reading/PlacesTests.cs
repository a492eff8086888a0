using System.Reflection;
using System.Runtime.CompilerServices;
using Notochord.Dsl.Reading;

namespace Notochord.Tests.Dsl.Reading;

public sealed class PlacesTests
{
    // The language's page and the tables that reading follows are one language.
    [Fact]
    public void The_language_page_names_every_key()
    {
        var page = File.ReadAllText(Path.Combine(Folder(), "../../../docs/language.md"));
        var places = typeof(Places).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (Place)p.GetValue(null)!).ToList();

        Assert.NotEmpty(places);
        foreach (var key in places.SelectMany(p => p.Keys))
        {
            Assert.True(page.Contains($"`{key.Name}`", StringComparison.Ordinal) || page.Contains($"{key.Name}:", StringComparison.Ordinal), $"docs/language.md does not mention '{key.Name}'.");
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
