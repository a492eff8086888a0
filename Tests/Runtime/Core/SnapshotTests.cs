using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace Notochord.Tests.Runtime.Core;

public sealed class SnapshotTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("notochord-snapshot-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_missing_snapshot_fails_and_leaves_the_received_text()
    {
        var failure = Assert.Throws<FailException>(() => Verify("one\ntwo"));

        Assert.Contains("There is no snapshot", failure.Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\n", File.ReadAllText(Path.Combine(folder, "Sample.received.txt")));
    }

    [Fact]
    public void Agreed_text_passes_whatever_its_line_ends_and_removes_the_received_file()
    {
        File.WriteAllText(Path.Combine(folder, "Sample.verified.txt"), "one\r\ntwo\r\n");
        File.WriteAllText(Path.Combine(folder, "Sample.received.txt"), "stale");

        Verify("one\ntwo");

        Assert.False(File.Exists(Path.Combine(folder, "Sample.received.txt")));
    }

    [Fact]
    public void A_difference_is_shown_with_its_line()
    {
        var agreed = Enumerable.Range(1, 40).Select(i => $"line {i}").ToList();
        File.WriteAllLines(Path.Combine(folder, "Sample.verified.txt"), agreed);
        agreed[19] = "changed";

        var failure = Assert.Throws<FailException>(() => Verify(string.Join('\n', agreed)));

        Assert.Contains("@@ line 17\n  line 17\n  line 18\n  line 19\n- line 20\n+ changed\n  line 21", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 30", failure.Message, StringComparison.Ordinal);
    }

    private void Verify(string text, [CallerMemberName] string method = "") =>
        Snapshot.Verify(text, name: "Sample", sourceFile: Path.Combine(folder, "Test.cs"), method: method);
}
