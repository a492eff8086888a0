using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests.Torch;

[Collection("counts tensors")]
public class ScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_not_moved_out()
    {
        Tensor kept, detached, moved, dropped;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                dropped = ones(1);
                moved = ones(2).MoveToOuterDisposeScope();
                detached = inner.Detach(ones(3));
                using var early = ones(4);
                Assert.Equal(2, inner.DisposablesCount);
            }
            kept = ones(5);
            Assert.True(dropped.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.Equal(2, outer.DisposablesCount);
            outer.DisposeEverythingBut(kept);
            Assert.True(moved.IsInvalid);
        }
        Assert.True(kept.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => detached.shape);
        Assert.Contains("disposed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_nobody_disposes_are_collected()
    {
        Litter();
        for (var i = 0; i < 10 && Tensor.TotalCount > s_before + 100; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(Tensor.TotalCount, 0, s_before + 100);
    }

    private static long s_before;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Litter()
    {
        s_before = Tensor.TotalCount;
        for (var i = 0; i < 1000; i++) zeros(10);
    }

    [Fact]
    public void A_call_that_fails_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(2, 3), randn(4, 5));
        var before = scope.DisposablesCount;
        for (var i = 0; i < 10; i++) Assert.Throws<ExternalException>(() => a.add(b));
        Assert.Equal(before, scope.DisposablesCount);
        Assert.Throws<ExternalException>(() => a.softmax(7));
        Assert.Throws<ExternalException>(() => a.view(7));
        Assert.Throws<ArgumentException>(() => new Device("gpu:x"));
        Assert.Throws<ArgumentException>(() => a[0, 0, 0]);
        Assert.Throws<ArgumentException>(() => a.item<float>());
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));
    }

    [Fact]
    public void Numbers_go_in_and_come_out_in_every_type()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1.5f, -2], tensor(new[] { 1.5f, -2 }).data<float>().ToArray());
        Assert.Equal([true, false], tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal([1L, 2, 3, 4], tensor(new long[,] { { 1, 2 }, { 3, 4 } }).data<long>().ToArray());
        Assert.Equal(int64, from_array(new long[,,] { { { 1 } } }).dtype);
        Assert.Equal([1, 1, 1], from_array(new byte[,,] { { { 1 } } }).shape);
        foreach (var type in new[] { float16, bfloat16, float32, float64, int8, int16, int32, int64, uint8 })
        {
            Assert.Equal(3, arange(4, type)[3].to(float64).item<double>());
            Assert.Equal(type, full([2], 3, type).dtype);
        }
        var z = torch.complex(tensor(new[] { 1.0, 2 }), tensor(new[] { 3.0, -4 }));
        Assert.Equal(new System.Numerics.Complex(2, -4), z[1].item<System.Numerics.Complex>());
        Assert.Equal(new System.Numerics.Complex(5, 6), (z * new System.Numerics.Complex(0, 1) + z)[1].ToScalar().ToComplexFloat64() - new System.Numerics.Complex(1, -8));
        MemoryMarshal.Cast<byte, float>(zeros(2).bytes)[1] = 5;
        Assert.Equal([2, 3], zeros([2, 3], device: META).shape);
    }

    [Fact]
    public void The_seed_decides()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var first = randn(5);
        manual_seed(11);
        Assert.True(first.Equals(randn(5)));
        var generator = new Generator(3);
        var state = generator.get_state();
        var one = rand([4], generator: generator);
        generator.set_state(state);
        Assert.True(one.Equals(rand([4], generator: generator)));
        Assert.Equal([0L, 1, 2, 3, 4], randperm(5).sort().Item1.data<long>().ToArray());
    }

    [Fact]
    public void Threads_are_set_and_gradients_are_off_where_told()
    {
        var before = get_num_threads();
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
        using var x = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            using var y = x * 2;
            Assert.False(y.requires_grad);
            using (enable_grad()) Assert.True(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        Parallel.For(0, 8, _ =>
        {
            using var scope = NewDisposeScope();
            for (var i = 0; i < 200; i++) Assert.Equal(20, (ones(10) * 2).sum().item<float>());
        });
    }

    [Fact]
    public void Any_operator_is_reached_through_a_compiled_function()
    {
        using var scope = NewDisposeScope();
        using var unit = jit.compile("""
            def swap(x: Tensor, n: int, t: float):
                return torch.hardshrink(x, t) * n, x

            def pair(x: Tensor):
                return [x, x + 1]

            """);
        var results = (Tensor[])unit.invoke("swap", tensor(new[] { 0.1, 2.0 }), 3, 0.5)!;
        NumericsTests.Close([0, 6], results[0]);
        Assert.Equal(2, ((Tensor[])unit.invoke("pair", ones(1))!).Length);
        Assert.Throws<ExternalException>(() => unit.invoke("absent", ones(1)));
        Assert.Throws<ExternalException>(() => jit.compile("def f(x):\n    return nothing(x)\n"));
    }

    [Fact]
    public void A_call_is_cheap()
    {
        using var off = no_grad();
        using var x = ones(1);
        Slice(x, 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Slice(x, 1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000 * 40);
        // The best of many short slices: what a call costs when nothing else runs in between.
        var best = Enumerable.Range(0, 1000).Min(_ => Slice(x, 100));
        Assert.InRange(best, 0, 3);
    }

    /// <summary>Microseconds of one addition and the disposal of its result, in a loop of so many.</summary>
    private static double Slice(Tensor x, int calls)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++) x.add(x).Dispose();
        return watch.Elapsed.TotalMicroseconds / calls;
    }
}
