using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Tests.Dsl.Reading;

public sealed class ReadingTests
{
    private static readonly DeclarationFile Swin = DeclarationReader.Read("swin.arch.yaml", Samples.Swin);
    private static readonly string[] Lines = Samples.Swin.Split('\n');

    [Fact]
    public void The_sample_has_no_findings() => Assert.Empty(Swin.Diagnostics);

    [Fact]
    public void Types_of_params_follow_from_their_values()
    {
        var types = Swin.Architecture!.Body.Params.ToDictionary(p => p.Name, p => p.Type);

        Assert.Equal(ParamType.Int, types["dim"]);
        Assert.Equal(ParamType.IntList, types["depths"]);
        Assert.Equal(ParamType.Double, types["drop_path_rate"]);
        Assert.Equal(ParamType.Bool, types["qkv_bias"]);
        Assert.Equal(ParamType.String, types["pool"]);
        Assert.Equal(ParamType.Block, types["norm_layer"]);
        Assert.Equal(ParamType.Block, types["act"]);
        Assert.Equal(ParamType.DoubleList, types["widths"]);
    }

    [Fact]
    public void Variants_convert_to_the_declared_types()
    {
        var small = Swin.Architecture!.Variants[1].Overrides.ToDictionary(o => o.Name, o => o.Value);

        Assert.Equal(1.0, Assert.IsType<DoubleLiteral>(small["drop_path_rate"]).Value);
        Assert.Equal("max", Assert.IsType<StringLiteral>(small["pool"]).Value);
        Assert.Equal(2, Assert.IsType<CallExpr>(small["norm_layer"]).Arguments.Count);
    }

    [Fact]
    public void Stages_become_a_repeated_chain()
    {
        var layers = Swin.Architecture!.Body.Modules[1];
        var repeat = Assert.IsType<RepeatEntry>(layers.Entry);
        var stage = Assert.IsType<ChainEntry>(repeat.Body);

        Assert.Equal("layers", layers.Name);
        Assert.Null(repeat.Names);
        Assert.Equal(["downsample", "blocks"], stage.Children.Select(c => c.Name));
        Assert.Equal("j", Assert.IsType<RepeatEntry>(stage.Children[1].Entry).Index);
        Assert.Equal("layers", Assert.IsType<NameExpr>(Assert.Single(Swin.Architecture.Features!.Modules)).Name);
    }

    [Fact]
    public void Flat_stages_with_a_template_are_top_level_modules_of_their_blocks()
    {
        var file = DeclarationReader.Read("r.arch.yaml", """
            arch: r
            input: image[B, 3, H, W]
            stem: conv(3, 64)
            stages: { name: "layer{i + 1}", count: 4, flat: true, depth: 2, block: bottleneck(i) }
            head: [pool, "linear(64, 10)"]
            """);

        Assert.Empty(file.Diagnostics);
        Assert.Equal(["stem", "stages", "head"], file.Architecture!.Body.Modules.Select(m => m.Name));
        var stages = Assert.IsType<RepeatEntry>(file.Architecture.Body.Modules[1].Entry);
        Assert.Equal(2, stages.Names!.Parts.Count);
        Assert.IsType<RepeatEntry>(stages.Body);
        Assert.Equal(["0", "1"], Assert.IsType<ChainEntry>(file.Architecture.Body.Modules[2].Entry).Children.Select(c => c.Name));
    }

    [Fact]
    public void A_forward_that_is_not_written_calls_the_modules_in_order()
    {
        var forward = Swin.Architecture!.Body.Forward;

        Assert.Equal(4, forward.Count);
        var first = Assert.IsType<AssignStatement>(forward[0]);
        Assert.Equal("image", Assert.IsType<NameExpr>(Assert.IsType<CallExpr>(first.Value).Arguments[0].Value).Name);
        var last = Assert.IsType<CallExpr>(Assert.IsType<ReturnStatement>(forward[3]).Value);
        Assert.Equal("head", Assert.IsType<NameExpr>(last.Callee).Name);
        Assert.Equal("x", Assert.IsType<NameExpr>(last.Arguments[0].Value).Name);
    }

    [Fact]
    public void A_list_in_brackets_may_hold_applications_with_commas()
    {
        var mlp = Assert.IsType<ChainEntry>(Swin.Blocks[0].Modules.Single(m => m.Name == "mlp").Entry);

        Assert.Equal(3, mlp.Children.Count);
        Assert.Equal(2, Assert.IsType<CallExpr>(Assert.IsType<UseEntry>(mlp.Children[2].Entry).Value).Arguments.Count);
    }

    [Fact]
    public void An_output_may_be_a_list_or_a_string()
    {
        var outputs = new[] { "output: [B, 2 * dim, max(dim, 3)]", "output: \"[B, 2 * dim, max(dim, 3)]\"", "output: y[B, 2 * dim, max(dim, 3)]", "output:\n  - y[B, 2 * dim, max(dim, 3)]" }
            .Select(o => DeclarationReader.Read("f.blocks.yaml", $"block: f(int dim)\ninput: x[B, dim]\n{o}\nforward: return x;"))
            .ToList();

        Assert.All(outputs, f => Assert.Empty(f.Diagnostics));
        Assert.All(outputs, f => Assert.Equal(3, Assert.Single(f.Blocks[0].Outputs).Axes.Count));
        Assert.Equal([null, null, "y", "y"], outputs.Select(f => f.Blocks[0].Outputs[0].Name));
    }

