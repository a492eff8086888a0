namespace Notochord.Cli;

/// <summary>Ends a command with a message for the person and an exit code, and without a stack trace.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
