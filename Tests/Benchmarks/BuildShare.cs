using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Notochord.Benchmarks;

/// <summary>The generator's share of a build of the zoo whose dependencies are built.</summary>
internal static partial class BuildShare
{
    /// <summary>Builds <c>Architectures</c> anew, as a user does, and prints the time, the compiler's own count of the generator's seconds, and their ratio.</summary>
    public static int Print(string root, TextWriter output)
    {
        string[] project = ["build", Path.Combine(root, "Architectures"), "-c", "Release", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"];
        if (Run(project, out _) is var built and not 0) return built;
        var clock = Stopwatch.StartNew();
        var code = Run([.. project, "--no-dependencies", "--no-restore", "--no-incremental", "-p:ReportAnalyzer=true", "-v:detailed"], out var log);
        var seconds = clock.Elapsed.TotalSeconds;
        if (code != 0) return code;
        var generator = Generator().Match(log) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : double.NaN;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"build of Architectures: {seconds:F1} s, of which the generator {generator:F1} s ({100 * generator / seconds:F0} %)"));
        return 0;
    }

    private static int Run(string[] arguments, out string log)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        log = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) Console.Error.WriteLine(log);
        return process.ExitCode;
    }

    // "    1.234   72      Notochord.Generators.BackboneGenerator"
    [GeneratedRegex(@"^\s*<?([0-9.]+)\s+<?[0-9]+\s+Notochord\.Generators\.BackboneGenerator", RegexOptions.Multiline)]
    private static partial Regex Generator();
}
