using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>One call of a function: the managed side of its node, alive as long as the node is.</summary>
        private sealed class FunctionCall
        {
            private readonly IFunction _function;
            private readonly AutogradContext _context = new();
            private readonly bool[] _isTensor;

            private FunctionCall(IFunction function, object[] vars)
            {
                _function = function;
                _isTensor = [.. vars.Select(v => v is Tensor { IsInvalid: false })];
            }

            public static unsafe List<Tensor> Apply(IFunction function, object[] vars)
            {
                var call = new FunctionCall(function, vars);
                var inputs = vars.Where((_, i) => call._isTensor[i]).Cast<Tensor>().ToList();
                List<Tensor> outputs;
                using (no_grad()) outputs = function.Forward(call._context, vars);
                var (i, o, s, c) = (Handles(inputs), Handles(outputs), Handles(call._context.ToSave), Handles(call._context.NonDifferentiable));
                var results = new nint[o.Length];
                fixed (nint* pi = i, po = o, ps = s, pc = c, pr = results)
                {
                    // From here on the node frees the handle, also where this fails.
                    var state = GCHandle.ToIntPtr(GCHandle.Alloc(call));
                    Native.Check(Native.nt_function(
                        pi, i.Length, po, o.Length, ps, s.Length, pc, c.Length, call._context.MaterializeGrads ? 1 : 0, state, &Backward, &Release, pr));
                }

                GC.KeepAlive(inputs);
                GC.KeepAlive(outputs);
                GC.KeepAlive(call._context.ToSave);
                GC.KeepAlive(call._context.NonDifferentiable);
                call._context.Kept();
                return [.. results.Select(h => new Tensor(h))];
            }

            // No exception may pass through native frames: it goes back as a handle, and is thrown on where the engine was called.
            [UnmanagedCallersOnly]
            [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the caller of backward gets it.")]
            private static unsafe nint Backward(nint state, nint context, nint* gradients, int count, nint* results)
            {
                try
                {
                    using var scope = NewDisposeScope();
                    var given = new List<Tensor>(count);
                    for (var i = 0; i < count; i++) given.Add(gradients[i] == 0 ? null! : new Tensor(gradients[i]));
                    var call = (FunctionCall)GCHandle.FromIntPtr(state).Target!;
                    var found = call.Gradients(context, given);
                    // All are valid before the first reference is handed over.
                    var handles = found.Select(t => t is null || t.IsInvalid ? 0 : t.Handle).ToArray();
                    for (var i = 0; i < handles.Length; i++) results[i] = handles[i] == 0 ? 0 : Native.nt_retain(handles[i]);
                    GC.KeepAlive(found);
                    return 0;
                }
                catch (Exception e)
                {
                    return GCHandle.ToIntPtr(GCHandle.Alloc(e));
                }
            }

            [UnmanagedCallersOnly]
            private static void Release(nint state)
            {
                var handle = GCHandle.FromIntPtr(state);
                ((FunctionCall)handle.Target!)._context.Dispose();
                handle.Free();
            }

            // One gradient for each tensor among the arguments.
            private List<Tensor> Gradients(nint context, List<Tensor> given)
            {
                _context.Native = context;
                List<Tensor> found;
                try
                {
                    found = _function.Backward(_context, given);
                }
                finally
                {
                    _context.Native = 0;
                }

                if (found.Count != _isTensor.Length)
                    throw new InvalidOperationException($"Function {_function.Name} returned {found.Count} gradients for {_isTensor.Length} arguments.");
                for (var i = 0; i < found.Count; i++)
                {
                    if (!_isTensor[i] && found[i] is { IsInvalid: false }) throw new InvalidOperationException($"Function {_function.Name} returned a gradient for argument {i}, which is no tensor.");
                }

                return [.. found.Where((_, i) => _isTensor[i])];
            }
        }
    }
}
