using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Notochord.Tests.Torch;

/// <summary>Tests that count the process's tensors: alone, since others make some meanwhile.</summary>
[CollectionDefinition("counts tensors", DisableParallelization = true)]
public class CountsTensors;

[Collection("counts tensors")]
public class TrainingTests
{
    private sealed class ConvNet : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d _conv = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly TorchSharp.Modules.BatchNorm2d _norm = nn.BatchNorm2d(8);
        private readonly TorchSharp.Modules.Linear _head = nn.Linear(8, 4);

        internal ConvNet() : base("net")
        {
            register_module("conv", _conv);
            register_module("norm", _norm);
            register_module("head", _head);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _norm.call(_conv.call(input)).gelu();
            return _head.call(F.adaptive_avg_pool2d(x, 1).flatten(1)).MoveToOuterDisposeScope();
        }
    }

    [Fact]
    public void A_thousand_steps_learn_and_hold_no_memory()
    {
        manual_seed(7);
        using var net = new ConvNet();
        using var optimizer = optim.AdamW(net.parameters(), 3e-3, weight_decay: 0.01);
        using var x = randn(16, 3, 8, 8);
        using var y = randint(4, [16]);
        var (first, last) = (0f, 0f);
        long liveAt100 = 0, residentAt200 = 0;
        for (var step = 0; step < 1000; step++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                var loss = F.cross_entropy(net.call(x), y);
                loss.backward();
                optimizer.step();
                last = loss.item<float>();
                if (step == 0) first = last;
            }
            // What earlier tests left to the collector goes now; what these steps leave is still counted at the end.
            if (step == 100) liveAt100 = Collected();
            if (step == 200) residentAt200 = Resident();
        }
        Assert.True(last < first / 4, $"the loss went from {first} to {last}");
        Assert.InRange(Tensor.TotalCount - liveAt100, -5, 5);
        Assert.InRange(Resident() - residentAt200, long.MinValue, 24L << 20);
    }

    private static long Collected()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private static long Resident()
    {
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Fact]
    public void Adam_and_AdamW_take_the_steps_of_their_papers()
    {
        foreach (var decoupled in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            var p = nn.Parameter(tensor(new[] { 1.0, -2.0 }));
            using TorchSharp.Modules.OptimizerHelper optimizer = decoupled
                ? optim.AdamW([p], 0.1, 0.8, 0.95, 1e-6, 0.2)
                : optim.Adam([p], 0.1, 0.8, 0.95, 1e-6, 0.2);
            double[] w = [1, -2], m = [0, 0], v = [0, 0];
            for (var t = 1; t <= 5; t++)
            {
                optimizer.zero_grad();
                p.pow(3).sum().backward();
                optimizer.step();
                for (var i = 0; i < 2; i++)
                {
                    var g = 3 * w[i] * w[i];
                    if (decoupled) w[i] *= 1 - 0.1 * 0.2;
                    else g += 0.2 * w[i];
                    m[i] = 0.8 * m[i] + 0.2 * g;
                    v[i] = 0.95 * v[i] + 0.05 * g * g;
                    w[i] -= 0.1 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-6);
                }
                NumericsTests.Close(w, p.detach(), 1e-12);
            }
        }
    }

    [Fact]
    public void Sgd_has_momentum_and_its_state_survives_a_file()
    {
        using var scope = NewDisposeScope();
        var p = nn.Parameter(tensor(new[] { 1.0, -2.0 }));
        using var optimizer = optim.SGD([p], 0.1, momentum: 0.9, nesterov: true);
        double[] w = [1, -2], b = [0, 0];
        var copy = nn.Parameter(p.detach().clone());
        using var resumed = optim.SGD([copy], 0.5, momentum: 0.9, nesterov: true);
        for (var t = 0; t < 6; t++)
        {
            if (t == 3)
            {
                using var file = new MemoryStream();
                optimizer.save_state_dict(new BinaryWriter(file));
                file.Position = 0;
                resumed.load_state_dict(new BinaryReader(file));
                using (no_grad()) copy.copy_(p);
            }
            optimizer.zero_grad();
            p.pow(2).sum().backward();
            optimizer.step();
            resumed.zero_grad();
            copy.pow(2).sum().backward();
            if (t >= 3) resumed.step();
            for (var i = 0; i < 2; i++)
            {
                var g = 2 * w[i];
                b[i] = t == 0 ? g : 0.9 * b[i] + g;
                w[i] -= 0.1 * (g + 0.9 * b[i]);
            }
            NumericsTests.Close(w, p.detach(), 1e-12);
        }
        NumericsTests.Close(w, copy.detach(), 1e-12);
    }

    [Fact]
    public void Schedules_follow_their_formulas()
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD([nn.Parameter(zeros(1))], 1.0);
        double[] Rates(optim.lr_scheduler.LRScheduler schedule, int steps)
        {
            var rates = new List<double> { optimizer.ParamGroups.Single().LearningRate };
            for (var i = 1; i < steps; i++)
            {
                schedule.step();
                rates.Add(optimizer.ParamGroups.Single().LearningRate);
            }
            foreach (var group in optimizer.ParamGroups) group.LearningRate = 1;
            return [.. rates];
        }
        Near([1, 1, 0.5, 0.5, 0.25], Rates(optim.lr_scheduler.StepLR(optimizer, 2, 0.5), 5));
        Near([1, (2 + Math.Sqrt(2)) / 4, 0.5, (2 - Math.Sqrt(2)) / 4, 0], Rates(optim.lr_scheduler.CosineAnnealingLR(optimizer, 4), 5));
        Near([0.2, 0.4, 0.6, 0.8, 1, 1], Rates(optim.lr_scheduler.LinearLR(optimizer, 0.2, 1, 4), 6));
        Near([1, 0.5, 1.0 / 3], Rates(optim.lr_scheduler.LambdaLR(optimizer, t => 1.0 / (t + 1)), 3));
        var warm = optim.lr_scheduler.LinearLR(optimizer, 0.5, 1, 2);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 1;
        var cool = optim.lr_scheduler.CosineAnnealingLR(optimizer, 2);
        Near([0.5, 0.75, 1, 0.5, 0], Rates(optim.lr_scheduler.SequentialLR(optimizer, [warm, cool], [2]), 5));
        var cycle = Rates(optim.lr_scheduler.OneCycleLR(optimizer, 1.0, 10, cycle_momentum: false), 10);
        Assert.Equal(1.0 / 25, cycle[0], 12);
        Assert.Equal(1, cycle[2], 12);
        Assert.Equal(1.0 / 25 / 1e4, cycle[9], 12);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 12);
    }

    [Fact]
    public void A_state_dict_goes_round_and_says_what_does_not_fit()
    {
        using var scope = NewDisposeScope();
        using var a = new ConvNet();
        using var b = new ConvNet();
        b.load_state_dict(a.state_dict());
        foreach (var (name, value) in b.state_dict()) Assert.True(value.Equals(a.state_dict()[name]), name);
        Assert.Equal(["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked", "head.weight", "head.bias"], a.state_dict().Keys);
        var partial = a.state_dict();
        partial.Remove("head.bias");
        partial["stranger"] = zeros(1);
        var error = Assert.Throws<InvalidOperationException>(() => b.load_state_dict(partial));
        Assert.Contains("head.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("stranger", error.Message, StringComparison.Ordinal);
        var (missing, unexpected) = b.load_state_dict(partial, false);
        Assert.Equal(["head.bias"], missing);
        Assert.Equal(["stranger"], unexpected);
    }

    [Fact]
    public void Moving_a_module_keeps_its_objects()
    {
        using var scope = NewDisposeScope();
        using var net = new ConvNet();
        var weight = net.get_parameter("head.weight")!;
        net.to(float64);
        Assert.Same(weight, net.get_parameter("head.weight"));
        Assert.Equal(float64, weight.dtype);
        Assert.True(weight.requires_grad && weight.is_leaf);
        Assert.Equal(int64, net.get_buffer("norm.num_batches_tracked")!.dtype);
        Assert.Equal(float64, net.call(randn([1, 3, 8, 8], float64)).dtype);
        net.to(bfloat16).eval();
        Assert.Equal(bfloat16, net.call(randn(1, 3, 8, 8).to(bfloat16)).dtype);
    }

    [Fact]
    public void Modules_are_walked_in_order_and_switched_together()
    {
        using var net = nn.Sequential(("a", nn.Linear(2, 3)), ("act", nn.GELU()), ("drop", nn.Dropout(0.5)), ("b", nn.Linear(3, 1)));
        Assert.Equal(["a", "act", "drop", "b"], net.named_modules().Select(m => m.Item1));
        net.eval();
        Assert.All(net.modules(), m => Assert.False(m.training));
        using var list = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(1, 1), nn.ReLU());
        list.append(nn.Linear(1, 2));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], list.named_parameters().Select(p => p.Item1));
        Assert.Throws<InvalidOperationException>(() => { net.register_buffer("a", zeros(1)); });
    }
}
