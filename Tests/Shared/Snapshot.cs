using System.Runtime.CompilerServices;
using System.Text;

namespace Notochord.Tests;

/// <summary>Compares text with the file checked in beside the test, by Verify's file names and workflow.</summary>
/// <remarks>
/// <c>NAME.verified.EXT</c> is what was agreed. When the text differs, <c>NAME.received.EXT</c> is written beside it and the test
/// fails with the lines that differ; to agree, rename the received file over the verified one, or run the test once with
/// <c>NOTOCHORD_ACCEPT_SNAPSHOTS=1</c> and review the change in version control.
/// </remarks>
internal static class Snapshot
{
    private const string AcceptVariable = "NOTOCHORD_ACCEPT_SNAPSHOTS";
    private const int ContextLines = 3;
    private const int MostDiffLines = 80;

    /// <summary>Fails the test unless <paramref name="actual"/> is the text agreed on.</summary>
    /// <param name="actual">The text that the test made. Line ends and one final line end do not count.</param>
    /// <param name="name">The file's name before <c>.verified</c>; by default <c>TestFile.TestMethod</c>.</param>
    /// <param name="extension">What the text is: <c>txt</c>, <c>cs</c>, <c>json</c>...</param>
    /// <param name="sourceFile">The test's source file, whose folder holds the snapshots; filled by the compiler.</param>
    /// <param name="method">The test's name; filled by the compiler.</param>
    public static void Verify(
        string actual,
        string? name = null,
        string extension = "txt",
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string method = "")
    {
        name ??= $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}";
        var folder = Path.GetDirectoryName(sourceFile) ?? throw new ArgumentException($"'{sourceFile}' has no folder.", nameof(sourceFile));
        var verified = Path.Combine(folder, $"{name}.verified.{extension}");
        var received = Path.Combine(folder, $"{name}.received.{extension}");

        var found = Normalize(actual);
        var expected = File.Exists(verified) ? Normalize(File.ReadAllText(verified)) : null;
        if (found == expected)
        {
            File.Delete(received);
            return;
        }

        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(verified, found);
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, found);
        var what = expected is null
            ? $"There is no snapshot {verified} yet."
            : $"The text differs from {verified} (- agreed, + found):\n{Diff(Lines(expected), Lines(found))}";
        Assert.Fail($"{what}\nFound: {received}\nTo agree: rename it over the verified file, or run the test once with {AcceptVariable}=1.");
    }

    /// <summary>The differing lines with a little context, as a unified diff without headers.</summary>
    internal static string Diff(string[] expected, string[] found)
    {
        var edits = Edits(expected, found);
        var near = new bool[edits.Count];
        for (var i = 0; i < edits.Count; i++)
        {
            if (edits[i].Mark == ' ')
            {
                continue;
            }

            for (var j = Math.Max(0, i - ContextLines); j <= Math.Min(edits.Count - 1, i + ContextLines); j++)
            {
                near[j] = true;
            }
        }

        var text = new StringBuilder();
        var shown = 0;
        for (var i = 0; i < edits.Count; i++)
        {
            if (!near[i])
            {
                continue;
            }

            if (shown == MostDiffLines)
            {
                return text.Append("... and more: compare the two files.").ToString();
            }

            if (i == 0 || !near[i - 1])
            {
                text.Append("@@ line ").Append(edits[i].Line).Append('\n');
            }

            text.Append(edits[i].Mark).Append(' ').Append(edits[i].Text).Append('\n');
            shown++;
        }

        return text.ToString();
    }

    /// <summary>The shortest edit found by longest common subsequence between the common start and the common end.</summary>
    private static List<(char Mark, int Line, string Text)> Edits(string[] expected, string[] found)
    {
        var start = 0;
        while (start < expected.Length && start < found.Length && expected[start] == found[start])
        {
            start++;
        }

        var end = 0;
        while (end < expected.Length - start && end < found.Length - start && expected[^(end + 1)] == found[^(end + 1)])
        {
            end++;
        }

        var rows = expected.Length - start - end;
        var columns = found.Length - start - end;
        var edits = new List<(char, int, string)>();
        for (var i = 0; i < start; i++)
        {
            edits.Add((' ', i + 1, expected[i]));
        }

        // The table is rows x columns: for very different large texts a plain replacement says as much, and costs nothing.
        var common = (long)rows * columns <= 16_000_000 ? new int[rows + 1, columns + 1] : null;
        for (var r = rows - 1; common is not null && r >= 0; r--)
        {
            for (var c = columns - 1; c >= 0; c--)
            {
                common[r, c] = expected[start + r] == found[start + c]
                    ? common[r + 1, c + 1] + 1
                    : Math.Max(common[r + 1, c], common[r, c + 1]);
            }
        }

        for (int r = 0, c = 0; r < rows || c < columns;)
        {
            if (common is not null && r < rows && c < columns && expected[start + r] == found[start + c])
            {
                edits.Add((' ', start + r + 1, expected[start + r]));
                r++;
                c++;
            }
            else if (r < rows && (c == columns || common is null || common[r + 1, c] >= common[r, c + 1]))
            {
                edits.Add(('-', start + r + 1, expected[start + r]));
                r++;
            }
            else
            {
                edits.Add(('+', start + r + 1, found[start + c]));
                c++;
            }
        }

        for (var i = expected.Length - end; i < expected.Length; i++)
        {
            edits.Add((' ', i + 1, expected[i]));
        }

        return edits;
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');
}
