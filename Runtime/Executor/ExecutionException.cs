namespace Notochord.Execution;

/// <summary>An operation of a declaration failed while it ran; the message says which and where it is declared.</summary>
public sealed class ExecutionException(string message, Exception cause) : InvalidOperationException(message, cause);
