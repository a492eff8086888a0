using Notochord.Cli.Console;

namespace Notochord.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        return await CommandLineApp.RunAsync(args, [], Terminal.OfProcess(), interruption.Token);
    }
}
