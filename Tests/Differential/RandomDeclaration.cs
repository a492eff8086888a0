namespace Notochord.Differential.Tests;

/// <summary>A random architecture that is valid by construction: a stem that halves the image, stages that halve it further, blocks that keep shapes.</summary>
internal static class RandomDeclaration
{
    /// <summary>Blocks that all random files have beside their own: two results, two inputs.</summary>
    private const string Common = """
        ---
        block: two(int dim)
        input: x[B, dim, H, W]
        parameters:
          scale: ones[dim]
        forward: |
          y = x * rearrange(scale, "c -> 1 c 1 1");
          return (y, tanh(y) + x);
        ---
        block: mix(int dim)
        input: a[.., dim], b[.., dim]
        output: "[.., dim]"
        modules:
          proj: linear(dim, dim)
        forward: return a + proj(b);
        """;

    /// <summary>The name of the architecture of a seed.</summary>
    public static string Name(int seed) => $"random{seed}";

    /// <summary>The file of a seed.</summary>
    public static string Text(int seed)
    {
        var random = new Random(seed);
        var blocks = new List<string>();
        var texts = new List<string>();
        for (var i = random.Next(2, 4); i > 0; i--)
        {
            var writer = new BlockWriter(random, [.. blocks]);
            writer.Steps(random.Next(4, 10));
            writer.Line("return x;");
            blocks.Add($"block{blocks.Count}");
            texts.Add(writer.Text(blocks[^1]));
        }

        T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
        string Stage() => $"{Pick([.. blocks])}(dim << i, heads[i], ratio, {Pick("gated", "!gated", "i == 0", "j % 2 == 0", "true")}, {Pick("1", "2", "i + 1")}, norm=norm, act=act)";
        var stages = random.Next(1, 4);
        string List(Func<int> item) => string.Join(", ", Enumerable.Range(0, stages).Select(_ => item()));
        return $"""
            arch: {Name(seed)}
            params:
              in_chans: 3
              num_classes: {random.Next(2, 9)}
              dim: {Pick(4, 8, 12)}
              depths: [{List(() => random.Next(1, 3))}]
              heads: [{List(() => Pick(1, 2, 4))}]
              ratio: {Pick("1.5", "2.0", "1.0")}
              gated: {Pick("true", "false")}
              norm: {Pick("layer_norm", "layer_norm(eps=1e-6)", "rms_norm")}
              act: {Pick("gelu", "relu", "silu", "none", "leaky_relu(0.1)")}
            input: image[B, in_chans, H, W]
            stem:
              conv: {Pick("conv2d(in_chans, dim, 3, stride=2, padding=1, bias=false)", "conv2d(in_chans, dim, 2, stride=2)", "[\"conv2d(in_chans, dim, 3, padding=1)\", \"avg_pool2d(2)\"]")}
              bn: {Pick("batch_norm2d(dim)", "layer_norm2d(dim)", "'gated ? batch_norm2d(dim) : none'")}
            stages:
              name: {Pick("layers", "stages", "'layer{i + 1}'")}
              count: len(depths)
              as: i
              downsample:
                when: i > 0
                use: {Pick("'conv2d(dim << (i - 1), dim << i, 2, stride=2)'", "['max_pool2d(2)', 'conv2d(dim << (i - 1), dim << i, 1)']", "['batch_norm2d(dim << (i - 1))', 'conv2d(dim << (i - 1), dim << i, 3, stride=2, padding=1)']")}
              depth: depths[i]
              index: j
              block: '{(random.Next(2) == 0 ? Stage() : $"j % 2 == 0 ? {Stage()} : {Stage()}")}'
            head:
              norm: {Pick("'layer_norm2d(dim << (len(depths) - 1))'", "none", "'group_norm(2, dim << (len(depths) - 1))'")}
              pool: global_avg_pool
              fc: '{Pick("linear(dim << (len(depths) - 1), num_classes)", "num_classes > 0 ? linear(dim << (len(depths) - 1), num_classes, bias=gated) : none")}'
            features: stages
            ---
            {string.Join("---\n", texts)}{Common}
            """;
    }
}
