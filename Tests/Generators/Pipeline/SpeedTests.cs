using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace Notochord.Generators.Tests.Pipeline;

/// <summary>How long the generator takes over fifty copies of swin: all of them at first, and after an edit of one.</summary>
/// <param name="output">Where the times go.</param>
public class SpeedTests(ITestOutputHelper output)
{
    private const int Copies = 50;

    // Set where the machine is the test's own: NOTOCHORD_SPEED=1. Elsewhere the limits are wide enough for any neighbour.
    private static readonly double Slack = Environment.GetEnvironmentVariable("NOTOCHORD_SPEED") == "1" ? 1 : 100;

    [Fact]
    public void FiftyCopiesOfSwin()
    {
        var zoo = Harness.Zoo();
        var swin = zoo.Single(f => f.Path.EndsWith("swin.arch.yaml", StringComparison.Ordinal)).Text;
        var texts = zoo.Where(f => f.Path.EndsWith(".blocks.yaml", StringComparison.Ordinal)).Select(f => (AdditionalText)new Harness.Declaration(f.Path, f.Text))
            .Concat(Enumerable.Range(0, Copies).Select(i => new Harness.Declaration($"copies/swin{i}.arch.yaml", Copy(swin, i)))).ToList();

        var compilation = Harness.Empty;
        var clock = Stopwatch.StartNew();
        var driver = Harness.Driver(texts).RunGenerators(compilation);
        var cold = clock.Elapsed;
        Assert.True(driver.GetRunResult().Results[0].GeneratedSources.Length > 2 * Copies);

        var edits = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            var edited = new Harness.Declaration(texts[^1].Path, Copy(swin, Copies - 1).Replace("mlp_ratio: 4.0", $"mlp_ratio: 4.{i + 1}", StringComparison.Ordinal));
            driver = driver.ReplaceAdditionalText(texts[^1], edited);
            texts[^1] = edited;
            clock.Restart();
            driver = driver.RunGenerators(compilation);
            edits.Add(clock.Elapsed);
        }

        var edit = edits.Order().ElementAt(edits.Count / 2);
        output.WriteLine($"{Copies} copies of swin: cold {cold.TotalMilliseconds:F0} ms, an edit of one {edit.TotalMilliseconds:F0} ms (median; first {edits[0].TotalMilliseconds:F0} ms)");
        Assert.True(cold < TimeSpan.FromSeconds(1.5 * Slack), $"Cold: {cold}.");
        Assert.True(edit < TimeSpan.FromMilliseconds(60 * Slack), $"Edit: {edit}.");
    }

    private static string Copy(string swin, int i) => swin
        .Replace("arch: swin\n", $"arch: swin{i}\n", StringComparison.Ordinal)
        .Replace("  swin_", $"  swin{i}_", StringComparison.Ordinal);
}
