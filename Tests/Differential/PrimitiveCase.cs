namespace Notochord.Differential.Tests;

/// <summary>A call of a primitive as the forward of a model.</summary>
/// <param name="Forward">The forward over x and the parameters.</param>
/// <param name="Input">The contract of x.</param>
/// <param name="Sizes">The sizes of x; odd where they may be.</param>
/// <param name="Parameters">Parameters <c>name[axes]</c>, separated by semicolons; buffers after a bar.</param>
internal sealed record PrimitiveCase(string Forward, string Input = "x[B, C, H, W]", long[]? Sizes = null, string Parameters = "")
{
    /// <summary>The sizes of x.</summary>
    public long[] Shape => Sizes ?? [2, 4, 5, 7];

    /// <summary>The model as a file.</summary>
    public string Text(string name)
    {
        var halves = Parameters.Split('|');
        return $"arch: {name}\ninput: {Input}\n{Section("parameters", halves[0])}{(halves.Length > 1 ? Section("buffers", halves[1]) : "")}forward: |\n  {Forward}\n";
    }

    private static string Section(string key, string entries) => entries.Trim().Length == 0 ? "" : $"{key}:\n{string.Join('\n', entries.Split(';').Select(Entry))}\n";

    private static string Entry(string entry)
    {
        var bracket = entry.IndexOf('[', StringComparison.Ordinal);
        return $"  {entry[..bracket].Trim()}: ones{entry[bracket..].Trim()}";
    }
}

/// <summary>Calls of every primitive, by its name.</summary>
internal static class PrimitiveCases
{
    private const string Tokens = "x[B, N, C]";

    private static readonly long[] TokenSizes = [2, 5, 6];

