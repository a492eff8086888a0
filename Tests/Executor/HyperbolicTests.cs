using Notochord.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests;

/// <summary>The Poincare ball's maps have the properties of a gyrovector space, in float64 and, within its precision, in float32.</summary>
public class HyperbolicTests
{
    private const string Maps = """
        params: { c: 0.7 }
        constants:
          k: full([], c)
        modules:
          exp0: expmap0
          log0: logmap0
          exp_at: expmap
          log_at: logmap
          add: mobius_add
          gyr: gyration
          move: parallel_transport
          distance: poincare_distance
          middle: poincare_midpoint
          factor: conformal_factor
          project: ball_project
        """;

    // Points of the ball from x[.., n]; the last axis is theirs.
    private static readonly Dictionary<string, (string Forward, double Tolerance)> Zeros = new()
    {
        // Maps and their inverses.
        ["log of exp"] = ("return log0(exp0(x[0], k), k) - x[0];", 1e-9),
        ["exp of log"] = ("a = exp0(x[0], k); return exp0(log0(a, k), k) - a;", 1e-9),
        ["log of exp at a point"] = ("a = exp0(x[0], k); v = 0.3 * x[1]; return log_at(a, exp_at(a, v, k), k) - v;", 1e-9),
        ["exp of log at a point"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return exp_at(a, log_at(a, b, k), k) - b;", 1e-9),
        ["at the origin"] = ("return exp_at(zeros([6, 3], like=x), x[0], k) - exp0(x[0], k);", 1e-9),
        // Gyrogroup.
        ["neutral"] = ("a = exp0(x[0], k); return cat([add(0 * a, a, k) - a, add(a, 0 * a, k) - a], -1);", 1e-12),
        ["inverse"] = ("a = exp0(x[0], k); return add(-a, a, k);", 1e-9),
        ["left cancellation"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return add(-a, add(a, b, k), k) - b;", 1e-9),
        ["gyrocommutative"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return add(a, b, k) - gyr(a, b, add(b, a, k), k);", 1e-9),
        ["gyroassociative"] = ("a = exp0(x[0], k); b = exp0(x[1], k); d = exp0(x[2], k); return add(a, add(b, d, k), k) - add(add(a, b, k), gyr(a, b, d, k), k);", 1e-9),
        ["gyrations are rotations"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return norm(gyr(a, b, x[2], k), 2, -1) - norm(x[2], 2, -1);", 1e-9),
        // Geometry.
        ["distance is symmetric"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return distance(a, b, k) - distance(b, a, k);", 1e-9),
        ["distance is that of the log"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return distance(a, b, k) - factor(a, k) * norm(log_at(a, b, k), 2, -1, keepdim=true);", 1e-8),
        ["additions on the left are isometries"] = ("a = exp0(x[0], k); b = exp0(x[1], k); d = exp0(x[2], k); return distance(add(d, a, k), add(d, b, k), k) - distance(a, b, k);", 1e-7),
        ["transport keeps lengths"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return factor(b, k) * norm(move(a, b, x[2], k), 2, -1, keepdim=true) - factor(a, k) * norm(x[2], 2, -1, keepdim=true);", 1e-8),
        ["transport and back"] = ("a = exp0(x[0], k); b = exp0(x[1], k); return move(b, a, move(a, b, x[2], k), k) - x[2];", 1e-8),
        ["midpoint of two"] = ("a = exp0(x[0][..1], k); b = exp0(x[1][..1], k); m = middle(cat([a, b], 0), k); return distance(a, m, k) - distance(b, m, k);", 1e-8),
        ["midpoint of one"] = ("a = exp0(x[0][..1], k); return middle(cat([a, a, a], 0), k) - a;", 1e-9),
        ["projection leaves what is inside"] = ("a = exp0(x[0], k); return project(a, k) - a;", 0),
    };

    public static TheoryData<string> Names => new(Zeros.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string name)
    {
        var (forward, tolerance) = Zeros[name];
        using var net = Net(forward);
        manual_seed(3);
        for (var i = 0; i < 5; i++)
        {
            using var x = rand([3, 6, 3], ScalarType.Float64).sub(0.5).mul(1.5);
            using var y = net.Forward(x);
            Assert.InRange(y.abs().max().item<double>(), 0, tolerance);
        }
    }

    // However long a tangent vector: inside, by the margin of its precision.
    [Theory]
    [InlineData(ScalarType.Float64, 1e-5)]
    [InlineData(ScalarType.Float32, 4e-3)]
    public void Points_stay_in_the_ball(ScalarType type, double margin)
    {
        using var net = Net("a = exp0(x[0], k); b = exp_at(a, x[1], k); d = project(add(b, a, k), k); return sqrt(k) * norm(stack([a, b, d, project(x[2], k)]), 2, -1);");
        net.to(type);
        manual_seed(5);
        foreach (var length in new[] { 0, 1e-20, 1e-6, 1, 30, 1e4 })
        {
            using var x = randn([3, 6, 3], type).mul(length);
            using var norms = net.Forward(x);
            Assert.True(norms.isfinite().all().item<bool>());
            Assert.True(norms.max().to_type(ScalarType.Float64).item<double>() <= 1 - margin + 1e-6);
        }
    }

    [Fact]
    public void Gradients_are_those_of_differences_and_finite_at_the_origin()
    {
        using var net = Net("a = exp0(x[0], k); b = exp0(x[1], k); y = move(a, b, log_at(a, exp_at(b, x[2], k), k), k); return y + middle(a, k) + log0(add(a, b, k), k);");
        net.to(ScalarType.Float64);
        manual_seed(7);
        var values = rand([3, 4, 3], ScalarType.Float64).sub(0.5).data<double>().ToArray();
        using var probe = rand([4, 3], ScalarType.Float64);
        double At(double[] numbers)
        {
            using var guard = no_grad();
            using var x = tensor(numbers).reshape(3, 4, 3);
            return net.Forward(x).mul(probe).sum().item<double>();
        }

        using var input = tensor(values).reshape(3, 4, 3).requires_grad_();
        net.Forward(input).mul(probe).sum().backward();
        var found = input.grad!.data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            const double step = 1e-6;
            double[] up = [.. values], down = [.. values];
            (up[i], down[i]) = (values[i] + step, values[i] - step);
            Assert.Equal((At(up) - At(down)) / (2 * step), found[i], 1e-6);
        }

        using var origin = zeros([3, 4, 3], ScalarType.Float64).requires_grad_();
        net.Forward(origin).mul(probe).sum().backward();
        Assert.True(origin.grad!.isfinite().all().item<bool>());
    }

    private static ExecutedBackbone Net(string forward)
    {
        var used = Maps.Split('\n').Where(line => !line.StartsWith("  ", StringComparison.Ordinal) || line.StartsWith("  k:", StringComparison.Ordinal) || forward.Contains(line.Trim().Split(':')[0] + "(", StringComparison.Ordinal));
        var net = Declarations.OverBlocks(["hyperbolic"], "x[3, N, n]", forward.Replace("; ", ";\n"), string.Join('\n', used));
        net.to(ScalarType.Float64);
        return net;
    }
}
