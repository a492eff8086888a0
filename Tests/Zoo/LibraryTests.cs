using Notochord.Dsl;
using Notochord.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Zoo.Tests;

/// <summary>Blocks of the libraries that have no reference to be compared with: what they must be by their definition.</summary>
public sealed class LibraryTests
{
    [Theory]
    [InlineData(4, 3)]
    [InlineData(5, 2)]
    [InlineData(3, 0)]
    public void B_splines_are_those_of_the_recursion(int intervals, int order)
    {
        using var scope = NewDisposeScope();
        using var model = Block("kan", $"bspline_basis({intervals}, {order}, -1, 2)", "x[B, N]", "basis(x)");
        var x = linspace(-0.99, 1.99, 23, ScalarType.Float64).reshape(1, -1);
        var found = model.Forward(x);
        Assert.Equal([1, 23, intervals + order], found.shape);
        var step = 3.0 / intervals;
        double Knot(int i) => -1 + ((i - order) * step);
        double Spline(int i, int k, double t) => k == 0
            ? (t >= Knot(i) && t < Knot(i + 1) ? 1 : 0)
            : ((t - Knot(i)) / (Knot(i + k) - Knot(i)) * Spline(i, k - 1, t)) + ((Knot(i + k + 1) - t) / (Knot(i + k + 1) - Knot(i + 1)) * Spline(i + 1, k - 1, t));
        var expected = x.data<double>().ToArray().SelectMany(t => Enumerable.Range(0, intervals + order).Select(i => Spline(i, order, t))).ToArray();
        Near(expected, Numbers(found), 1e-6);
        Near(Enumerable.Repeat(1.0, 23).ToArray(), Numbers(found.sum(-1)), 1e-6);
    }

    [Fact]
    public void Other_bases_are_their_functions()
    {
        using var scope = NewDisposeScope();
        double[] values = [-1.7, -0.2, 0.0, 0.9, 3.0];
        var x = tensor(values).reshape(1, -1);
        double[] grid = [-2, -1, 0, 1, 2];
        double[] Each(Func<double, double, double> f) => [.. values.SelectMany(v => grid.Select(g => f(v, g)))];
        using var gaussian = Block("kan", "gaussian_basis(5)", "x[B, N]", "basis(x)");
        Near(Each((v, g) => Math.Exp(-(v - g) * (v - g))), Numbers(gaussian.Forward(x)), 1e-6);
        using var bumps = Block("kan", "switch_basis(5, width=0.5)", "x[B, N]", "basis(x)");
        Near(Each((v, g) => 1 - Math.Pow(Math.Tanh((v - g) / 0.5), 2)), Numbers(bumps.Forward(x)), 1e-6);
        using var waves = Block("kan", "fourier_basis(2)", "x[B, N]", "basis(x)");
        Near([.. values.SelectMany(v => new[] { Math.Cos(v), Math.Cos(2 * v), Math.Sin(v), Math.Sin(2 * v) })], Numbers(waves.Forward(x)), 1e-6);
    }

    // Each pixel gives all of itself away, and a mean of equal pixels is any of them.
    [Fact]
    public void Superpixels_share_out_their_pixels()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const string Forward = """
            pixels = rearrange(x, "b c h w -> b h w c");
            cells = reduce(pixels, "b (h p) (w q) c -> b h w c", "mean", p=2, q=2);
            weights = softmax(scores(cells, pixels), -1);
            return [pool(weights, pixels), unpool(cells, pixels, weights), sums(weights, pixels)];
            """;
        using var model = Model("superpixel", $"input: x[B, C, H, W]\nmodules:\n  scores: superpixel_scores(2)\n  pool: superpixel_pool(2)\n  sums: superpixel_pool(2, shares=false)\n  unpool: superpixel_unpool(2)\nforward: |\n  {Forward.ReplaceLineEndings("\n  ")}\n");
        var x = rand([2, 4, 6, 8], ScalarType.Float64);
        var outputs = model.ForwardFeatures(x).Select(f => f.Tensor).ToList();
        Assert.Equal([2, 3, 4, 4], outputs[0].shape);
        Assert.Equal([2, 6, 8, 4], outputs[1].shape);
        Near(Numbers(x.sum([2, 3])), Numbers(outputs[2].sum([1, 2])), 1e-9);
        var flat = ones_like(x) * 0.7;
        foreach (var output in model.ForwardFeatures(flat).Take(2)) Assert.True((output.Tensor - 0.7).abs().max().item<double>() < 1e-6);

