using Notochord.Dsl.Cost;
using Notochord.Dsl.Ir;

namespace Notochord.Dsl.Tests.Instantiation;

public class InstantiationTests
{
    private const string Net = """
        arch: net
        params:
          dim: 8
          depths: [1, 2]
          num_classes: 10
        input: image[B, 3, H, W]
        variants:
          net_small: {}
          net_deep: { depths: [3, 4] }
        stem:
          conv: conv2d(3, dim, 4, stride=4)
        stages:
          name: "layer{i + 1}"
          count: len(depths)
          as: i
          downsample: { when: i > 0, use: "conv2d(dim << (i - 1), dim << i, 2, stride=2)" }
          depth: depths[i]
          index: j
          block: residual(dim << i, j)
        head:
          pool: global_avg_pool
          fc: linear(dim << 1, num_classes)
        features: stages
        ---
        block: residual(int dim, int j, block norm = batch_norm2d(eps=1e-3))
        input: x[B, dim, H, W]
        output: "[B, dim, H, W]"
        modules:
          norm: norm(dim)
          act: "j % 2 == 0 ? relu : gelu"
          conv: { 0: "conv2d(dim, 2 * dim, 1)", 1: gelu, 2: "conv2d(2 * dim, dim, 1)" }
        parameters:
          gamma: "j > 0 ? ones[dim] : none"
        forward: |
          y = conv(act(norm(x)));
          if (j > 0) y = y * rearrange(gamma, "c -> c 1 1");
          return x + y;
        """;

    [Fact]
    public void Names_are_the_paths_of_the_file()
    {
        var model = Declarations.Net(Net).Instantiate("net_small")!;
        var names = model.Tensors().Select(t => t.Name).ToList();
        Assert.Contains("layer1.blocks.0.conv.2.weight", names);
        Assert.Contains("layer2.downsample.weight", names);
        Assert.Contains("layer2.blocks.1.gamma", names);
        Assert.DoesNotContain("layer2.blocks.0.gamma", names);
        Assert.DoesNotContain("layer1.downsample.weight", names);
        Assert.DoesNotContain("layer1.downsample.0.weight", names);
    }

    [Fact]
    public void Variants_override_and_parameters_count()
    {
        var project = Declarations.Net(Net);
        var small = project.Instantiate("net_small")!;
        Assert.Equal("", string.Join("\n", project.Diagnostics.Items));
        // conv 4x4x3x8 + 8; residual(8): bn 16, 8*16+16, 16*8+8; two residual(16) with one gamma; downsample 8*16*4 + 16; fc 16*10 + 10.
        Assert.Equal(392 + 296 + (2 * ((2 * 16) + (16 * 32) + 32 + (32 * 16) + 16)) + 16 + 528 + 170, small.ParameterCount);
        Assert.True(project.Instantiate("net_deep")!.ParameterCount > small.ParameterCount);
        Assert.Throws<ArgumentException>(() => project.Instantiate("net_small", new Dictionary<string, Value> { ["dimm"] = new IntValue(4) }));
    }

    [Fact]
    public void What_only_the_state_dict_needs_is_discarded_by_name_and_a_contract_may_be_a_scalar()
    {
        var project = Declarations.Net("""
            arch: net
            input: x[B, 4]
            parameters:
              unread: ones[5]
            buffers:
              running: zeros[4]
            modules:
              twin: linear(4, 4)
              times: times
            forward: |
              _ = unread;
              _ = running;
              _ = twin;
              return times(x, full([], 3, like=x));
            ---
            block: times()
            input: x[.., n], c[]
            output: "[.., n]"
            forward: return c * x;
            """);
        var model = project.Instantiate("net");
        Assert.Equal("", string.Join("\n", project.Diagnostics.Items));
        Assert.Equal(5 + 20, model!.ParameterCount);
    }

    [Fact]
    public void Lgamma_is_the_logarithm_of_the_factorial()
    {
        var project = Declarations.Net("""
            arch: net
            params: { n: 6 }
            input: x[B, n]
            define:
              factorial: round(exp(lgamma(n + 1)))
              half: round(1e9 * lgamma(n + 0.5))
            head: linear(n, factorial + half)
            """);
        // 6! = 720; Gamma(6.5) = 11!! sqrt(pi) / 2^6.
        var half = (long)Math.Round(1e9 * Math.Log(10395 * Math.Sqrt(Math.PI) / 64));
        Assert.Equal((720 + half) * 7, project.Instantiate("net")!.ParameterCount);
    }

