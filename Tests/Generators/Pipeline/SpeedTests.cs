using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace Notochord.Generators.Tests.Pipeline;

/// <summary>What is measured has the machine to itself, as far as this process goes.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public class MeasuredAlone;

/// <summary>How long the generator takes over fifty copies of swin: all of them at first, and after an edit of one. Times are compared with what Roslyn
/// takes to parse the code that comes out, measured in turn with them: a busy machine slows both, if not alike. What is allocated is the same on any
/// machine, so its limits are near.</summary>
/// <param name="output">Where the times go.</param>
[Collection(nameof(MeasuredAlone))]
public class SpeedTests(ITestOutputHelper output)
{
    private const int Copies = 50;
    private const int Rounds = 3;
    private const int Edits = 10;

    // In times of a parse of all; 9 and 0.1 on a quiet machine, up to five times that on one that does ten other things.
    private const double ColdLimit = 150;
    private const double EditLimit = 3;

    // In megabytes; about a third above what it is. The shared blocks that swin uses count, and they grow.
    private const double ColdMemory = 800;
    private const double EditMemory = 20;

    // Set where the machine is the test's own: NOTOCHORD_SPEED=1. There the clock counts as well.
    private static readonly bool IsQuiet = Environment.GetEnvironmentVariable("NOTOCHORD_SPEED") == "1";

    [Fact]
    public void FiftyCopiesOfSwin()
    {
        var zoo = Harness.Zoo();
        var swin = zoo.Single(f => f.Path.EndsWith("/swin.arch.yaml", StringComparison.Ordinal)).Text;
        var texts = zoo.Where(f => f.Path.EndsWith(".blocks.yaml", StringComparison.Ordinal)).Select(f => (AdditionalText)new Harness.Declaration(f.Path, f.Text))
            .Concat(Enumerable.Range(0, Copies).Select(i => new Harness.Declaration($"copies/swin{i}.arch.yaml", Copy(swin, i)))).ToList();

        var compilation = Harness.Empty;
        var driver = Harness.Driver(texts);
        var (cold, edit, parse) = (Cost.Most, Cost.Most, Cost.Most);
        for (var round = 0; round < Rounds; round++)
        {
            cold = cold.Least(() => driver = Harness.Driver(texts).RunGenerators(compilation));
            var sources = driver.GetRunResult().Results[0].GeneratedSources;
            Assert.True(sources.Length > 2 * Copies);
            parse = parse.Least(() =>
            {
                foreach (var source in sources) _ = CSharpSyntaxTree.ParseText(source.SourceText.ToString(), Harness.ParseOptions).GetRoot();
            });
        }

        for (var i = 0; i < Edits; i++)
        {
            var edited = new Harness.Declaration(texts[^1].Path, Copy(swin, Copies - 1).Replace("mlp_ratio: 4.0", $"mlp_ratio: 4.{i + 1}", StringComparison.Ordinal));
            driver = driver.ReplaceAdditionalText(texts[^1], edited);
            texts[^1] = edited;
            edit = edit.Least(() => driver = driver.RunGenerators(compilation));
        }

        var (coldRatio, editRatio) = (cold.Milliseconds / parse.Milliseconds, edit.Milliseconds / parse.Milliseconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Copies} copies of swin: {cold.Milliseconds:F0} ms and {cold.Megabytes:F0} MB, an edit of one {edit.Milliseconds:F0} ms and {edit.Megabytes:F1} MB; {coldRatio:F1} and {editRatio:F2} parses of all"));
        Assert.True(cold.Megabytes < ColdMemory, $"Cold: {cold.Megabytes:F0} MB.");
        Assert.True(edit.Megabytes < EditMemory, $"Edit: {edit.Megabytes:F1} MB.");
        Assert.True(coldRatio < ColdLimit, $"Cold: {coldRatio:F1} parses.");
        Assert.True(editRatio < EditLimit, $"Edit: {editRatio:F2} parses.");
        Assert.True(!IsQuiet || cold.Milliseconds < 1500, $"Cold: {cold.Milliseconds:F0} ms.");
        Assert.True(!IsQuiet || edit.Milliseconds < 60, $"Edit: {edit.Milliseconds:F0} ms.");
    }

    private readonly record struct Cost(double Milliseconds, double Megabytes)
    {
        public static Cost Most => new(double.MaxValue, double.MaxValue);

        /// <summary>This, or less where <paramref name="action"/> takes less.</summary>
        public Cost Least(Action action)
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            action();
            return new(Math.Min(Milliseconds, clock.Elapsed.TotalMilliseconds), Math.Min(Megabytes, (GC.GetTotalAllocatedBytes() - allocated) / 1e6));
        }
    }

    private static string Copy(string swin, int i) => swin
        .Replace("arch: swin\n", $"arch: swin{i}\n", StringComparison.Ordinal)
        .Replace("  swin_", $"  swin{i}_", StringComparison.Ordinal);
}
