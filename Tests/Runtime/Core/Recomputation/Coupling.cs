using Notochord.Ops;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core;

/// <summary>An additive coupling (Gomez et al. 2017) over rows of numbers, written by hand: y1 = x1 + f(x2, side), y2 = x2 + g(y1).</summary>
internal sealed class Coupling : nn.Module, IRecomputable
{
    private readonly Tensor f;
    private readonly Tensor g;
    private readonly Tensor mean;
    private readonly Tensor variance;
    private readonly Tensor count;
    private readonly Dropping first;
    private readonly Dropping second;

    public Coupling(int dim, double drop = 0, bool norm = false)
        : base(nameof(Coupling))
    {
        var type = ScalarType.Float64;
        f = nn.Parameter(randn(dim, dim, dtype: type).mul(0.5));
        g = nn.Parameter(randn(dim, dim, dtype: type).mul(0.5));
        (mean, variance, count) = (zeros(dim, dtype: type), ones(dim, dtype: type), zeros([], dtype: ScalarType.Int64));
        register_parameter("f", (TorchSharp.Modules.Parameter)f);
        register_parameter("g", (TorchSharp.Modules.Parameter)g);
        register_buffer("mean", mean);
        register_buffer("variance", variance);
        register_buffer("count", count);
        register_module("first", first = new Dropping(drop));
        register_module("second", second = new Dropping(drop));
        HasNorm = norm;
    }

    public bool Recompute { get; set; } = true;

    public bool HasNorm { get; }

    /// <summary>Whether it recovers its inputs; otherwise they are kept.</summary>
    public bool IsReversible { get; init; } = true;

    public int Calls { get; private set; }

    /// <summary>Throws when it is computed for the second time.</summary>
    public bool Fails { get; init; }

    public Tensor Mean => mean;

    public long Batches => count.item<long>();

    public (Tensor Y1, Tensor Y2) Call(Tensor x1, Tensor x2, Tensor side)
    {
        if (!Recomputation.IsWanted(this)) return Compute(x1, x2, side);
        var y = Recomputation.Call(
            this, [x1, x2, side],
            x =>
            {
                var (y1, y2) = Compute(x[0], x[1], x[2]);
                return [y1, y2];
            },
            IsReversible ? new Inverse([0, 1], (y, kept) => Recover(y[0], y[1], kept[0])) : null);
        return (y[0], y[1]);
    }

    public (Tensor Y1, Tensor Y2) Compute(Tensor x1, Tensor x2, Tensor side)
    {
        if (++Calls == 2 && Fails) throw new TimeoutException("the second time");
        using var a = F(x2, side);
        var y1 = x1.add(a);
        using var b = G(y1);
        return (y1, x2.add(b));
    }

    // In the other order than forward: noise must not depend on it.
    private Tensor[] Recover(Tensor y1, Tensor y2, Tensor side)
    {
        using var b = G(y1);
        var x2 = y2.sub(b);
        using var a = F(x2, side);
        return [y1.sub(a), x2];
    }

    private Tensor F(Tensor x, Tensor side)
    {
        using var scope = NewDisposeScope();
        var z = x.matmul(f).tanh().mul(side);
        if (HasNorm) z = Op.batch_norm(z, mean, variance, null, null, count, training, 0.1, 1e-5);
        return first.Call(z).MoveToOuterDisposeScope();
    }

    private Tensor G(Tensor x)
    {
        using var scope = NewDisposeScope();
        return second.Call(x.matmul(g).tanh()).MoveToOuterDisposeScope();
    }

    private sealed class Dropping(double p) : nn.Module(nameof(Dropping))
    {
        public Tensor Call(Tensor x) => Op.dropout(x, p, this);
    }
}
