namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What one call of a function keeps between forward and backward. What is disposable among its data is disposed with the node.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private int _savedCount;

            internal AutogradContext()
            {
            }

            /// <summary>Whether backward gets zeros for a result without a gradient.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Tensors that forward wants in backward; only until the node has them.</summary>
            internal List<Tensor> ToSave { get; private set; } = [];

            /// <summary>Results through which no gradient goes; only until the node has them.</summary>
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>The native context, while backward runs.</summary>
            internal nint Native { get; set; }

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>Keeps tensors for backward, which is told when one was changed in place meanwhile. At most once, in forward.</summary>
            public void save_for_backward(List<Tensor> tensors) => ToSave = tensors;

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = tensors;

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            /// <summary>What <see cref="save_for_backward"/> kept; only in backward.</summary>
            public unsafe List<Tensor> get_saved_variables()
            {
                if (Native == 0) throw new InvalidOperationException("Saved tensors are there while backward runs.");
                var found = new nint[_savedCount];
                fixed (nint* p = found) Interop.Native.Check(Interop.Native.nt_saved(Native, p, found.Length));
                return [.. found.Select(h => new Tensor(h))];
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var value in _data.Values.OfType<IDisposable>()) value.Dispose();
                _data.Clear();
            }

            /// <summary>The node has them now.</summary>
            internal void Kept()
            {
                _savedCount = ToSave.Count;
                (ToSave, NonDifferentiable) = ([], []);
            }
        }
    }
}
