using System.Text;
using Notochord.Dsl.Reading;

namespace Notochord.Tests.Dsl.Reading;

public sealed class DiagnosticsTests
{
    [Fact]
    public void Yaml() => Verify(BrokenCases.Yaml, "Diagnostics.Yaml");

    [Fact]
    public void Keys() => Verify(BrokenCases.Keys, "Diagnostics.Keys");

    [Fact]
    public void Architectures() => Verify(BrokenCases.Architectures, "Diagnostics.Architectures");

    private static void Verify((string Name, string Text)[] cases, string snapshot)
    {
        var report = new StringBuilder();
        foreach (var (name, text) in cases)
        {
            var found = DeclarationReader.Read("f.yaml", text).Diagnostics;
            var lines = text.Split('\n');
            report.Append("== ").Append(name).Append('\n');
            foreach (var d in found)
            {
                Assert.InRange(d.Span.Line, 1, lines.Length);
                Assert.InRange(d.Span.Column, 1, lines[d.Span.Line - 1].Length + 1);
                report.Append(d).Append('\n');
                report.Append("    ").Append(lines[d.Span.Line - 1].Replace('\t', '→')).Append('\n');
                var width = d.Span.EndLine == d.Span.Line ? Math.Max(1, d.Span.EndColumn - d.Span.Column) : lines[d.Span.Line - 1].Length - d.Span.Column + 1;
                report.Append("    ").Append(' ', d.Span.Column - 1).Append('^', Math.Max(1, width)).Append('\n');
            }

            report.Append('\n');
            Assert.True(found.Count > 0, $"Nothing is found in '{name}'.");
        }

        Snapshot.Verify(report.ToString(), snapshot);
    }
}
