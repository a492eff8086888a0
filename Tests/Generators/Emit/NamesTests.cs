using Microsoft.CodeAnalysis;

namespace Notochord.Generators.Tests.Emit;

/// <summary>Names of declarations that generated code has a use of its own for.</summary>
public class NamesTests
{
    [Theory]
    [InlineData("levels")]
    [InlineData("variant")]
    [InlineData("options")]
    [InlineData("features")]
    [InlineData("info")]
    public void A_module_may_bear_the_name_of_what_a_constructor_takes(string name)
    {
        var text = $$"""
            arch: net
            params:
              dim: 8
            input: image[B, 3, H, W]
            modules:
              stem: conv2d(3, dim, 1)
            stages:
              name: {{name}}
              count: 2
              depth: 1
              block: conv2d(dim, dim, 1)
            features: {{name}}
            forward: return {{name}}(stem(image));
            """;
        Compiles(text);
    }

    [Fact]
    public void Tensors_of_numbers_are_written_out_or_computed() => Compiles("""
        arch: net
        params: { rates: [0.5, 1.0, 2.0] }
        input: x[B, 3]
        forward: return x + tensor([1, 2.5, 3], like=x) + tensor(linspace(0, 1, 3), like=x) + tensor(rates, like=x);
        """);

    private static void Compiles(string text)
    {
        _ = Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }
}
