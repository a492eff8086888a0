using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Tests.Dsl.Yaml;

/// <summary>Each visible character of a scalar's value stands in the file where its code says.</summary>
public sealed class ScalarPlacesTests
{
    public static TheoryData<string> Files { get; } = new()
    {
        "a: x + y\n",
        "a: &b  x + y  # comment\n",
        "a: f(x,\n  y,\n\n  z)   \nb: 1\n",
        "a: 'it''s x'\nb: 'two\n  lines'\n",
        "a: \"say \\\"b h w\\\" -> \\\\x\"\n",
        "a: \"tab\\tin \\x41 \\u00e9 \\U0001F600 end\"\n",
        "a: \"continued \\\n  here \\\n  \\ and here\"\n",
        "a: |\n  x = 1;\n    y = 2;\n\n  return \"a  b\";\nb: 2\n",
        "a: |2-\n    x = 1;\n   y;\n",
        "a: |+ # comment\n\n\n  x\n\n",
        "a: >\n  x = 1;\n  y = 2;\n\n    more\n  end\n",
        "a:\n  - |\n    nested\n     deeper\n  - [f(x, y), g(\n      z)]\n",
        "a: {b: x, c: \"y, z\", d: [1,2]}\n",
        "é: '😀 x'\n\"k e y\": 'v'\n",
        "---\na: x\n---\nb: |\n  y\n...\n",
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Characters_stand_where_the_code_says(string text)
    {
        Check(text);
        Check(text.Replace("\n", "\r\n", StringComparison.Ordinal));
    }

    private static void Check(string text)
    {
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        var diagnostics = new DiagnosticBag();
        var scalars = YamlReader.Read("f.yaml", text, diagnostics).SelectMany(d => Scalars(d.Root)).ToList();

        Assert.Empty(diagnostics.Items);
        Assert.NotEmpty(scalars);
        foreach (var scalar in scalars)
        {
            for (var i = 0; i < scalar.Value.Length; i++)
            {
                if (char.IsWhiteSpace(scalar.Value[i]) || char.IsLowSurrogate(scalar.Value[i])) continue;
                var span = scalar.Code.Locate(i, i + 1);
                var found = lines[span.Line - 1][span.Column - 1];
                Assert.True(found == scalar.Value[i] || found == '\\', $"'{scalar.Value[i]}' of '{scalar.Value}' is said to stand at {span}, where '{found}' is");
                if (found == '\\') Assert.Contains("\"", text, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<YamlScalar> Scalars(YamlNode node) => node switch
    {
        YamlScalar scalar => [scalar],
        YamlSequence sequence => sequence.Items.SelectMany(Scalars),
        YamlMapping mapping => mapping.Entries.SelectMany(e => Scalars(e.Key).Concat(Scalars(e.Value))),
        _ => [],
    };
}
