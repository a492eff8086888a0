namespace Notochord.Differential.Tests;

/// <summary>One thing that a random forward may do: it turns x into another x of the same shape, of about the same size.</summary>
/// <param name="On">The layouts that it works on.</param>
/// <param name="Write">Writes it.</param>
/// <param name="Nests">Whether it holds other steps.</param>
internal sealed record Step(Layout On, Action<BlockWriter> Write, bool Nests = false);

/// <summary>All steps.</summary>
internal static class Steps
{
    public static IReadOnlyList<Step> All { get; } =
    [
        // Elementwise.
        new(Layout.All, b => b.Line($"x = {b.Pick("relu", "gelu", "silu", "tanh", "mish", "hardswish", "sigmoid", "elu", "softplus", "relu6", "leaky_relu", "sin")}(x);")),
        new(Layout.All, b => b.Line($"x = {b.Module(b.Pick("act", "gelu", "silu", "leaky_relu(0.2)", "flag ? relu : silu", "flag ? act : none", "identity"), "act")}(x);")),
        new(Layout.All, b => b.Line("x = flag ? relu(x) : x * 0.5;")),
        new(Layout.All, b => b.Line("x = where(x > 0, x, 0.1 * x);")),
        new(Layout.All, b => b.Line("x = maximum(x, 0.1 * x) - minimum(x, 0);")),
        new(Layout.All, b => b.Line("x = clamp(-x, -2, ratio);")),
        new(Layout.All, b => b.Line("x = (1 - x) * sigmoid(x) / (1 + x * x);")),
        new(Layout.All, b => b.Line($"x = x * {b.Random.Next(1, 4)} / (ratio + times);")),
        // Statistics over axes.
        new(Layout.All, b => b.Line($"x = x * sigmoid(mean(x, {b.ChannelAxis}, keepdim=true));")),
        new(Layout.All, b => b.Line($"x = x - amax(x, {b.PositionAxis}, keepdim=true);")),
        new(Layout.All, b => b.Line($"x = x * rsqrt(var(x, {b.ChannelAxis}, keepdim=true) + 0.1);")),
        new(Layout.All, b => b.Line($"x = softmax(x, {b.Pick("-1", "1")}) * times;")),
        new(Layout.All, b => b.Line($"x = cumsum(x, {b.ChannelAxis}) / dim;")),
        // Parameters, some of which are absent, and constants.
        new(Layout.All, b => b.Line($"x = x * {b.OnChannels(b.Parameter("ones[dim]"))};")),
        new(Layout.All, b =>
        {
            var p = b.Parameter("flag ? zeros[dim] : none");
            b.Line($"if (flag) x = x + {b.OnChannels(p)};");
        }),
        new(Layout.All, b => b.Line($"x = x + {b.OnChannels(b.Constant("linspace(0, 1, dim)"))};")),
        new(Layout.Rows, b =>
        {
            var (weight, bias) = (b.Parameter("trunc_normal(std=0.02)[dim, dim]"), b.Parameter("flag ? zeros[dim] : none"));
            b.Line($"x = linear(x, {weight}, {bias});");
        }),
        new(Layout.Tokens, b => b.Line($"x = matmul(x, {b.Parameter("trunc_normal(std=0.02)[dim, dim]")});")),
        new(Layout.Tokens, b => b.Line($"x = einsum(\"bnc,cd->bnd\", [x, {b.Parameter("trunc_normal(std=0.02)[dim, dim]")}]);")),
        new(Layout.Map, b => b.Line($"x = conv2d(x, {b.Parameter("kaiming_uniform(a=sqrt(5))[dim, 1, taps[1], taps[1]]")}, padding=taps[1] / 2, groups=dim);")),
        // Layers.
        new(Layout.Map, b => b.Line($"x = {b.Module(b.Pick("conv2d(dim, dim, 3, padding=1)", "conv2d(dim, dim, 1, bias=flag)", "conv2d(dim, dim, taps[1], padding=taps[1] / 2, groups=heads)", "conv2d(dim, dim, [1, 3], padding=[0, 1], bias=false)", "flag ? conv2d(dim, dim, 1) : none", "conv2d(dim, dim, 3, padding=2, dilation=2, groups=dim)"))}(x);")),
        new(Layout.Map, b => b.Line($"x = {b.Module(b.Pick("batch_norm2d(dim)", "layer_norm2d(dim)", "group_norm(heads, dim)", "instance_norm2d(dim, affine=true)", "rms_norm2d(dim)", "batch_norm2d(dim, affine=false)", "layer_scale2d(dim, 0.5)"), "norm")}(x);")),
        new(Layout.Rows, b => b.Line($"x = {b.Module(b.Pick("norm(dim)", "layer_norm(dim, bias=false)", "layer_norm(dim, affine=flag)", "rms_norm(dim)", "simple_norm(dim)", "layer_scale(dim, 0.5)", "times > 1 ? norm(dim) : none"), "norm")}(x);")),
        new(Layout.Rows, b => b.Line($"x = {b.Module(b.Pick("linear(dim, dim)", "linear(dim, dim, bias=flag)", "linear(dim, dim, bias=false)", "flag ? linear(dim, dim) : none"))}(x);")),
        new(Layout.Rows, b => b.Line($"x = {b.Module("[linear(dim, hidden), act, linear(hidden, dim, bias=false)]", "mlp")}(x);")),
        new(Layout.Rows, b =>
        {
            var (a, c) = (b.Module("linear(dim, 2 * hidden)"), b.Module("linear(hidden, dim)"));
            b.Line($"(u, v) = chunk({a}(x), 2, -1);");
            b.Line($"x = {c}(silu(u) * v);");
        }),
        new(Layout.Map, b =>
        {
            var (a, n, c) = (b.Module("conv2d(dim, hidden, 1, bias=false)"), b.Module("batch_norm2d(hidden)", "norm"), b.Module("conv2d(hidden, dim, 1)"));
            b.Line($"x = {c}(relu({n}({a}(x))));");
        }),
        new(Layout.Map, b =>
        {
            var (a, c) = (b.Module("conv2d(dim, hidden, 3, stride=2, padding=1)"), b.Module("conv_transpose2d(hidden, dim, 2, stride=2)"));
            b.Line($"x = {b.Pick($"{c}({a}(x))[.., .., ..H, ..W]", $"interpolate({c}({a}(x)), [H, W], \"nearest\")")};");
        }),
        new(Layout.Map, b =>
        {
            var (a, c) = (b.Module("conv2d(dim, hidden, 1)"), b.Module("conv2d(hidden, dim, 1)"));
            b.Line($"x = x * sigmoid({c}(relu({a}(reduce(x, \"b c h w -> b c 1 1\", \"mean\")))));");
        }),
        new(Layout.Map, b => b.Line($"x = {b.Pick("avg_pool2d(x, 3, 1, 1)", "max_pool2d(x, 3, 1, 1)", "interpolate(avg_pool2d(x, 2), [H, W], \"nearest\")", "interpolate(max_pool2d(x, 2), [H, W], \"bilinear\")", "avg_pool2d(x, taps[1], 1, taps[1] / 2, false, false)")};")),
        new(Layout.All, b => b.Line($"x = {b.Module(b.Pick("dropout(0.0)", "ratio > 4 ? dropout(0.5) : none", "stochastic_depth(0.0)"), "drop")}(x);")),
        // Patterns.
        new(Layout.Map, b => b.Line($"x = repeat(reduce(x, \"b c (h p) (w q) -> b c h w\", \"{b.Pick("max", "mean", "sum")}\", p=2, q=2), \"b c h w -> b c (h p) (w q)\", p=2, q=2) / 2;")),
        new(Layout.Map, b =>
        {
            var m = b.Module("conv2d(4 * dim, 4 * dim, 1)");
            b.Line($"x = {m}(rearrange(x, \"b c (h p) (w q) -> b (c p q) h w\", p=2, q=2));");
            b.Line("x = rearrange(x, \"b (c p q) h w -> b c (h p) (w q)\", p=2, q=2);");
        }),
        new(Layout.All, b => b.Line($"x = rearrange(x, \"{b.AxesWith("(d k)")} -> {b.AxesWith("(k d)")}\", k=heads);")),
        new(Layout.All, b => b.Line($"x = x + repeat(reduce(x, \"{b.Axes} -> b c\", \"mean\"), \"b c -> {b.Axes}\", {(b.Layout == Layout.Tokens ? "n=H * W" : "h=H, w=W")});")),
        new(Layout.Last, b => b.Line("x = x - reduce(x, \"b h w c -> b 1 1 c\", \"mean\");")),
        // Attention over all tokens, over windows, over channels.
        new(Layout.Tokens, b =>
        {
            var (qkv, proj) = (b.Module("linear(dim, 3 * dim, bias=flag)", "qkv"), b.Module("linear(dim, dim)", "proj"));
            b.Line($"(q, k, v) = unbind(rearrange({qkv}(x), \"b n (three h d) -> three b h n d\", three=3, h=heads), 0);");
            b.Line("q = attention(q, k, v, scale=1 / sqrt(dim / heads));");
            b.Line($"x = {proj}(rearrange(q, \"b h n d -> b n (h d)\"));");
        }),
        new(Layout.Last, b =>
        {
            var (qkv, bias) = (b.Module("linear(dim, 3 * dim)", "qkv"), b.Parameter("zeros[heads, 4, 4]"));
            b.Line("w = rearrange(x, \"b (n p) (m q) c -> b (n m) (p q) c\", p=2, q=2);");
            b.Line($"(q, k, v) = chunk({qkv}(w), 3, -1);");
            b.Line("q = rearrange(q, \"b n i (h d) -> b n h i d\", h=heads);");
            b.Line("k = rearrange(k, \"b n i (h d) -> b n h i d\", h=heads);");
            b.Line("v = rearrange(v, \"b n i (h d) -> b n h i d\", h=heads);");
            b.Line($"w = attention(q, k, v, {bias});");
            b.Line("x = rearrange(w, \"b (n m) h (p q) d -> b (n p) (m q) (h d)\", n=H / 2, p=2, q=2);");
        }),
        new(Layout.Tokens, b => b.Line("x = matmul(x, softmax(matmul(transpose(x, 1, 2), x) / (H * W), -1));")),
        // Parts.
        new(Layout.All, b =>
        {
            b.Line($"(u, v) = chunk(x, 2, {b.ChannelAxis});");
            b.Line($"x = cat([{b.Pick("v, u", "u * v, v", "u, u", "tanh(v), v")}], {b.ChannelAxis});");
        }),
        new(Layout.All, b =>
        {
            b.Line($"(u, v) = split(x, [dim / 4, dim - dim / 4], {b.ChannelAxis});");
            b.Line($"x = cat([v, sigmoid(u)], {b.ChannelAxis});");
        }),
        new(Layout.Map, b => b.Line("x = cat([x[.., .., 1.., ..], x[.., .., ..1, ..]], 2);")),
        new(Layout.Last, b => b.Line("x = cat([x[.., .., ^1.., ..], x[.., .., ..^1, ..]], 2);")),
        new(Layout.Rows, b => b.Line(b.Layout == Layout.Last ? "x = x - x[.., .., .., ..1];" : "x = x - x[.., .., ..1];")),
        new(Layout.Map, b => b.Line("x = x + unsqueeze(x[.., .., 0, ..], 2);")),
        new(Layout.Last, b => b.Line("x = x * sigmoid(x[.., .., .., (heads - 1)..heads]);")),
        new(Layout.All, b => b.Line($"x = roll(x, {b.Pick("1", "-2", "times")}, {b.PositionAxis}) + flip(x, {b.ChannelAxis});")),
        new(Layout.Last, b => b.Line("x = pad(x, [0, 0, 1, 1, 0, 2])[.., 1..(H + 1), ..W, ..];")),
        new(Layout.Map, b => b.Line("x = pad(x, [1, 0, 1, 0], \"reflect\")[.., .., ..H, 1..];")),
        new(Layout.All, b =>
        {
            b.Line("s = stack([x, relu(x), -x], 0);");
            b.Line("(u, v, w) = unbind(s, 0);");
            b.Line($"x = {b.Pick("u + v", "v - 0.5 * w", "mean(s, 0)", "select(s, 0, 1)")};");
        }),
        // Statements.
        new(Layout.All, b => b.Line($"{b.Fresh("unused")} = sigmoid(x) * 2;")),
        new(Layout.All, b =>
        {
            var y = b.Fresh("y");
            b.Line($"{y} = x;");
            b.Steps(b.Random.Next(1, 3));
            b.Line($"x = {b.Pick($"{y} + x", $"x + {y}", $"{y} - 0.5 * x", $"0.5 * (x + {y})")};");
        }),
        new(Layout.All, b => b.Nested($"if ({b.Pick("flag", "!flag", "times > 1", "heads == 2 && flag")})", () => b.Steps(b.Random.Next(1, 3))), Nests: true),
        new(Layout.All, b =>
        {
            var u = b.Fresh("u");
            b.Nested($"if ({b.Pick("flag", "dim % 8 == 0", "ratio > 1")})", () => b.Line($"{u} = tanh(x);"));
            b.Nested("else", () =>
            {
                b.Line($"{u} = x * 0.25;");
                if (b.Random.Next(2) == 0) b.Line($"{u} = {u} + sigmoid(x);");
            });
            b.Line($"x = {b.Pick($"x + {u}", u, $"{u} * x")};");
        }),
        new(Layout.All, b => b.Nested(Loop(b), () => b.Steps(b.Random.Next(1, 3))), Nests: true),
        new(Layout.All, b =>
        {
            var (sum, k) = (b.Fresh("sum"), b.Fresh("k"));
            b.Line($"{sum} = x * 0.5;");
            b.Nested($"for (int {k} = 1; {k} < times; {k}++)", () => b.Line($"{sum} = {sum} + roll(x, {k}, {b.PositionAxis}) / ({k} + 1);"));
            b.Line($"x = {sum};");
        }),
        new(Layout.Rows, b =>
        {
            var (ms, k) = (b.Module("{ repeat: times, as: n, block: \"linear(dim, dim, bias=n > 0)\" }", "list"), b.Fresh("k"));
            b.Nested($"for (int {k} = 0; {k} < times; {k}++)", () => b.Line($"x = x + {ms}[{k}](x) * 0.5;"));
        }),
        new(Layout.Map, b => b.Line($"x = {b.Module("{ repeat: len(taps), as: n, block: \"conv2d(dim, dim, taps[n], padding=taps[n] / 2)\" }", "list")}(x);")),
        // Other blocks of the file.
        new(Layout.Map, b =>
        {
            if (b.Helpers.Count > 0) b.Line($"x = {b.Module($"{b.Pick([.. b.Helpers])}(dim, heads={b.Pick("heads", "2")}, flag={b.Pick("flag", "!flag", "true", "false")}{b.Pick("", ", norm=rms_norm", ", act=silu", ", act=act, norm=norm", ", times=1, ratio=2")})", "sub")}(x);");
        }),
        new(Layout.Map, b =>
        {
            b.Line($"(u, v) = {b.Module("two(dim)", "two")}(x);");
            b.Line($"x = {b.Pick("u * sigmoid(v)", "u", "v + x")};");
        }),
        new(Layout.Rows, b => b.Line($"x = {b.Module("mix(dim)", "mix")}(x, {b.Pick("x", "relu(x)", "-x")});")),
    ];

    private static string Loop(BlockWriter b)
    {
        var k = b.Fresh("k");
        return $"for (int {k} = 0; {k} < {b.Pick("times", "len(taps)", "2")}; {k}++)";
    }
}
