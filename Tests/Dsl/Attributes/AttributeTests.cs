using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Attributes;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Tests.Dsl.Reading;

namespace Notochord.Tests.Dsl.Attributes;

public sealed class AttributeTests
{
    private const string Tiny = """"
        using Notochord;

        [Backbone("tiny", Input = "image[B, in_chans, H, W]", Use = "attention, embed", Doc = "A small one.")]
        [Param("int in_chans = 3, int dim = 96"), Param("int[] depths = [2, 2, 6, 2]")]
        [Param("double rate = 0, block norm = layer_norm(eps=1e-6), string pool = \"avg\"")]
        [Define("hidden", "(int)(dim * 4.0)")]
        [Stem("patch_embed", @"patch_embed(in_chans, dim, patch=4)")]
        [Stages(Name = "layers", Count = "4", Downsample = "i > 0 ? patch_merging(dim << (i - 1)) : none", Depth = "depths[i]",
            Block = """swin_block(dim << i, "same", shift=j % 2)""")]
        [Head("norm_out", "norm(dim << 3)")]
        [Head("head", """
            classifier_head(
                dim << 3,
                hidden)
            """)]
        [Variant("tiny_small", "rate = 1, depths = [2, 2, 18, 2], norm = batch_norm2d")]
        [Variant("tiny_tiny")]
        [Features("stages")]
        [Init("linear.weight", "trunc_normal(std=0.02)")]
        [Search("depths[2]", Choice = "6, 12, 18"), Search("rate", Range = "0, 0.4", Step = "0.1")]
        public partial class Tiny;
        """";

    private const string SameInYaml = """
        arch: tiny
        use: attention, embed
        doc: A small one.
        params:
          in_chans: 3
          dim: 96
          depths: [2, 2, 6, 2]
          rate: double 0
          norm: layer_norm(eps=1e-6)
          pool: "avg"
        input: image[B, in_chans, H, W]
        define: { hidden: (int)(dim * 4.0) }
        stem:
          patch_embed: patch_embed(in_chans, dim, patch=4)
        stages:
          name: layers
          count: 4
          downsample: "i > 0 ? patch_merging(dim << (i - 1)) : none"
          depth: depths[i]
          block: swin_block(dim << i, "same", shift=j % 2)
        head:
          norm_out: norm(dim << 3)
          head: classifier_head(dim << 3, hidden)
        variants:
          tiny_small: { rate: 1, depths: [2, 2, 18, 2], norm: batch_norm2d }
          tiny_tiny: {}
        features: stages
        init: { linear.weight: trunc_normal(std=0.02) }
        search:
          depths[2]: [6, 12, 18]
          rate: { range: [0, 0.4], step: 0.1 }
        """;

    [Fact]
    public void Attributes_make_the_same_model_as_YAML()
    {
        var attributes = AttributeReader.Read(Classes(Tiny)[0]);
        var yaml = DeclarationReader.Read("tiny.arch.yaml", SameInYaml);

        Assert.Empty(attributes.Diagnostics);
        Assert.Empty(yaml.Diagnostics);
        Assert.Equal(ModelText.Of(yaml.Architecture!), ModelText.Of(attributes.Architecture!));
    }

    [Fact]
    public void Every_name_stands_where_its_span_says()
    {
        var file = AttributeReader.Read(Classes(Tiny)[0]);
        var lines = Tiny.Split('\n');
        var names = new List<NameExpr>();
        ModelWalk.Visit(file, o => { if (o is NameExpr n) names.Add(n); });

        var synthesized = file.Architecture!.Body.Forward.Select(s => s.Span).ToHashSet();
        Assert.True(names.Count > 25);
        foreach (var name in names.Where(n => !synthesized.Contains(n.Span) && n.Name != "layers"))
        {
            Assert.Equal(name.Name, lines[name.Span.Line - 1][(name.Span.Column - 1)..(name.Span.EndColumn - 1)]);
        }
    }

