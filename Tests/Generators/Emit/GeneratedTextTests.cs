using Microsoft.CodeAnalysis;
using Notochord.Tests;

namespace Notochord.Generators.Tests.Emit;

/// <summary>Whole generated files, as a reviewer reads them.</summary>
public class GeneratedTextTests
{
    [Theory]
    [InlineData("Swin.g.cs")]
    [InlineData("Swin.Blocks.g.cs")]
    [InlineData("Blocks.Attention.g.cs")]
    [InlineData("Blocks.Residual.g.cs")]
    [InlineData("Cswin.Blocks.g.cs")]
    [InlineData("Cvt.g.cs")]
    [InlineData("Hivit.g.cs")]
    [InlineData("Transnext.Blocks.g.cs")]
    [InlineData("Halonet.Blocks.g.cs")]
    [InlineData("Blocks.Neighborhood.g.cs")]
    [InlineData("Coc.Blocks.g.cs")]
    [InlineData("Densenet.g.cs")]
    [InlineData("Dla.Blocks.g.cs")]
    [InlineData("Nasnet.Blocks.g.cs")]
    [InlineData("Blocks.Reversible.g.cs")]
    [InlineData("Blocks.Necks.g.cs")]
    [InlineData("Fpn.g.cs")]
    public void OfTheZoo(string file) => Snapshot.Verify(Generated.Value[file], $"Zoo.{file[..^".g.cs".Length]}", "cs");

    [Theory]
    [InlineData("Blocks.Layers.g.cs")]
    [InlineData("Blocks.Norms.g.cs")]
    public void OfTheStandardLibrary(string file) => Snapshot.Verify(Standard.Value[file], $"Standard.{file[..^".g.cs".Length]}", "cs");