    // Every name, wherever it stands (plain, quoted, in a block scalar, in a list), is where its span says.
    [Fact]
    public void Every_span_of_a_name_holds_that_name()
    {
        var names = new List<NameExpr>();
        ModelWalk.Visit(Swin, o => { if (o is NameExpr n) names.Add(n); });

        Assert.True(names.Count > 60);
        var synthesized = Swin.Architecture!.Body.Forward.Select(s => s.Span).ToHashSet();
        foreach (var name in names.Where(n => !synthesized.Contains(n.Span) && n.Name != "layers"))
        {
            Assert.Equal(name.Name, Text(name.Span));
        }
    }

    [Fact]
    public void Spans_end_where_the_text_ends()
    {
        Assert.Equal("patch_merging(dim << (i - 1))", Text(Find("downsample").Span));
        Assert.Equal("x = x + drop(gamma * attn(norm1(x)));", Text(Swin.Blocks[0].Forward[0].Span));
        Assert.Equal("return x + drop(mlp(norm2(x)));", Text(Swin.Blocks[0].Forward[1].Span));
        Assert.Equal("depths[2]", Text(Swin.Architecture!.Search[0].Span));
    }

    [Fact]
    public void Two_reads_are_equal_and_a_change_is_not()
    {
        Assert.Equal(Swin, DeclarationReader.Read("swin.arch.yaml", Samples.Swin));
        Assert.Equal(Swin.GetHashCode(), DeclarationReader.Read("swin.arch.yaml", Samples.Swin).GetHashCode());
        Assert.NotEqual(Swin, DeclarationReader.Read("swin.arch.yaml", Samples.Swin.Replace("window: 7", "window: 8", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_comment_at_the_end_of_a_line_and_the_line_ends_change_nothing()
    {
        var commented = string.Join('\n', Lines.Select(l => l.Length > 0 && !l.Contains('#', StringComparison.Ordinal) && !l.Contains(';', StringComparison.Ordinal) && !l.EndsWith('|') ? l + "  # edited" : l));

        Assert.NotEqual(Samples.Swin, commented);
        Assert.Equal(Swin, DeclarationReader.Read("swin.arch.yaml", commented));
        Assert.Equal(Swin, DeclarationReader.Read("swin.arch.yaml", Samples.Swin.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(Swin, DeclarationReader.Read("swin.arch.yaml", "\uFEFF" + Samples.Swin));
    }

    [Fact]
    public void Anchors_and_merge_keys_are_resolved()
    {
        var file = DeclarationReader.Read("a.arch.yaml", """
            arch: a
            input: x[B]
            params: { dim: 1, depth: 2, rate: 0.1 }
            variants:
              small: &base { dim: 2, depth: 3 }
              large: { <<: *base, dim: 4, rate: 1 }
              both: { <<: [*base, { rate: 0.5, dim: 9 }] }
              same: *base
            stem: f(dim)
            """);

        Assert.Empty(file.Diagnostics);
        string Say(int variant) => string.Join(" ", file.Architecture!.Variants[variant].Overrides.OrderBy(o => o.Name, StringComparer.Ordinal)
            .Select(o => $"{o.Name}={(o.Value is IntLiteral i ? i.Value : ((DoubleLiteral)o.Value).Value)}"));
        Assert.Equal("depth=3 dim=4 rate=1", Say(1));
        Assert.Equal("depth=3 dim=2 rate=0.5", Say(2));
        Assert.Equal("depth=3 dim=2", Say(3));
    }

    [Fact]
    public void Search_domains_hold_their_numbers()
    {
        var (choice, range) = (Swin.Architecture!.Search[0], Swin.Architecture.Search[1]);

        Assert.Equal(("choice", "range"), (choice.Kind, range.Kind));
        Assert.Equal([6L, 12L, 18L], choice.Values.Select(v => ((IntLiteral)v).Value));
        Assert.Equal([0.0, 0.4, 0.1], range.Values.Select(v => ((DoubleLiteral)v).Value));
    }

    // A broken entry is left out; what is around it is read.
    [Fact]
    public void What_is_around_an_error_is_read()
    {
        var file = DeclarationReader.Read("swin.arch.yaml", Samples.Swin.Replace("attn:  window_attention(dim, heads, window, shift)", "attn:  window_attention(dim, heads: 3)", StringComparison.Ordinal)
            .Replace("window: 7", "window: [[7]]", StringComparison.Ordinal));

        Assert.Equal(2, file.Diagnostics.Count(d => d.Rule.Severity == Severity.Error));
        Assert.Equal(5, file.Blocks[0].Modules.Count);
        Assert.Equal(10, file.Architecture!.Body.Params.Count);
        Assert.Equal(2, file.Architecture.Variants.Count);
    }

    private static UseEntry Find(string child)
    {
        var stage = (ChainEntry)((RepeatEntry)Swin.Architecture!.Body.Modules[1].Entry).Body;
        return (UseEntry)((WhenEntry)stage.Children.Single(c => c.Name == child).Entry).Then;
    }

    private static string Text(SourceSpan span)
    {
        Assert.Equal(span.Line, span.EndLine);
        return Lines[span.Line - 1][(span.Column - 1)..(span.EndColumn - 1)];
    }
}
