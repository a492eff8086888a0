namespace Notochord.Tests.Dsl.Reading;

/// <summary>Valid files, as docs/language.md shows them.</summary>
internal static class Samples
{
    public const string Swin = """
        arch: swin
        paper: "Liu et al. 2021, arXiv:2103.14030"
        use: [attention, embed, heads]
        params:                       # the type of each follows from its value
          in_chans: 3
          num_classes: 1000
          dim: 96
          depths: [2, 2, 6, 2]
          window: 7
          drop_path_rate: 0.1
          qkv_bias: true
          pool: "avg"
          norm_layer: layer_norm(eps=1e-6)
          act: gelu
          widths: double[] []
        input: image[B, in_chans, H, W]
        variants:
          swin_tiny_patch4_window7_224: {}
          swin_small_patch4_window7_224: { depths: [2, 2, 18, 2], drop_path_rate: 1, pool: max, norm_layer: "layer_norm(dim, eps=1e-5)" }
        stem:
          patch_embed: patch_embed(in_chans, dim, patch=4)
        stages:
          name: layers                # or "layer{i + 1}": a top-level module per stage
          count: 4
          as: i
          downsample: { when: i > 0, use: "patch_merging(dim << (i - 1))" }
          depth: depths[i]
          index: j
          block: swin_block(dim << i, heads[i], window, shift=j % 2 * (window / 2))
        head:
          norm: layer_norm(dim << 3)
          head: classifier_head(dim << 3, num_classes)
        features: stages
        init:
          linear.weight: trunc_normal(std=0.02)
        search:
          depths[2]: { choice: [6, 12, 18] }
          drop_path_rate: { range: [0, 0.4], step: 0.1 }
        ---
        block: swin_block(int dim, int heads, int window, int shift = 0, double mlp_ratio = 4, double drop_path = 0, block norm = layer_norm)
        doc: Window attention and an MLP, each pre-normalised, with residual connections.
        input:  x[B, H, W, dim]
        output: "[B, H, W, dim]"        # quoted: YAML would read a plain [..] as a list; the list form works as well
        define:
          hidden: (int)(dim * mlp_ratio)
        modules:
          norm1: norm(dim)
          attn:  window_attention(dim, heads, window, shift)
          norm2: norm(dim)
          mlp:   [linear(dim, hidden), gelu, linear(hidden, dim)]
          drop:  "drop_path > 0 ? stochastic_depth(drop_path) : none"
        parameters:
          gamma: ones[dim]
        forward: |
          x = x + drop(gamma * attn(norm1(x)));
          return x + drop(mlp(norm2(x)));

        """;
}
