using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded for <see cref="backward"/>.</summary>
        public bool requires_grad
        {
            get => Keep(Native.nt_requires_grad(Handle)) != 0;
            set => Keep(Native.Check(Native.nt_set_requires_grad(Handle, value ? 1 : 0)));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => alias().requires_grad_(requires_grad);

        /// <summary>The accumulated gradient, or null.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint found;
                Keep(Native.Check(Native.nt_grad(Handle, &found)));
                return found == 0 ? null : new Tensor(found);
            }
            set
            {
                Keep(Native.Check(Native.nt_set_grad(Handle, value?.Handle ?? 0)));
                GC.KeepAlive(value);
            }
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad() => Keep(Native.Check(Native.nt_retain_grad(Handle)));

        /// <summary>Adds the gradients of this one-element tensor to the leaves that it was computed from.</summary>
        public void backward() => autograd.backward(this);
    }

    /// <summary>Gradients.</summary>
    public static partial class autograd
    {
        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var (t, g, i) = (Handles(tensors), Handles(grad_tensors), Handles(inputs));
            fixed (nint* pt = t, pg = g, pi = i)
            {
                Native.Check(Native.nt_backward(pt, t.Length, pg, g.Length, Tristate(retain_graph), create_graph ? 1 : 0, pi, i.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>The gradients of the outputs with respect to the inputs, without touching any leaf.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            var (o, i, g) = (Handles(outputs), Handles(inputs), Handles(grad_outputs));
            var results = new nint[i.Length];
            fixed (nint* po = o, pi = i, pg = g, pr = results)
            {
                Native.Check(Native.nt_autograd_grad(po, o.Length, pi, i.Length, pg, g.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, pr));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. results.Select(h => h == 0 ? null! : new Tensor(h))];
        }

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(t => t.Handle)];

        private static int Tristate(bool? value) => value is { } on ? on ? 1 : 0 : -1;
    }

    public static bool is_grad_enabled() => Native.nt_grad_enabled() != 0;

    /// <summary>No operation is recorded until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        internal GradMode(bool enabled) => Native.nt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.nt_set_grad_enabled(_before ? 1 : 0);
    }
}
