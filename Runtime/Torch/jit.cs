using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>TorchScript functions: a way to any registered operator.</summary>
    public static class jit
    {
        /// <summary>Compiles functions given as TorchScript text.</summary>
        public static CompilationUnit compile(string script) => new(script);

        /// <summary>Compiled functions.</summary>
        public class CompilationUnit : IDisposable
        {
            private readonly Dictionary<string, Op> _functions = [];
            private nint _handle;

            internal CompilationUnit(string script) => _handle = Native.Check(Native.nt_compile(script));

            ~CompilationUnit() => Dispose(false);

            /// <summary>Calls a function with tensors, lists of tensors, numbers, booleans, strings or null; gives its result, or an array of them.</summary>
            public object? invoke(string name, params object?[] objs)
            {
                ArgumentNullException.ThrowIfNull(objs);
                var results = Find(name).Any([.. objs.Select(ToArg)]);
                return results.Length switch
                {
                    0 => null,
                    1 => results[0],
                    _ when results.All(r => r is Tensor) => results.Cast<Tensor>().ToArray(),
                    _ => results,
                };
            }

            public TResult invoke<TResult>(string name, params object?[] inputs) => (TResult)invoke(name, inputs)!;

            public TResult invoke<T, TResult>(string name, params T[] inputs) => (TResult)invoke(name, [.. inputs.Select(i => (object?)i)])!;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                var handle = Interlocked.Exchange(ref _handle, 0);
                if (handle == 0) return;
                if (disposing)
                {
                    lock (_functions)
                    {
                        foreach (var function in _functions.Values) Native.nt_free_op(function.Handle);
                        _functions.Clear();
                    }
                }
                Native.nt_free_unit(handle);
            }

            private Op Find(string name)
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                lock (_functions)
                {
                    return _functions.TryGetValue(name, out var known) ? known : _functions[name] = new Op(Native.Check(Native.nt_find_in(_handle, name)));
                }
            }

            private static Arg ToArg(object? value) => value switch
            {
                null => Arg.None,
                Tensor t => t,
                long n => n,
                int n => n,
                double d => d,
                float f => f,
                bool b => b,
                string s => s,
                Scalar s => s,
                long[] list => list,
                double[] list => list,
                bool[] list => list,
                IEnumerable<Tensor> list => Arg.List(list),
                _ => throw new ArgumentException($"A value of type {value.GetType()} has no form in TorchScript."),
            };
        }
    }
}
