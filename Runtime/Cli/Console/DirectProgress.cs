namespace Notochord.Cli.Console;

/// <summary>Reports on the calling thread, in order; <see cref="Progress{T}"/> would post to the pool, where late reports redraw a finished bar.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