    [Fact]
    public void What_is_wrong_is_said_at_its_place_in_the_class()
    {
        const string source = """
            [Backbone("a b", Inputs = "x[B]", Input = "x[B")]
            [Param("dim = 96"), Param("int dim 96"), Param("it dim = 3"), Param("int dim = 3, int dim = 4")]
            [Define("h"), Define("g", "dim +")]
            [Stem("a", "conv(3"), Stem("conv(3)")]
            [Stages(Count = "4", Block = "f(i)", Depths = "3")]
            [Head("h", "f(2)"), Head("h", "f(3)")]
            [Variant("v", "dims = 3, dim = 2.5"), Variant("w", "3")]
            [Search("dim", Choice = "1, x", Log = true)]
            [Architecture("swin")]
            partial class Wrong;

            [Param("int dim = 96")]
            partial class NoBackbone;

            [Backbone]
            partial class NoName;
            """;

        Snapshot.Verify(string.Join('\n', Classes(source).SelectMany(c => AttributeReader.Read(c).Diagnostics).Select(d => d.ToString())));
    }

    [Fact]
    public void A_class_takes_an_architecture_from_YAML_with_parameters_of_its_own()
    {
        var swin = DeclarationReader.Read("zoo/swin.arch.yaml", Samples.Swin);
        var derived = DerivedArchitecture.Read(Classes("""[Architecture("swin", Variant = "swin_small_patch4_window7_224", Params = "dim = 64, drop_path_rate = 0")] partial class Mine;""")[0], [swin]);

        Assert.Empty(derived.Diagnostics);
        Assert.Equal("zoo/swin.arch.yaml", derived.Path);
        Assert.Equal(swin.Architecture!.Body, derived.Architecture!.Body);
        var variant = Assert.Single(derived.Architecture.Variants);
        Assert.Equal("Mine", variant.Name);
        Assert.Equal(["depths", "pool", "norm_layer", "dim", "drop_path_rate"], variant.Overrides.Select(o => o.Name));
        Assert.Equal(0.0, Assert.IsType<DoubleLiteral>(variant.Overrides[4].Value).Value);
    }

    [Fact]
    public void A_wrong_reference_to_an_architecture_is_said_at_its_place()
    {
        const string source = """
            [Architecture("swn")] partial class A;
            [Architecture("swin", Variant = "swin_tiny", Params = "dims = 3, dim = 2.5, dim")] partial class B;
            [Architecture("swin", Varant = "x"), Head("a", "f(2)")] partial class C;
            [Architecture] partial class D;
            [Architecture("swin", Params = "dim = 2, dim = 3")] partial class E;
            """;
        DeclarationFile[] files = [DeclarationReader.Read("swin.arch.yaml", Samples.Swin)];

        Snapshot.Verify(string.Join('\n', Classes(source).SelectMany(c => DerivedArchitecture.Read(c, files).Diagnostics).Select(d => d.ToString())));
    }

    [Fact]
    public void Classes_compare_by_what_their_attributes_say()
    {
        Assert.Equal(Classes(Tiny)[0], Classes(Tiny + "\n// edited")[0]);
        Assert.NotEqual(Classes(Tiny)[0], Classes(Tiny.Replace("dim = 96", "dim = 97", StringComparison.Ordinal))[0]);
    }

    [Fact]
    public void Random_damage_to_the_texts_never_throws()
    {
        var random = new Random(5);
        var tiny = Classes(Tiny)[0];
        string[] tokens = ["(", ")", "[", "]", ",", "=", "\"", " ", "", "..", "int", "{", "}", "?", ":", "\n", "none", "😀"];
        for (var round = 0; round < 2000; round++)
        {
            var damaged = tiny.Attributes.Select(a => a with
            {
                Arguments = a.Arguments.Select(g => g with { Values = g.Values.Select(v => random.Next(8) == 0 ? Damage(v, tokens, random) : v).ToEquatableArray() }).ToEquatableArray(),
            });
            var file = AttributeReader.Read(tiny with { Attributes = damaged.ToEquatableArray() });
            Assert.All(file.Diagnostics, d => Assert.True(d.Span is { File: "Models.cs", Line: > 0, Column: > 0 }, d.ToString()));
        }
    }

    private static CodeText Damage(CodeText code, string[] tokens, Random random)
    {
        var at = random.Next(code.Text.Length + 1);
        return code with { Text = random.Next(2) == 0 ? code.Text[..at] : code.Text.Insert(at, tokens[random.Next(tokens.Length)]) };
    }

    private static List<AttributedClass> Classes(string source)
    {
        var reader = new AttributedClassReader(new LiteralPlaces("Models.cs", source), a => a.Name.ToString(), e => e.ToString());
        return [.. CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().Select(reader.Read)];
    }
}
