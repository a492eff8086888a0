namespace Notochord.Cli.Console;

/// <summary>Where a command writes, and what the other end can show.</summary>
/// <param name="Out">Results: what a person or a program asked for.</param>
/// <param name="Error">Everything else: errors, progress.</param>
/// <param name="OutColours">Whether escape sequences may go to <paramref name="Out"/>.</param>
/// <param name="ErrorColours">Whether they may go to <paramref name="Error"/>.</param>
/// <param name="IsErrorLive">Whether <paramref name="Error"/> is a screen on which a line can be redrawn.</param>
/// <param name="Width">Columns of the screen; null when there is none, and nothing needs to be wrapped or shortened.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutColours, bool ErrorColours, bool IsErrorLive, int? Width)
{
    private const int NarrowestUseful = 40;

    /// <summary>The process's own console.</summary>
    public static Terminal OfProcess()
    {
        var isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        // https://no-color.org: any value but the empty one.
        var mayColour = !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var (isOutPiped, isErrorPiped) = (System.Console.IsOutputRedirected, System.Console.IsErrorRedirected);
        return new Terminal(
            System.Console.Out, System.Console.Error,
            OutColours: mayColour && !isOutPiped,
            ErrorColours: mayColour && !isErrorPiped,
            IsErrorLive: !isErrorPiped && !isDumb,
            Width: WidthOfScreen(isOutPiped, isErrorPiped));
    }

    private static int? WidthOfScreen(bool isOutPiped, bool isErrorPiped)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns >= NarrowestUseful) return columns;
        if (isOutPiped && isErrorPiped) return null;
        var width = System.Console.WindowWidth;
        return width >= NarrowestUseful ? width : NarrowestUseful;
    }
}
