using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Where instantiation is, for the trail of its messages.</summary>
internal sealed class InstantiationContext(DiagnosticBag diagnostics)
{
    private readonly List<Func<string>> _trail = [];

    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>Reports with the trail of where we are, and what more is known.</summary>
    public void Report(DiagnosticRule rule, SourceSpan span, string message, IEnumerable<string>? more = null, string? suggestion = null)
        => diagnostics.Add(rule, span, message, suggestion, _trail.Select(step => step()).Concat(more ?? []));

    /// <summary>One step deeper, until disposed. The text is made only when something is reported.</summary>
    public IDisposable Enter(Func<string> step)
    {
        _trail.Add(step);
        return new Step(_trail);
    }

    /// <summary>One step deeper, at a place in a declaration.</summary>
    public IDisposable Enter(SourceSpan span) => Enter(() => $"from {span.Short}");

    private sealed class Step(List<Func<string>> trail) : IDisposable
    {
        public void Dispose() => trail.RemoveAt(trail.Count - 1);
    }
}
