using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Notochord.Generators.Tests.Emit;

/// <summary>Debuggers and stack traces point at the declaration.</summary>
public class LineMapTests
{
    private const string Text = """
        block: two(int dim)
        input: x[B, dim]
        output: "[B, dim]"
        modules:
          a: linear(dim, dim)
          b: linear(dim, dim)
        forward: |
          y = relu(b(relu(a(x))));
          return x + y;
        """;

    [Fact]
    public void TheVisiblePlacesOfForwardAreItsStatements()
    {
        Harness.Driver([("folder/two.blocks.yaml", Text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out _);
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var reader = provider.GetMetadataReader();
        var places = reader.MethodDebugInformation.Select(reader.GetMethodDebugInformation).SelectMany(m => m.GetSequencePoints())
            .Where(p => !p.IsHidden && reader.GetString(reader.GetDocument(p.Document).Name).EndsWith("two.blocks.yaml", StringComparison.Ordinal))
            .Select(p => (p.StartLine, p.StartColumn));
        Assert.Equal([(8, 3), (9, 3)], places);
    }
}
