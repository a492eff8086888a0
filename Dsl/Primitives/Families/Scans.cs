using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>State-space recurrences along a sequence, in time and memory linear in its length.</summary>
internal static class Scans
{
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("selective_scan(tensor u, tensor delta, tensor A, tensor B, tensor C, tensor? order = none, int window = 0)",
            "S6: for each channel of u[B, D, L] with steps delta[B, D, L] the states h_t = exp(delta_t A) h_(t-1) + delta_t B_t u_t (N of them, from 0) and y_t = C_t h_t: [B, D, L] (Gu and Dao 2023, arXiv:2312.00752, eq. 2; "
            + "A[D, N] negative, delta positive). B and C are [B, N, L], or [B, G, N, L]: channel d has group d / (D / G). order, a permutation of the positions ([L] integers, or [G, L]), says which position "
            + "is visited first, second, ..; inputs and y stay at their places, so that a reversed, column or snake scan costs no copy. With a window, y_t = C_t (h_t + r_t), where "
            + "r_t = exp(delta_t A) (r_(t+1) + delta_(t+1) B_(t+1) u_(t+1)) looks back within each window of so many visited positions (Zhang et al. 2025, LBMamba, arXiv:2506.15976). Training keeps no states but every so many'th.",
            InferSelectiveScan, s => s.Fill("Op.selective_scan({u}, {delta}, {A}, {B}, {C}, {order}, {window})"))
        {
            Macs = c => c.Tensor("u").Count * c.Tensor("A")[1] * (c.Int("window").Value == 0 ? 2 : 3),
        },
        new("state_space_duality(tensor x, tensor log_a, tensor B, tensor C)",
            "SSD, the scan with one decay a head: y_t = sum over s <= t of exp(log_a_(s+1) + .. + log_a_t) (C_t . B_s) x_s, over x[B, L, H, P], log_a[B, L, H] (not positive), B and C[B, L, G, N], where head h has group h / (H / G): [B, L, H, P]. "
            + "Computed as matrix products within chunks and a recurrence over them (Dao and Gu 2024, arXiv:2405.21060, section 6); Mamba-2 is state_space_duality(x * dt, A * dt, B, C), retention a constant log_a, linear attention 0.",
            InferDuality, s => s.Fill("Op.state_space_duality({x}, {log_a}, {B}, {C})"))
        {
            Macs = c => c.Tensor("x").Count * c.Tensor("B")[-1] * 2,
        },
    ];

    private static Shape[] InferSelectiveScan(CallSite call)
    {
        var (u, delta, a) = (call.Tensor("u", 3, "[B, D, L]"), call.Tensor("delta", 3, "[B, D, L]"), call.Tensor("A", 2, "[D, N]"));
        for (var i = 0; i < 3; i++) call.RequireEqual(u[i], delta[i], $"Axis {i} of u {u.Describe()} and delta {delta.Describe()}");
        call.RequireEqual(u[1], a[0], $"Channels of u {u.Describe()} and of A {a.Describe()}");
        var groups = Projection(call, "B", u, a);
        call.RequireEqual(groups, Projection(call, "C", u, a), $"Groups of B and of C");
        call.RequireMultiple(u[1], groups, $"Channels of u {u.Describe()}, in groups");
        if (call.Int("window").Value < 0) throw new ShapeException($"'window' counts positions, 0 for none; found {call.Int("window").Describe()}.");
        if (call.Optional("order") is not { } order) return [u];
        if (order.Type != ElementType.Int) throw new ShapeException($"'order' holds integers, the positions in the order of their visits; found {order.Describe()}.");
        if (order.Rank is not (1 or 2)) throw new ShapeException($"'order' of selective_scan is [L] or [G, L]; found {order.Describe()}.");
        call.RequireEqual(order[-1], u[2], $"Positions of order {order.Describe()} and of u {u.Describe()}");
        if (order.Rank == 2) call.RequireEqual(order[0], groups, $"Rows of order {order.Describe()} and groups");
        return [u];
    }

    // Checks B or C; its groups.
    private static Dim Projection(CallSite call, string name, Shape u, Shape a)
    {
        var x = call.Tensor(name);
        if (x.Rank is not (3 or 4)) throw new ShapeException($"'{name}' of selective_scan is [B, N, L] or [B, G, N, L]; found {x.Describe()}.");
        call.RequireEqual(x[0], u[0], $"Batch of {name} {x.Describe()} and of u {u.Describe()}");
        call.RequireEqual(x[-2], a[1], $"States of {name} {x.Describe()} and of A {a.Describe()}");
        call.RequireEqual(x[-1], u[2], $"Positions of {name} {x.Describe()} and of u {u.Describe()}");
        return x.Rank == 4 ? x[1] : Dim.One;
    }

    private static Shape[] InferDuality(CallSite call)
    {
        var (x, a) = (call.Tensor("x", 4, "[B, L, H, P]"), call.Tensor("log_a", 3, "[B, L, H]"));
        var (b, c) = (call.Tensor("B", 4, "[B, L, G, N]"), call.Tensor("C", 4, "[B, L, G, N]"));
        for (var i = 0; i < 3; i++) call.RequireEqual(x[i], a[i], $"Axis {i} of x {x.Describe()} and log_a {a.Describe()}");
        for (var i = 0; i < 2; i++) call.RequireEqual(x[i], b[i], $"Axis {i} of x {x.Describe()} and B {b.Describe()}");
        for (var i = 0; i < 4; i++) call.RequireEqual(b[i], c[i], $"Axis {i} of B {b.Describe()} and C {c.Describe()}");
        call.RequireMultiple(x[2], b[2], $"Heads of x {x.Describe()}, in groups");
        return [x];
    }
}
