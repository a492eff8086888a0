using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Pipeline;

/// <summary>Findings as Roslyn's diagnostics, with places in the declarations.</summary>
internal static class Descriptors
{
    private static readonly Dictionary<string, DiagnosticDescriptor> All = Rules.All.ToDictionary(
        r => r.Id,
        r => new DiagnosticDescriptor(r.Id, r.Title, "{0}", "Notochord", Severity(r.Severity), isEnabledByDefault: true, description: r.Help));

    /// <summary>The finding for Roslyn.</summary>
    public static Microsoft.CodeAnalysis.Diagnostic Of(Dsl.Text.Diagnostic diagnostic)
        => Microsoft.CodeAnalysis.Diagnostic.Create(All[diagnostic.Rule.Id], Place(diagnostic.Span), diagnostic.OneLine);

    private static Location Place(SourceSpan span)
    {
        if (span.Line == 0) return Location.None;
        var start = new LinePosition(span.Line - 1, Math.Max(0, span.Column - 1));
        var end = new LinePosition(Math.Max(span.Line, span.EndLine) - 1, Math.Max(0, span.EndColumn - 1));
        return Location.Create(span.File, new TextSpan(0, 0), new LinePositionSpan(start, end < start ? start : end));
    }

    private static DiagnosticSeverity Severity(Severity severity) => severity switch
    {
        Dsl.Text.Severity.Error => DiagnosticSeverity.Error,
        Dsl.Text.Severity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Info,
    };
}
