using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Notochord.Dsl.Tests.Instantiation;

/// <summary>Damaged declarations of the zoo, through reading, binding and instantiation: findings with places, or a sound model; never an exception, never long.</summary>
public partial class PipelineFuzzTests
{
    private static readonly (string Path, string Text)[] Zoo = [.. Directory
        .EnumerateFiles(Path.Combine(Root, "Architectures"), "*.yaml", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(f)))];

    private static readonly string[] Words = ["dim", "x", "none", "0", "-1", "1000000", "9223372036854775807", "1e300", "\"b c -> c b\"", "[]", "true", "relu", "x[..]", "..", "?", "(", "norm", "heads", "i", "H", "/ 0", "% 0"];

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "compiler.sln"))) folder = Path.GetDirectoryName(folder)!;
            return folder;
        }
    }

    [Fact]
    public void Damaged_declarations_give_findings()
    {
        var random = new Random(20);
        var damaged = 0;
        for (var round = 0; round < 120; round++)
        {
            var files = Zoo.ToArray();
            var at = random.Next(files.Length);
            var text = files[at].Text;
            for (var n = random.Next(1, 4); n > 0; n--) text = Mutate(text, random);
            files[at].Text = text;
            var watch = Stopwatch.StartNew();
            var project = new Project(files);
            foreach (var architecture in project.Architectures)
            {
                var isTouched = architecture.Span.File == files[at].Path || !files[at].Path.EndsWith(".arch.yaml", StringComparison.Ordinal);
                if (isTouched) project.Instantiate(architecture.Name);
            }

            if (project.Diagnostics.HasErrors) damaged++;
            foreach (var d in project.Diagnostics.Items)
            {
                Assert.True(d.Span.Line > 0 || d.Rule.Id == "NOTO0008", $"no place: {d}");
                Assert.False(d.Rule.Id == "NOTO0901", $"an internal error: {d}\nfrom\n{text}");
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed} for\n{text}");
        }

        // Or the damage is none.
        Assert.True(damaged > 50, damaged.ToString(CultureInfo.InvariantCulture));
    }

    private static string Mutate(string text, Random random)
    {
        var tokens = Token().Matches(text);
        var token = tokens[random.Next(tokens.Count)];
        var other = tokens[random.Next(tokens.Count)];
        return random.Next(5) switch
        {
            0 => text.Remove(token.Index, token.Length),
            1 => text.Remove(token.Index, token.Length).Insert(token.Index, Words[random.Next(Words.Length)]),
            2 => text.Insert(token.Index, token.Value),
            3 => text.Remove(token.Index, token.Length).Insert(token.Index, other.Value),
            _ => RemoveLine(text, token.Index),
        };
    }

    private static string RemoveLine(string text, int index)
    {
        var start = text.LastIndexOf('\n', Math.Max(0, index - 1)) + 1;
        var end = text.IndexOf('\n', index);
        return end < 0 ? text[..start] : text.Remove(start, end + 1 - start);
    }

    [GeneratedRegex(@"[A-Za-z_]\w*|\d+|[^\s\w]")]
    private static partial Regex Token();
}
