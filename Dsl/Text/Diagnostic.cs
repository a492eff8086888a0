namespace Notochord.Dsl.Text;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Legal, and probably not meant.</summary>
    Warning,

    /// <summary>The declaration cannot be compiled.</summary>
    Error,
}

/// <summary>One kind of finding.</summary>
/// <param name="Id">NOTO0000.</param>
/// <param name="Title">What is wrong, in general.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Help">Cause and remedy, for the reference page.</param>
public sealed record DiagnosticRule(string Id, string Title, Severity Severity, string Help);

/// <summary>One finding at one place.</summary>
/// <param name="Rule">What kind it is.</param>
/// <param name="Span">Where.</param>
/// <param name="Message">What was expected and what was found.</param>
/// <param name="Trail">How we got there: instances and shapes, outermost first. May be empty.</param>
/// <param name="Suggestion">How to fix it, or null.</param>
public sealed record Diagnostic(DiagnosticRule Rule, SourceSpan Span, string Message, EquatableArray<string> Trail, string? Suggestion)
{
    /// <summary>The message with suggestion and trail, on several lines where it has them.</summary>
    public string FullMessage
    {
        get
        {
            var text = Suggestion is null ? Message : $"{Message} {Suggestion}";
            foreach (var step in Trail) text += "\n    " + step;
            return text;
        }
    }

    /// <summary>The same in one line, for compilers, which print no other: the trail in brackets, outermost first.</summary>
    public string OneLine
    {
        get
        {
            var text = Suggestion is null ? Message : $"{Message} {Suggestion}";
            return Trail.Count == 0 ? text : $"{text} [{string.Join("; ", Trail)}]";
        }
    }

    /// <summary><c>file(line,col): error NOTO0001: message</c>.</summary>
    public override string ToString() => $"{Span}: {Rule.Severity.ToString().ToLowerInvariant()} {Rule.Id}: {FullMessage}";
}

/// <summary>Collects findings; all of a file are reported at once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<(string, SourceSpan, string)> _seen = [];

    /// <summary>All findings, in the order found.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => _items.Exists(d => d.Rule.Severity == Severity.Error);

    /// <summary>Adds a finding; the same message at the same place counts once (a block instantiated fifty times says it once).</summary>
    public void Add(DiagnosticRule rule, SourceSpan span, string message, string? suggestion = null, IEnumerable<string>? trail = null)
    {
        if (_seen.Add((rule.Id, span, message))) _items.Add(new Diagnostic(rule, span, message, (trail ?? []).ToEquatableArray(), suggestion));
    }

    /// <summary>Adds findings made elsewhere.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var d in diagnostics) Add(d.Rule, d.Span, d.Message, d.Suggestion, d.Trail);
    }
}
