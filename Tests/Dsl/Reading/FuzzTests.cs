using System.Diagnostics;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Tests.Dsl.Reading;

/// <summary>Random damage to valid files: findings with a place inside the file, never an exception, never a long wait.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 1000;
    // Generous: other work may share the machine. What is quadratic takes minutes.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);

    private static readonly string[] Tokens =
    [
        ":", ": ", " #", "-", "- ", "[", "]", "{", "}", ",", "&a ", "*a", "<<: ", "!x ", "|", ">", "'", "\"", "\\", "\t", "\r", "\n", "---\n", "...\n", "%", "@", "`", "?", "? ", "~", "null",
        "(", ")", "<", "=", ";", "..", "^", "for", "if (", "return ", "none", "0", "-1", "1e999", "99999999999999999999", "\uFEFF", "\uFFFD", "\0", "\u0085", "\u2028", "é", "😀", "\uD800",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutations_of_a_valid_file_give_findings_with_places(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = Samples.Swin;
            for (var n = random.Next(1, 5); n > 0; n--) text = Mutate(text, random);
            Check(text, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Random_tokens_give_findings_with_places()
    {
        var random = new Random(4);
        var words = Tokens.Concat(["arch", "block", "input", "params", "stages", "modules", "forward", "x", "f(int a)", " ", "  ", "\n", "\n  "]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            Check(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => words[random.Next(words.Length)])), $"round {round}");
        }
    }

    public static TheoryData<string, string, string> Hostile { get; } = new()
    {
        { "billion laughs", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")), "NOTO0301" },
        { "deep brackets", "define: " + new string('[', 100_000), "NOTO0301" },
        { "deep blocks", string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "a:\n")), "NOTO0301" },
        { "deep parentheses", "block: f(int a)\ninput: x[B]\nforward: return " + new string('(', 50_000) + "x;", "NOTO0301" },
        { "long sum", "block: f(int a)\ninput: x[B]\ndefine:\n  s: 1" + string.Concat(Enumerable.Repeat(" + 1", 50_000)) + "\nforward: return x;", "NOTO0301" },
        { "nine megabytes", new string('#', 9_000_000), "NOTO0301" },
        { "three megabytes of keys", string.Concat(Enumerable.Range(0, 200_000).Select(i => $"k{i}: value\n")), "NOTO0301" },
        { "a hundred thousand documents", string.Concat(Enumerable.Repeat("---\na: b\n", 100_000)), "NOTO0301" },
        { "many unknown keys", "arch: a\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"imput{i}: x\n")), "NOTO0002" },
        { "seven megabytes on a line", "block: " + new string('f', 7_000_000), "NOTO0005" },
        { "nul", "arch: a\0\n", "NOTO0001" },
        { "not UTF-8", "arch: a\uFFFD\n", "NOTO0001" },
        { "half a character", "arch: \uD83D\n", "NOTO0001" },
        { "control character", "arch: a\u0007\n", "NOTO0001" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_files_are_refused_soon(string name, string text, string rule)
    {
        var found = Check(text, name);

        Assert.Contains(found, d => d.Rule.Id == rule);
    }

    private static EquatableArray<Diagnostic> Check(string text, string what)
    {
        var watch = Stopwatch.StartNew();
        EquatableArray<Diagnostic> found;
        try
        {
            found = DeclarationReader.Read("f.arch.yaml", text).Diagnostics;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}\n{text[..Math.Min(text.Length, 5000)]}");
            throw;
        }

        Assert.True(watch.Elapsed < Slow, $"{what} took {watch.Elapsed}");
        var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
        foreach (var d in found)
        {
            Assert.Equal("f.arch.yaml", d.Span.File);
            Assert.InRange(d.Span.Line, 1, lines);
            Assert.True(d.Span.Column >= 1 && d.Span.EndLine >= d.Span.Line && (d.Span.EndLine > d.Span.Line || d.Span.EndColumn >= d.Span.Column), $"{what}: {d} ends at {d.Span.EndLine},{d.Span.EndColumn}\n{text}");
            Assert.False(d.Rule == Rules.Internal);
        }

        return found;
    }

    private static string Mutate(string text, Random random)
    {
        if (text.Length == 0) return Tokens[random.Next(Tokens.Length)];
        var at = random.Next(text.Length);
        var lines = text.Split('\n');
        switch (random.Next(9))
        {
            case 0: return text[..at];
            case 1: return text.Remove(at, 1);
            case 2: return text.Insert(at, Tokens[random.Next(Tokens.Length)]);
            case 3: return text[..at] + (char)random.Next(1, 0x180) + text[(at + 1)..];
            case 4: return text.Insert(at, text.Substring(random.Next(text.Length / 2), Math.Min(20, text.Length / 2)));
            case 5: return string.Join('\n', lines.Where((_, i) => i != at % lines.Length));
            case 6: return string.Join('\n', lines.SelectMany((l, i) => i == at % lines.Length ? [l, l] : new[] { l }));
            case 7: return string.Join('\n', lines.Select((l, i) => i == at % lines.Length ? new string(' ', random.Next(5)) + l : l));
            default:
                (lines[at % lines.Length], lines[random.Next(lines.Length)]) = (lines[random.Next(lines.Length)], lines[at % lines.Length]);
                return string.Join('\n', lines);
        }
    }
}