    [Fact]
    public void ControlFlow()
    {
        const string text = """
            block: mix(int dim, int depth = 2, int[] dilations = [1, 2], double drop = 0.1, block norm = layer_norm(eps=1e-6), bool gated = true)
            doc: Every kind of control flow, so that a reviewer sees what becomes of each.
            input: x[B, N, dim], token[B, dim]
            output: "[B, N, dim], [B, dim]"
            define:
              half: dim / 2
              steps: 1 << depth
              scale: pow(half, -0.5)
            modules:
              norm: norm(dim)
              layers: { repeat: depth, as: i, block: "linear(dim, dim)" }
              drop: "drop > 0 ? stochastic_depth(drop) : none"
            parameters:
              gamma: "gated ? ones[dim] : none"
            constants:
              ramp: linspace(0, 1, dim)
            forward: |
              y = norm(x);
              if (gated) y = y * gamma;
              for (int i = 0; i < depth; i++) {
                if (dilations[i % len(dilations)] > 1) y = y + layers[i](y);
                else y = drop(y);
              }
              n = N * 2;
              (a, b) = split(y, [half, dim - half], -1);
              z = cat([b, a], -1) * scale + ramp;
              z = z[.., ..N, ..] / (n << 1);
              return (z, token);
            """;
        var result = Harness.Driver([("mix.blocks.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings).GetRunResult();
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Snapshot.Verify(result.GeneratedTrees.Single().ToString(), extension: "cs");
    }

    /// <summary>What an architecture does in one mode alone: in its class, in its trunk, and in a block.</summary>
    [Fact]
    public void TrainingMode()
    {
        const string text = """
            arch: net
            params: { dim: 8, num_classes: 10, aux: true }
            input: image[B, 3, H, W]
            modules:
              stem: conv2d(3, dim, 4, stride=4)
              noisy: conv2d(dim, dim, 3, padding=1)
              body: shaken(dim)
              aux_head: [global_avg_pool, "linear(dim, num_classes)"]
              head: [global_avg_pool, "linear(dim, num_classes)"]
            forward: |
              x = stem(image);
              if (training && aux) x = noisy(x);
              y = head(body(x));
              if (training) return [aux_head(x), y];
              return y;
            features: stem, body
            ---
            block: shaken(int dim)
            input: x[B, dim, H, W]
            modules:
              proj: conv2d(dim, dim, 1)
            forward: |
              y = training ? proj(x) : 2 * proj(x);
              return x + y;
            """;
        var result = Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings).GetRunResult();
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Snapshot.Verify(result.GeneratedTrees.First(t => t.ToString().Contains(": Backbone", StringComparison.Ordinal)).ToString(), extension: "cs");
    }

    /// <summary>A module that may be absent, called with an input that may be; a module named as what the trunk is asked for.</summary>
    [Fact]
    public void AbsentModulesOfSeveralInputs()
    {
        const string text = """
            arch: net
            params: { dim: 8, cross: true }
            input: x[B, dim, H, W]
            modules:
              a: outer(dim, cross)
              last: conv2d(dim, dim, 1)
              end: conv2d(dim, dim, 1)
            forward: return end(last(a(x, x)));
            features: a, last
            ---
            block: outer(int dim, bool cross)
            input: x[B, dim, H, W], before?[B, dim, H, W]
            output: "[B, dim, H, W]"
            modules:
              gate: "cross ? both(dim) : none"
            forward: |
              if (before != none) (x, _) = gate(x, before);
              return x * 2;
            ---
            block: both(int dim)
            input: x[B, dim, H, W], y[B, dim, H, W]
            modules:
              proj: conv2d(dim, dim, 1)
            forward: return (proj(x), y);
            """;
        Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>Limits of loops that bind weaker than a comparison; a module that bears the name of what features are offered to.</summary>
    [Fact]
    public void ConditionalLimitsAndLevelsInChains()
    {
        const string text = """
            arch: net
            params: { dim: 8, few: true, depth: 2 }
            input: x[B, dim, H, W]
            variants:
              net_few: {}
            modules:
              features: { conv0: "conv2d(dim, dim, 1)", 3: "mixer(dim, few, depth)", norm: batch_norm2d(dim) }
            features: features[3], features.norm
            ---
            block: mixer(int dim, bool few, int depth)
            input: x[B, dim, H, W]
            modules:
              layers: { repeat: depth, block: "conv2d(dim, dim, 1)" }
            forward: |
              for (int i = 0; i < (few ? 1 : depth); i++) {
                x = x + layers[i](x);
              }
              return x;
            """;
        Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>The options stand beside the class that private blocks are nested in, variants are derived from it.</summary>
    [Fact]
    public void BlocksOfTheFileAsParameters()
    {
        const string text = """
            arch: net
            params: { dim: 8, mixer: narrow }
            input: x[B, N, dim]
            variants:
              net_narrow: {}
              net_wide: { mixer: wide }
            modules:
              mixer: mixer(dim)
            ---
            block: narrow(int dim)
            input: x[B, N, dim]
            modules: { fc: "linear(dim, dim)" }
            ---
            block: wide(int dim)
            input: x[B, N, dim]
            modules: { fc1: "linear(dim, 2 * dim)", fc2: "linear(2 * dim, dim)" }
            """;
        Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    /// <summary>Sizes of the image, and parameters that forward does not need.</summary>
    [Fact]
    public void MapsOfLevelsReadWhatTheyNeed()
    {
        const string text = """
            arch: net
            params: { dim: 8, patch: 4, depth: 2 }
            input: image[B, dim, H, W]
            modules:
              blocks: { repeat: depth, as: i, block: "linear(dim, dim)" }
            forward: return blocks(rearrange(image, "b c h w -> b (h w) c"));
            features: { of: blocks, as: 'rearrange(x, "b (h p w q) c -> b (p q c) h w", h=H / patch, p=patch, q=patch)' }
            """;
        Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.Contains(compilation.SyntaxTrees, t => t.ToString().Contains("private Tensor LevelMap(Tensor x, Tensor image)", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists()
    {
        const string text = """
            block: neck(int[] dims, int dim, bool coarse = true)
            doc: Lists as inputs, variables, arguments and results, an optional input, and a block that contains itself.
            input: levels[i < len(dims)][B, dims[i], H[i], W[i]], skip?[B, dim, _, _]
            output: "[..][B, dim, _, _]"
            modules:
              lateral: { repeat: len(dims), as: i, block: "conv2d(dims[i], dim, 1)" }
              deeper: "len(dims) > 2 ? neck(dims[1..], dim) : none"
              fuse: fuse(dim)
            forward: |
              outs = [];
              for (int i = 0; i < len(levels); i++) outs = [..outs, lateral[i](levels[i])];
              if (skip != none) outs = [..outs[..^1], outs[^1] + skip];
              if (len(dims) > 2) outs = [outs[0], ..deeper(levels[1..], skip)];
              for (int i = 1; i < len(outs); i++) {
                top = interpolate(outs[^i], [outs[^(i + 1)].shape[2], outs[^(i + 1)].shape[3]], "nearest");
                outs = [..outs[..^(i + 1)], outs[^(i + 1)] + top, ..outs[^i..]];
              }
              sum = fuse([..outs, outs[0]]);
              parts = chunk(sum, 2, 1);
              last = coarse ? [cat(parts[1..], 1)] : parts;
              foreach (var part in last) outs = [..outs, cat([part, parts[0]], 1)];
              return outs;
            ---
            block: fuse(int dim)
            input: xs[..][B, dim, H, W]
            output: "[B, dim, H, W]"
            forward: |
              sum = mean(stack(xs, 0), 0);
              foreach (var x in xs[1..]) sum = sum + x;
              return sum;
            """;
        var result = Harness.Driver([("neck.blocks.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings).GetRunResult();
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Snapshot.Verify(result.GeneratedTrees.Single().ToString(), extension: "cs");
    }

    /// <summary>A parameter that is only handed on has the type of who applies it; elements of a repetition take lists; a parameter may be called levels.</summary>
    [Fact]
    public void BlocksOfSeveralInputsAsParameters()
    {
        const string text = """
            arch: net
            params: { dim: 8, levels: 3, unit: added }
            input: image[B, dim, H, W]
            variants:
              net_added: {}
              net_scaled: { levels: 1, unit: scaled }
            modules:
              trees: { repeat: 2, as: i, name: "tree{i}", block: "levels > 1 ? tree(levels, unit) : leaf(unit)" }
            forward: |
              x = image;
              for (int i = 0; i < 2; i++) x = trees[i](x, [image]);
              return x;
            features: trees
            ---
            block: tree(int levels, block unit)
            input: x[B, C, H, W], more[..][B, C, H, W]
            modules:
              first: "levels > 2 ? tree(levels - 1, unit) : leaf(unit)"
              second: "levels > 2 ? tree(levels - 1, unit) : leaf(unit)"
            forward: |
              y = first(x, []);
              return second(y, [..more, y]);
            ---
            block: leaf(block unit)
            input: x[B, C, H, W], more[..][B, C, H, W]
            modules: { unit: unit() }
            forward: |
              foreach (var y in more) x = unit(x, y);
              return x;
            ---
            block: added
            input: x[B, C, H, W], y[B, C, H, W]
            forward: return x + y;
            ---
            block: scaled
            input: x[B, C, H, W], y[B, C, H, W]
            forward: return x * y;
            """;
        Harness.Driver([("net.arch.yaml", text)]).RunGeneratorsAndUpdateCompilation(Harness.Empty, out var compilation, out var findings);
        Assert.Empty(findings);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
    }

    private static readonly Lazy<Dictionary<string, string>> Generated = new(() => Run(Harness.Driver(Harness.Zoo())));

    private static readonly Lazy<Dictionary<string, string>> Standard = new(() => Run(Harness.Driver(Array.Empty<(string, string)>(), isRuntime: true)));

    private static Dictionary<string, string> Run(GeneratorDriver driver)
        => driver.RunGenerators(Harness.Empty).GetRunResult().Results[0].GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());
}
