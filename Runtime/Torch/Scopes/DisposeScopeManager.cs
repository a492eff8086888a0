using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The dispose scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? t_current;

    private DisposeScope? _innermost;

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    /// <summary>What this thread's scopes have seen.</summary>
    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal static DisposeScopeManager OfThread => t_current ??= new DisposeScopeManager();

    internal static void Register(Tensor tensor)
    {
        var manager = OfThread;
        manager.Counts.ThreadTotalLiveCount++;
        if (manager._innermost is { } scope)
        {
            manager.Counts.CreatedInScopeCount++;
            scope.Own(tensor);
        }
        else
        {
            manager.Counts.CreatedOutsideScopeCount++;
        }
    }

    internal DisposeScope Open() => _innermost = new DisposeScope(this, _innermost);

    /// <summary>Takes a scope off; one that is not the innermost is taken out from between.</summary>
    internal void Remove(DisposeScope closed)
    {
        if (_innermost == closed)
        {
            _innermost = closed.Outer;
            return;
        }
        for (var scope = _innermost; scope is not null; scope = scope.Outer)
        {
            if (scope.Outer != closed) continue;
            scope.Outer = closed.Outer;
            return;
        }
    }
}

/// <summary>Counts of one thread, since its start or the last <see cref="Reset"/>.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }
    public long CreatedInScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Tensors of this thread that no scope has disposed yet; those disposed outside of any scope are not seen.</summary>
    public long ThreadTotalLiveCount { get; internal set; }

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        DetachedFromScopeCount = 0;
        ThreadTotalLiveCount = 0;
    }
}