    [Fact]
    public void Levels_are_children_of_a_chain_and_elements_from_the_end()
    {
        var project = Declarations.Net("""
            arch: net
            params:
              channels: [8, 12]
              depths: [1, 2]
              multiplier: 1.5
              num_classes: 10
            input: image[B, 3, H, W]
            variants: { net_a: {} }
            define:
              width: scaled_channels(channels, multiplier)
              depth: scaled_depths(depths, multiplier)
            stem:
              features: { norm0: "conv2d(3, width[0], 1)", 3: "max_pool2d(2)", conv: "conv2d(width[0], width[1], 2, stride=2)", absent: none }
              blocks: { repeat: sum(depth), as: i, block: "conv2d(width[1], width[1], 2, stride=2)" }
            head:
              pool: global_avg_pool
              fc: linear(width[1], num_classes)
            features: features[3], features.absent, blocks[0], blocks[^1]
            """);
        var model = project.Instantiate("net_a");
        Assert.Equal("", string.Join("\n", project.Diagnostics.Items));
        Assert.Equal([("features.3", 16L, 2L), ("features.absent", 24L, 4L), ("blocks.0", 24L, 8L), ("blocks.4", 24L, 128L)], model!.Features.Select(f => (f.Path, f.Channels, f.Reduction)));
    }

    [Theory]
    [InlineData("features.norm1", "'features' has no child 'norm1'. Did you mean 'norm0'?")]
    [InlineData("fc[0]", "'fc' is neither a repetition nor a chain written here: its parts cannot be levels.")]
    [InlineData("stem", "features names modules of the architecture; there is no 'stem'.")]
    public void Levels_that_are_nothing_are_findings(string level, string finding)
    {
        var findings = Declarations.Findings($$"""
            arch: net
            input: image[B, 3, H, W]
            stem:
              features: { norm0: "conv2d(3, 8, 1)" }
            head:
              pool: global_avg_pool
              fc: linear(8, 10)
            features: {{level}}
            """);
        Assert.Contains(findings, f => f.Contains(finding, StringComparison.Ordinal));
    }

    [Fact]
    public void Features_have_channels_and_reductions()
    {
        var model = Declarations.Net(Net).Instantiate("net_small")!;
        Assert.Equal([("layer1", 8L, 4L), ("layer2", 16L, 8L)], model.Features.Select(f => (f.Path, f.Channels, f.Reduction)));
    }

    [Fact]
    public void A_block_value_keeps_its_arguments()
    {
        var model = Declarations.Net(Net).Instantiate("net_small")!;
        var norm = model.Root.Find("layer1")!.Find("blocks")!.Find("0")!.Find("norm")!;
        Assert.Equal("batch_norm2d", norm.Block!.Name);
        Assert.Equal(new DoubleValue(1e-3), norm.Arguments["eps"]);
    }

    [Fact]
    public void Cost_counts_products_without_biases()
    {
        var model = Declarations.Net(Net).Instantiate("net_small")!;
        var cost = CostModel.Measure(model, batch: 2, sizes: model.Image(32, 64));
        // Maps are 8x16 after the stem and 4x8 after the downsampling; two 1x1 convolutions a residual.
        var one = (8L * 16 * 8 * 48) + (8 * 16 * 2 * 8 * 16) + (4 * 8 * 16 * 32) + (2 * 4 * 8 * 2 * 16 * 32) + (16 * 10);
        Assert.Equal(2 * one, cost.Macs);
        Assert.Equal(model.ParameterCount, cost.Parameters);
        Assert.Equal([2, 10], cost.Outputs[0]);
    }

    [Fact]
    public void An_absent_module_is_the_identity()
    {
        var project = Declarations.Net(Declarations.OneBlock("probe(dim)", """
            block: probe(int dim, double drop = 0)
            input: x[B, dim, H, W]
            output: "[B, dim, H, W]"
            modules:
              drop: "drop > 0 ? dropout(drop) : none"
            forward: return relu(drop(x));
            """));
        var model = project.Instantiate("net")!;
        Assert.Equal("", string.Join("\n", project.Diagnostics.Items));
        Assert.Null(model.Root.Find("block")!.Find("drop"));
    }

    [Fact]
    public void A_block_handed_on_keeps_the_numbers_of_where_it_was_made()
    {
        // Both blocks call something 'width': the outer 32, the one around the inner block 8.
        var project = Declarations.Net("""
            arch: net
            params:
              width: 32
            input: image[B, 3, H, W]
            modules:
              stem: conv2d(3, width, 1)
              body: around(width / 4, narrow(width, width / 2))
            ---
            block: around(int width, block inner)
            input: x[B, C, H, W]
            modules:
              pre:   conv2d(4 * width, 4 * width, 1)
              inner: inner()
            forward: return inner(pre(x));
            ---
            block: narrow(int dim, int width)
            input: x[B, dim, H, W]
            output: "[B, width, H, W]"
            modules:
              conv: conv2d(dim, width, 1)
            """);
        var model = project.Instantiate("net")!;
        Assert.Equal("", string.Join("\n", project.Diagnostics.Items));
        Assert.Equal(16, model.Graph.Outputs[0].Shape[1].Value);
    }
}
