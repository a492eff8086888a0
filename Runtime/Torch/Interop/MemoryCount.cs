namespace TorchSharp.Interop;

/// <summary>
/// Counts the bytes of the tensors on the CPU that this thread makes and frees, as libtorch's profiler does: exact, where the process's
/// memory also shows the heap's holes and the collector's patience. For tests and benchmarks; one at a time on a thread.
/// </summary>
internal sealed class MemoryCount : IDisposable
{
    private bool _ended;

    /// <summary>Counts from here on.</summary>
    public MemoryCount() => Native.Check(Native.nt_memory_begin());

    /// <summary>Stops counting.</summary>
    /// <returns>The bytes held beyond those at the beginning, and the most that were on the way.</returns>
    public unsafe (long Held, long Most) End()
    {
        long now, most;
        _ended = true;
        Native.Check(Native.nt_memory_end(&now, &most));
        return (now, most);
    }

    public void Dispose()
    {
        if (!_ended) _ = End();
    }
}
