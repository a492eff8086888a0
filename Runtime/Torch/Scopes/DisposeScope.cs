using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Owns the tensors that are made on its thread while it is the innermost scope, and disposes them with itself. What must outlive
/// it is moved to the outer scope or detached.
/// </summary>
public class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly HashSet<IDisposable> _owned = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        Outer = outer;
    }

    internal DisposeScope? Outer { get; set; }

    /// <summary>How many things this scope owns.</summary>
    public int DisposablesCount => _owned.Count;

    /// <summary>What this scope owns.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. _owned];

    public bool Contains(IDisposable disposable) => _owned.Contains(disposable);

    /// <summary>Gives one object to the scope around this one; where there is none, it is detached.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveToOuter([(IDisposable)disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        MoveToOuter([first, (IDisposable)second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        MoveToOuter([first, second, (IDisposable)third]);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            if (disposable is null || !_owned.Remove(disposable)) continue;
            if (Outer is not null) Outer.Own(disposable);
            else Release(disposable);
        }
    }

    /// <summary>Takes one object out of this scope: nothing disposes it but its owner.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        Detach([(IDisposable)disposable]);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        Detach([first, (IDisposable)second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Detach([first, second, (IDisposable)third]);
        return (first, second, third);
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            if (disposable is null || !_owned.Remove(disposable)) continue;
            Release(disposable);
        }
    }

    /// <summary>Disposes what this scope owns, now.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([(IDisposable)keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, (IDisposable)second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, (IDisposable)third]);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var kept = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in _owned.ToArray())
        {
            if (kept.Contains(disposable)) continue;
            _owned.Remove(disposable);
            _manager.Counts.DisposedInScopeCount++;
            _manager.Counts.ThreadTotalLiveCount--;
            if (disposable is Tensor tensor) tensor.DisposeFromScope();
            else disposable.Dispose();
        }
    }

    /// <summary>Tells the scope that something it owns has been disposed.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Forget(disposable);
        if (disposable is Tensor tensor) tensor.Scope = null;
    }

    public void Dispose()
    {
        DisposeEverything();
        _manager.Remove(this);
        GC.SuppressFinalize(this);
    }

    internal void Own(IDisposable disposable)
    {
        _owned.Add(disposable);
        if (disposable is Tensor tensor) tensor.Scope = this;
    }

    internal void Forget(IDisposable disposable)
    {
        if (!_owned.Remove(disposable)) return;
        _manager.Counts.DisposedInScopeCount++;
        _manager.Counts.ThreadTotalLiveCount--;
    }

    private void Release(IDisposable disposable)
    {
        _manager.Counts.DetachedFromScopeCount++;
        if (disposable is Tensor tensor) tensor.Scope = null;
    }
}
