namespace Notochord.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>All well.</summary>
    public const int Ok = 0;

    /// <summary>The command did its work, and what it looked for is there: errors in a declaration, a model that differs.</summary>
    public const int Failures = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>A file, a device or a library is missing or unusable.</summary>
    public const int BadInput = 3;

    /// <summary>A bug of this program.</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl-C or a termination signal (128 + SIGINT).</summary>
    public const int Cancelled = 130;
}
