using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Notochord.Tests.Torch;

/// <summary>Functions with a backward of their own.</summary>
[Collection("counts tensors")]
public class FunctionTests
{
    [Fact]
    public void Gradients_are_those_that_backward_gives()
    {
        using var a = tensor([1.0, 2.0]).requires_grad_();
        using var b = tensor([3.0, 5.0]).requires_grad_();
        var results = SumAndProduct.apply(a, "no tensor", b);

        Assert.Equal([4, 7], results[0].data<double>().ToArray());
        Assert.Equal([3, 10], results[1].data<double>().ToArray());
        using var loss = results[0].sum().add(results[1].mul(10.0).sum());
        loss.backward();

        Assert.Equal([31, 51], Gradient(a));
        Assert.Equal([11, 21], Gradient(b));
    }

    [Fact]
    public void A_result_without_a_gradient_has_zeros_or_nothing()
    {
        using var a = tensor([1.0, 2.0]).requires_grad_();
        using var b = tensor([3.0, 5.0]);
        SumAndProduct.apply(a, "no tensor", b)[1].sum().backward();
        Assert.Equal([3, 5], Gradient(a));

        var seen = new List<bool>();
        Sparse.apply(a, seen)[1].sum().backward();
        Assert.Equal([false, true], seen);
    }

    [Fact]
    public void Where_nothing_is_recorded_results_have_no_history()
    {
        using var a = tensor([1.0]).requires_grad_();
        using var b = tensor([3.0]);
        using (no_grad()) Assert.All(SumAndProduct.apply(a, "", b), y => Assert.False(y.requires_grad));
        using var c = tensor([1.0]);
        Assert.All(SumAndProduct.apply(c, "", b), y => Assert.False(y.requires_grad));
    }

    [Fact]
    public void What_backward_throws_arrives_where_it_was_called()
    {
        using var a = tensor([1.0]).requires_grad_();
        var thrown = new TimeoutException("as it was");
        var y = Failing.apply(a, thrown)[0];
        using var z = y.mul(2.0).sum();

        Assert.Same(thrown, Assert.Throws<TimeoutException>(() => z.backward()));
        // And the next call is as ever.
        using var w = a.mul(2.0).sum();
        w.backward();
        Assert.Equal([2], Gradient(a));
    }

    [Fact]
    public void A_saved_tensor_that_was_changed_in_place_is_told()
    {
        using var a = tensor([1.0]).requires_grad_();
        using var b = tensor([3.0]);
        var y = SumAndProduct.apply(a, "", b)[1];
        b.add_(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.sum().backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_call_keeps_goes_with_its_node()
    {
        var (data, kept) = OneCall();
        Assert.True(data.IsDisposed);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(kept.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (Disposable Data, WeakReference Kept) OneCall()
        {
            using var a = tensor([1.0]).requires_grad_();
            var data = new Disposable();
            var y = Keeping.apply(a, data)[0];
            var kept = new WeakReference(new object());
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.False(data.IsDisposed);
            y.backward();
            Assert.False(data.IsDisposed);
            y.Dispose();
            return (data, kept);
        }
    }

    [Fact]
    public void Thousand_steps_leave_nothing_behind()
    {
        using var a = tensor([1.0, 2.0]).requires_grad_();
        using var b = tensor([3.0, 5.0]).requires_grad_();
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 1000; i++) Step();
        Assert.InRange(Tensor.TotalCount - before, long.MinValue, 5);

        void Step()
        {
            using var scope = NewDisposeScope();
            var results = SumAndProduct.apply(a, "", b);
            results[0].sum().add(results[1].sum()).backward();
        }
    }

    private static double[] Gradient(Tensor tensor)
    {
        using var gradient = tensor.grad!;
        return gradient.data<double>().ToArray();
    }

    private sealed class Disposable : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[2]);
            ctx.save_for_backward([a, b]);
            return [a + b, a * b];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] + (grad_outputs[1] * saved[1]), null!, grad_outputs[0] + (grad_outputs[1] * saved[0])];
        }
    }

    private sealed class Sparse : autograd.MultiTensorFunction<Sparse>
    {
        public override string Name => nameof(Sparse);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.set_materialize_grads(false);
            ctx.save_data("seen", vars[1]);
            return [((Tensor)vars[0]).clone(), ((Tensor)vars[0]).clone()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            ((List<bool>)ctx.get_data("seen")).AddRange(grad_outputs.Select(g => g is not null));
            return [grad_outputs[1], null!];
        }
    }

    private sealed class Failing : autograd.MultiTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("thrown", vars[1]);
            return [((Tensor)vars[0]).clone()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => throw (Exception)ctx.get_data("thrown");
    }

    private sealed class Keeping : autograd.MultiTensorFunction<Keeping>
    {
        public override string Name => nameof(Keeping);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("data", vars[1]);
            return [((Tensor)vars[0]).clone()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0], null!];
    }
}