        // A change of one pixel moves its cell's superpixel, by this the shares of the pixels of the cells around it, and so the superpixels two cells away, but none beyond.
        var moved = x.clone();
        moved[0, 0, 0, 0].add_(1);
        var change = (model.ForwardFeatures(moved)[0].Tensor - outputs[0]).abs().amax([3])[0];
        Assert.Equal([true, true, true, false, true, true, true, false, true, true, true, false], change.gt(1e-12).data<bool>().ToArray());
    }

    [Fact]
    public void Learnt_attention_shared_by_all_blocks_is_that_of_blocks_that_hold_the_same()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Dsl.Ir.Value> Small(bool universal) => new()
        {
            ["img_size"] = new Dsl.Ir.ListValue([new Dsl.Ir.IntValue(32), new Dsl.Ir.IntValue(48)]),
            ["depth"] = new Dsl.Ir.IntValue(2),
            ["universal"] = new Dsl.Ir.BoolValue(universal),
        };
        using var shared = new ExecutedBackbone(Shared.Project.Instantiate("vit_tiny_karat_g3b_patch16_224", Small(true))!);
        using var own = new ExecutedBackbone(Shared.Project.Instantiate("vit_tiny_karat_g3b_patch16_224", Small(false))!);
        shared.eval();
        own.eval();
        using (no_grad())
        {
            foreach (var (name, tensor) in own.named_parameters())
            {
                var from = name.EndsWith("rows.a", StringComparison.Ordinal) ? "phi" : name.EndsWith("rows.w", StringComparison.Ordinal) ? "operator_weight" : name;
                tensor.copy_(shared.get_parameter(from)!);
            }

            var image = rand(2, 3, 32, 48);
            Assert.True((own.Forward(image) - shared.Forward(image)).abs().max().item<float>() < 1e-5f);
        }
    }

    // One head of the tiny host at 197 tokens: two Fourier terms a grid point for each of 197 scores and 12 sums, and the matrix back.
    [Theory]
    [InlineData("vit_tiny_karat_g3b_patch16_224", 3 * 12, 3)]
    [InlineData("vit_tiny_karat_g3u_patch16_224", 3, 3)]
    [InlineData("vit_base_karat_g1b_patch16_224", 12 * 12, 1)]
    public void Learnt_attention_adds_what_its_equations_say(string variant, int heads, int grid)
    {
        var host = variant.StartsWith("vit_tiny", StringComparison.Ordinal) ? "vit_tiny_patch16_224" : "vit_base_patch16_224";
        long Parameters(string name) => Dsl.Cost.CostModel.Measure(Shared.Project.Instantiate(name)!).Parameters;
        Assert.Equal(Parameters(host) + (heads * ((2L * grid * 197 * 12) + (197 * 12))), Parameters(variant));
    }

    // A path over all positions whose steps go to neighbours; where it goes, when a position comes, and the move into each are told.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Snakes_visit_neighbours_one_after_the_other(bool columns, bool backward)
    {
        using var scope = NewDisposeScope();
        using var model = Model("scan2d", $"input: x[B, C, H, W]\nmodules:\n  snake: snake_order({Word(columns)}, {Word(backward)})\n  ahead: snake_order({Word(columns)})\nforward: |\n  (order, inverse, moves) = snake(x);\n  (path, back, steps) = ahead(x);\n  return stack([order, inverse, moves, path, back, steps]) + 0 * sum(x);\n");
        // Moves by their numbers: none, right, left, up, down.
        (int Row, int Column)[] directions = [(0, 0), (0, 1), (0, -1), (-1, 0), (1, 0)];
        foreach (var (height, width) in new[] { (1, 1), (1, 4), (5, 1), (2, 2), (3, 3), (5, 6), (4, 7), (6, 5) })
        {
            var found = Numbers(model.Forward(zeros([1, 1, height, width], ScalarType.Float64))).Select(v => (int)v).Chunk(height * width).ToArray();
            var (order, inverse, moves) = (found[0], found[1], found[2]);
            Assert.Equal(Enumerable.Range(0, height * width), order.Order());
            Assert.Equal(backward ? found[3].AsEnumerable().Reverse() : found[3], order);
            Assert.Equal(0, found[3][0]);
            for (var t = 0; t < order.Length; t++)
            {
                Assert.Equal(t, inverse[order[t]]);
                var (row, column) = t == 0 ? (0, 0) : ((order[t] / width) - (order[t - 1] / width), (order[t] % width) - (order[t - 1] % width));
                Assert.Equal((row, column), directions[moves[t]]);
                Assert.Equal(t == 0 ? 0 : 1, Math.Abs(row) + Math.Abs(column));
            }

            // The first line is gone along before the next.
            if (!backward && order.Length > 1) Assert.Equal(columns ? (height > 1 ? width : 1) : (width > 1 ? 1 : width), order[1]);
        }

        static string Word(bool value) => value ? "true" : "false";
    }

    private static ExecutedBackbone Block(string library, string application, string input, string forward)
        => Model(library, $"input: {input}\nmodules:\n  basis: {application}\nforward: return {forward};\n");

    private static ExecutedBackbone Model(string library, string body)
    {
        var path = Path.Combine(Shared.Zoo, "blocks", $"{library}.blocks.yaml");
        var project = new Project([.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.yaml").Select(f => (f, File.ReadAllText(f))), ("t.arch.yaml", $"arch: t\nuse: [{library}]\n{body}")]);
        var model = project.Instantiate("t");
        Assert.True(model is not null, string.Join("\n", project.Diagnostics.Items));
        var result = new ExecutedBackbone(model);
        result.to(ScalarType.Float64);
        result.eval();
        return result;
    }

    private static double[] Numbers(Tensor x) => x.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(Math.Abs(expected[i] - found[i]) < tolerance, $"number {i}: expected {expected[i]}, found {found[i]}");
    }
}