    public static IReadOnlyDictionary<string, PrimitiveCase[]> All { get; } = new Dictionary<string, PrimitiveCase[]>
    {
        ["rearrange"] = [new("return rearrange(x, \"b (g c) h w -> b (h w) c g\", g=2);"), new("return rearrange(x, \"... h w -> ... w h\");")],
        ["reduce"] = [new("return reduce(x, \"b c h w -> b c\", \"mean\");"), new("return reduce(x, \"b (g c) h w -> b g h\", \"max\", g=2);"), new("return reduce(x, \"b c h w -> c\", \"sum\");"), new("return reduce(x, \"b c h w -> h w\", \"min\");")],
        ["repeat"] = [new("return repeat(x, \"b c h w -> b (c k) h w\", k=3);")],
        ["linear"] = [new("return linear(x, w, b);", "x[B, N, 6]", TokenSizes, "w[4, 6]; b[4]"), new("return linear(x, w);", "x[B, 6]", [3, 6], "w[4, 6]")],
        ["matmul"] = [new("return matmul(x, w);", "x[B, N, 6]", TokenSizes, "w[6, 3]"), new("return matmul(x, transpose(x, 1, 2));", Tokens, TokenSizes), new("return matmul(x, w);", "x[B, N, 6]", TokenSizes, "w[6]")],
        ["einsum"] = [new("return einsum(\"bnc,cd->bd\", [x, w]);", "x[B, N, 6]", TokenSizes, "w[6, 3]")],
        ["attention"] = [new("return attention(x, k, v, scale=0.3);", "x[B, N, 6]", TokenSizes, "k[7, 6]; v[7, 3]"), new("return attention(x, 2 * x, x, bias, scale=0.3);", "x[B, 5, C]", TokenSizes, "bias[5, 5]")],
        ["neighborhood_qk"] = [new("return neighborhood_qk(x, x, [3, 3], dilation=[1, 2]);", "x[B, H, W, C]", [1, 5, 7, 4])],
        ["neighborhood_av"] = [new("return neighborhood_av(softmax(neighborhood_qk(x, x, 3)), x, 3);", Tokens, TokenSizes), new("return neighborhood_av(w, x, 3, border=\"zero\");", "x[B, 5, C]", TokenSizes, "w[2, 5, 3]")],
        ["neighborhood_index"] = [new("return x + neighborhood_index(C, 3, like=x)[.., 0];", Tokens, TokenSizes)],
        ["selective_scan"] =
        [
            new("return selective_scan(x, softplus(x), -exp(a), b, c);", "x[B, 6, 5]", [2, 6, 5], "a[6, 3]; b[2, 3, 5]; c[2, 3, 5]"),
            new("return selective_scan(x, softplus(2 * x), -exp(a), x * b, rearrange(x, \"b (g n) l -> b g n l\", g=1) * c, flip(arange(0, L), [0]), 2);", "x[B, 2, L]", [2, 2, 7], "a[2, 2]; b[2, 1]; c[2, 1]"),
            new("return selective_scan(x, softplus(x), -exp(a), b, c, stack([arange(0, 5), flip(arange(0, 5), [0])]));", "x[B, 4, 5]", [2, 4, 5], "a[4, 2]; b[2, 2, 2, 5]; c[2, 2, 2, 5]"),
        ],
        ["state_space_duality"] = [new("return state_space_duality(x, -softplus(x[.., .., .., 0]), b, x[.., .., ..2, ..1] * c);", "x[B, 5, 4, P]", [2, 5, 4, 3], "b[2, 5, 2, 3]; c[2, 5, 2, 3]")],
        ["conv1d"] = [new("return conv1d(x, w, b, stride=2, padding=1, dilation=2, groups=2);", "x[B, 4, L]", [2, 4, 9], "w[6, 2, 3]; b[6]")],
        ["conv2d"] = [new("return conv2d(x, w, b, stride=[2, 1], padding=[0, 2], dilation=[1, 2], groups=2);", "x[B, 4, H, W]", null, "w[6, 2, 3, 3]; b[6]"), new("return conv2d(x, w);", "x[B, 4, H, W]", null, "w[3, 4, 1, 1]")],
        ["conv3d"] = [new("return conv3d(x, w, b, stride=[1, 2, 1], padding=1);", "x[B, 2, T, H, W]", [1, 2, 3, 5, 4], "w[3, 2, 3, 3, 1]; b[3]")],
        ["conv2d_same"] = [new("return conv2d_same(x, w, b, stride=2);", "x[B, 4, H, W]", null, "w[3, 4, 3, 3]; b[3]")],
        ["conv_transpose2d"] = [new("return conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1, groups=2);", "x[B, 4, H, W]", [1, 4, 3, 5], "w[4, 3, 3, 3]; b[6]")],
        ["unfold"] = [new("return unfold(x, [3, 2], dilation=1, padding=1, stride=2);")],
        ["max_pool2d"] = [new("return max_pool2d(x, 3, stride=2, padding=1);"), new("return max_pool2d(x, [2, 3], ceil_mode=true);")],
        ["avg_pool2d"] = [new("return avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=false);"), new("return avg_pool2d(x, 2, ceil_mode=true);")],
        ["max_pool3d"] = [new("return max_pool3d(x, [2, 3, 3], stride=2, padding=[0, 1, 1]);", "x[B, C, T, H, W]", [2, 2, 4, 5, 7]), new("return max_pool3d(x, 2, ceil_mode=true);", "x[B, C, T, H, W]", [1, 2, 3, 5, 4])],
        ["avg_pool3d"] = [new("return avg_pool3d(x, [1, 3, 2], stride=[1, 2, 2], padding=[0, 1, 1], count_include_pad=false);", "x[B, C, T, H, W]", [2, 2, 3, 5, 7]), new("return avg_pool3d(x, 2, ceil_mode=true);", "x[B, C, T, H, W]", [1, 2, 3, 5, 4])],
        ["max_pool2d_same"] = [new("return max_pool2d_same(x, 3, 2);")],
        ["avg_pool2d_same"] = [new("return avg_pool2d_same(x, 2, 2);")],
        ["adaptive_avg_pool2d"] = [new("return adaptive_avg_pool2d(x, [3, 2]);")],
        ["adaptive_max_pool2d"] = [new("return adaptive_max_pool2d(x, [3, 2]);")],
        ["layer_norm"] = [new("return layer_norm(x, w, b);", "x[B, N, 6]", TokenSizes, "w[6]; b[6]"), new("return layer_norm(x, axes=2);", Tokens, TokenSizes)],
        ["batch_norm"] = [new("return batch_norm(x, mean, variance, w, b);", "x[B, 4, H, W]", null, "w[4]; b[4] | mean[4]; variance[4]")],
        ["group_norm"] = [new("return group_norm(x, 2, w, b);", "x[B, 4, H, W]", null, "w[4]; b[4]")],
        ["instance_norm"] = [new("return instance_norm(x, w, b);", "x[B, 4, H, W]", null, "w[4]; b[4]")],
        ["rms_norm"] = [new("return rms_norm(x, w);", "x[B, N, 6]", TokenSizes, "w[6]")],
        ["normalize"] = [new("return normalize(x, axis=1);", Tokens, TokenSizes)],
        ["softmax"] = [new("return softmax(x, 1);", Tokens, TokenSizes)],
        ["log_softmax"] = [new("return log_softmax(x);", Tokens, TokenSizes)],
        ["dropout"] = [new("return dropout(x, 0.3);", Tokens, TokenSizes)],
        ["drop_path"] = [new("return drop_path(x, 0.3);", Tokens, TokenSizes)],
        ["relu"] = Function("relu(x)"),
        ["relu6"] = Function("relu6(8 * x)"),
        ["leaky_relu"] = Function("leaky_relu(x, 0.2)"),
        ["prelu"] = [new("return prelu(x, w);", "x[B, 4, H, W]", null, "w[4]")],
        ["elu"] = Function("elu(x, 0.7)"),
        ["selu"] = Function("selu(x)"),
        ["celu"] = Function("celu(x, 0.7)"),
        ["gelu"] = Function("gelu(x) + gelu(x, \"tanh\")"),
        ["silu"] = Function("silu(x)"),
        ["mish"] = Function("mish(x)"),
        ["sigmoid"] = Function("sigmoid(x)"),
        ["log_sigmoid"] = Function("log_sigmoid(x)"),
        ["tanh"] = Function("tanh(x)"),
        ["hardswish"] = Function("hardswish(4 * x)"),
        ["hardsigmoid"] = Function("hardsigmoid(4 * x)"),
        ["hardtanh"] = Function("hardtanh(x, -0.5, 0.7)"),
        ["softplus"] = Function("softplus(x)"),
        ["exp"] = Function("exp(x)"),
        ["expm1"] = Function("expm1(x)"),
        ["log"] = Function("log(x + 2)"),
        ["log2"] = Function("log2(x + 2)"),
        ["log1p"] = Function("log1p(0.5 * x)"),
        ["sqrt"] = Function("sqrt(x + 2)"),
        ["rsqrt"] = Function("rsqrt(x + 2)"),
        ["square"] = Function("square(x)"),
        ["reciprocal"] = Function("reciprocal(x + 2)"),
        ["abs"] = Function("abs(x)"),
        ["sign"] = Function("sign(x)"),
        ["sin"] = Function("sin(x)"),
        ["cos"] = Function("cos(x)"),
        ["erf"] = Function("erf(x)"),
        ["tan"] = Function("tan(x)"),
        ["asin"] = Function("asin(0.9 * x)"),
        ["acos"] = Function("acos(0.9 * x)"),
        ["atan"] = Function("atan(2 * x)"),
        ["sinh"] = Function("sinh(2 * x)"),
        ["cosh"] = Function("cosh(2 * x)"),
        ["asinh"] = Function("asinh(3 * x)"),
        ["acosh"] = Function("acosh(x + 2.5)"),
        ["atanh"] = Function("atanh(0.9 * x)"),
        ["erfc"] = Function("erfc(x)"),
        ["erfinv"] = Function("erfinv(0.9 * x)"),
        ["lgamma"] = Function("lgamma(x + 1.5)"),
        ["digamma"] = Function("digamma(x + 1.5)"),
        ["epsilon"] = Function("x + epsilon(x)"),
        ["floor"] = Function("floor(3 * x)"),
        ["ceil"] = Function("ceil(3 * x)"),
        ["round"] = Function("round(3 * x)"),
        ["clamp"] = Function("clamp(x, -0.5, 0.5)"),
        ["neg"] = Function("neg(x)"),
        ["logical_not"] = Function("where(logical_not(x > 0), x, 2 * x)"),
        ["add"] = Operator("x + w"),
        ["sub"] = Operator("x - w"),
        ["mul"] = Operator("x * w"),
        ["div"] = Operator("x / w"),
        ["pow"] = [new("return pow(x + 2, 2.5);", Tokens, TokenSizes), new("return pow(abs(w) + 1, x);", "x[B, 5, 6]", TokenSizes, "w[5, 6]")],
        ["atan2"] = [new("return atan2(x, w);", "x[B, C, H, W]", null, "w[5, 1]")],
        ["grid_sample"] =
        [
            new("return grid_sample(x, g, align_corners=true);", "x[2, C, H, W]", null, "g[2, 3, 4, 2]"),
            new("return grid_sample(w, 1.3 * x, padding=\"reflection\");", "x[2, H, W, 2]", [2, 3, 4, 2], "w[2, 3, 5, 4]"),
            new("return grid_sample(w, 1.3 * x, \"nearest\", \"border\") + mean(x);", "x[2, H, W, 2]", [2, 3, 4, 2], "w[2, 3, 5, 4]"),
            new("return grid_sample(w, 1.3 * x, padding=\"border\", align_corners=true);", "x[2, T, H, W, 3]", [2, 2, 3, 2, 3], "w[2, 3, 4, 5, 3]"),
        ],
        ["maximum"] = Operator("maximum(x, w)"),
        ["minimum"] = Operator("minimum(x, w)"),
        ["eq"] = Operator("where(floor(3 * x) == 0, x, w)"),
        ["ne"] = Operator("where(floor(3 * x) != 0, x, w)"),
        ["lt"] = Operator("where(x < w, x, 2 * w)"),
        ["le"] = Operator("where(x <= w, x, 2 * w)"),
        ["gt"] = Operator("where(x > w, x, 2 * w)"),
        ["ge"] = Operator("where(x >= w, x, 2 * w)"),
        ["logical_and"] = Operator("where(logical_and(x > 0, x > w), x, 3 * w)"),
        ["logical_or"] = Operator("where(logical_or(x > 0, x > w), x, 3 * w)"),
        ["where"] = Operator("where(x > 0, x * w, 0)"),
        ["sum"] = Reduction("sum"),
        ["mean"] = Reduction("mean"),
        ["var"] = [.. Reduction("var"), new("return var(x, 1, unbiased=false);")],
        ["std"] = [.. Reduction("std"), new("return std(x, 1, unbiased=false);")],
        ["amax"] = Reduction("amax"),
        ["amin"] = Reduction("amin"),
        ["norm"] = [new("return norm(x, 2, [1, 3]);"), new("return norm(x, 1, [-1], keepdim=true);")],
        ["argmax"] = [new("return x[.., .., 0] * argmax(x, -1);", Tokens, TokenSizes)],
        ["cumsum"] = [new("return cumsum(x, 2);")],
        ["rfft"] = [new("return rfft(x, [-1], norm=\"ortho\");"), new("return rfft(x);")],
        ["irfft"] = [new("return irfft(rfft(x) * w, 7, norm=\"ortho\");", "x[B, C, 5, 7]", null, "w[5, 4, 2]")],
        ["complex_mul"] = [new("return complex_mul(x, w);", "x[B, N, 2]", [2, 5, 2], "w[5, 2]")],
        ["fft_conv"] =
        [
            new("return fft_conv(x, w, origin=2);", "x[B, 3, N]", [2, 3, 7], "w[3, 12]"),
            new("return fft_conv(x, w, [1, 2], [1, 2], circular=true);", "x[B, H, W, 2]", [1, 5, 4, 2], "w[3, 4, 1]"),
        ],
        ["dct"] = [new("return dct(x);"), new("return dct(x, 1);")],
        ["idct"] = [new("return idct(x, [3, 1]);")],
        ["hadamard"] = [new("return hadamard(x, 1);", "x[B, 4, N]", [2, 4, 5]), new("return hadamard(x, [1, 2], \"sequency\", \"forward\");", "x[B, 8, 2]", [3, 8, 2])],
        ["identity"] = Function("identity(x)"),
        ["detach"] = [new("return x * detach(x);", Tokens, TokenSizes)],
        ["contiguous"] = Function("contiguous(transpose(x, 1, 2))"),
        ["reshape"] = [new("return reshape(x, [B, -1, C]);")],
        ["permute"] = [new("return permute(x, [0, 3, 1, 2]);")],
        ["transpose"] = [new("return transpose(x, 1, -1);")],
        ["flatten"] = [new("return flatten(x, 1, 2);")],
        ["squeeze"] = [new("return squeeze(x, 1);", "x[B, 1, N]", [2, 1, 5])],
        ["unsqueeze"] = [new("return unsqueeze(x, 1);")],
        ["expand"] = [new("return expand(x, [3, B, 4, N]);", "x[B, 1, N]", [2, 1, 5])],
        ["flip"] = [new("return flip(x, [1, 3]);")],
        ["roll"] = [new("return roll(x, [1, -2], [2, 3]);")],
        ["pad"] = [new("return pad(x, [1, 2, 0, -1]);"), new("return pad(x, [1, 2, 2, 1], \"reflect\");"), new("return pad(x, [1, 2, 2, 1], \"replicate\");"), new("return pad(x, [1, 2, 2, 1], \"circular\");")],
        ["pixel_shuffle"] = [new("return pixel_shuffle(x, 2);")],
        ["pixel_unshuffle"] = [new("return pixel_unshuffle(x, 2);", "x[B, C, H, W]", [1, 3, 4, 6])],
        ["interpolate"] =
        [
            new("return interpolate(x, [8, 4], \"bilinear\");"), new("return interpolate(x, [8, 4], \"bilinear\", align_corners=true);"), new("return interpolate(x, [3, 9], \"nearest\");"),
            new("return interpolate(x, [3, 9], \"bicubic\");"), new("return interpolate(x, [3, 2], \"area\");"), new("return interpolate(x, [3, 4], \"bicubic\", antialias=true);"),
            new("return interpolate(x, 9, \"linear\");", "x[B, C, L]", [2, 3, 5]),
            new("return interpolate(x, [2, 3, 6], \"trilinear\", align_corners=true);", "x[B, C, D, H, W]", [1, 2, 3, 4, 3]),
        ],
        ["cat"] = [new("return cat([x, 2 * x[.., ..2], w], 1);", "x[2, C, 5, 7]", null, "w[2, 3, 5, 7]")],
        ["stack"] = [new("return stack([x, x * x], 2);")],
        ["split"] = [new("(a, b) = split(x, [1, 3], 1); return a * b;", "x[B, 4, H, W]")],
        ["chunk"] = [new("(a, b) = chunk(x, 2, 1); return a * b;")],
        ["unbind"] = [new("xs = unbind(x, 1); return xs[0] * xs[3] + xs[1];", "x[B, 4, H, W]")],
        ["slice"] = [new("return x[.., 1..3, ^3..];")],
        ["select"] = [new("return x[.., 1] * x[.., ^1];")],
        ["take"] = [new("return take(w, cast(abs(x) * 3, \"int\"));", Tokens, TokenSizes, "w[4, 3]")],
        ["gather"] = [new("return gather(x, cast(abs(x) * 3, \"int\"), 1);", Tokens, TokenSizes)],
        ["one_hot"] = [new("return sum(cast(one_hot(cast(abs(x) * 3, \"int\"), 4), \"float\") * w, -1);", Tokens, TokenSizes, "w[4]")],
        ["tril"] = [new("return tril(x, 1);")],
        ["triu"] = [new("return triu(x, -1);")],
        ["topk"] = [new("(v, i) = topk(x, 2, 1); return v * cast(i, \"float\") + v;", Tokens, TokenSizes), new("(v, i) = topk(x, 3, largest=false); return v;", Tokens, TokenSizes)],
        ["sort"] = [new("(v, i) = sort(x, 1, descending=true); return v * cast(i + 1, \"float\");", Tokens, TokenSizes)],
        ["scatter"] = [new("(v, i) = topk(x, 3); return scatter(x * x, i, v * w, 2);", "x[B, N, 6]", TokenSizes, "w[3]")],
        ["scatter_add"] = [new("return scatter_add(x * x, cast(abs(x) * 3, \"int\"), w * x, -1);", "x[B, N, 6]", TokenSizes, "w[6]")],
        ["expert_linear"] =
        [
            new("(v, i) = topk(x[.., .., ..4], 2); return expert_linear(repeat(x, \"b n c -> b n k c\", k=2), w, i, b);", "x[B, N, 6]", TokenSizes, "w[4, 6, 3]; b[4, 3]"),
            new("return expert_linear(x, w, cast(abs(x[.., .., 0]) * 3, \"int\"));", "x[B, N, 6]", TokenSizes, "w[4, 6, 3]"),
        ],
        ["store"] = [new("return x * store(w, w * 1);", "x[B, N, 6]", TokenSizes, "w[6]")],
        ["zeros"] = [new("return x + zeros([C], like=x);", Tokens, TokenSizes)],
        ["ones"] = [new("return x + ones([C], like=x);", Tokens, TokenSizes)],
        ["full"] = [new("return x * full([N, 1], 0.3, like=x);", Tokens, TokenSizes)],
        ["arange"] = [new("return x * arange(0, C, like=x);", Tokens, TokenSizes)],
        ["linspace"] = [new("return x * linspace(0.0, 1.0, C, like=x);", Tokens, TokenSizes)],
        ["eye"] = [new("return matmul(x, eye(C, like=x));", Tokens, TokenSizes)],
        ["meshgrid"] = [new("(a, b) = meshgrid([x[0, .., 0], x[0, 0, ..]], \"ij\"); return a * b;", Tokens, TokenSizes)],
        ["tensor"] = [new("return x * tensor([1, 2.5, 3, 4, 5, 6], like=x);", "x[B, N, 6]", TokenSizes)],
        ["cast"] = [new("return x * cast(x > 0, \"float\");", Tokens, TokenSizes)],
    };

    private static PrimitiveCase[] Function(string expression) => [new($"return {expression};", Tokens, TokenSizes)];

    private static PrimitiveCase[] Operator(string expression) =>
        [new($"return {expression};", "x[B, 5, 6]", TokenSizes, "w[5, 6]"), new($"return {expression.Replace("w", "0.6", StringComparison.Ordinal).Replace("0.6here", "where", StringComparison.Ordinal)};", Tokens, TokenSizes)];

    private static PrimitiveCase[] Reduction(string name) => [new($"return {name}(x, [1, -1], keepdim=true);"), new($"return {name}(x, [2]);"), new($"return {name}(x) * x;")];
}
