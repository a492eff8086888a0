namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A function with a backward of its own: see <see cref="MultiTensorFunction{T}"/>.</summary>
        /// <typeparam name="T">The function itself; one object of it serves all calls, so what a call keeps goes into its context.</typeparam>
        public abstract class Function<T> : IFunction
            where T : Function<T>, new()
        {
            private static readonly T s_instance = new();

            private protected Function()
            {
            }

            /// <summary>How messages call it.</summary>
            public abstract string Name { get; }

            string IFunction.Name => Name;

            List<Tensor> IFunction.Forward(AutogradContext context, object[] vars) => Forward(context, vars);

            List<Tensor> IFunction.Backward(AutogradContext context, List<Tensor> gradients) => Backward(context, gradients);

            /// <summary>Calls forward without recording, and makes its results those of one node over the tensors among the arguments.</summary>
            public static List<Tensor> apply_internal(params object[] vars) => FunctionCall.Apply(s_instance, vars);

            private protected abstract List<Tensor> Forward(AutogradContext context, object[] vars);

            private protected abstract List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);
        }

        /// <summary>A function of several results.</summary>
        /// <remarks>
        /// The tensors that <c>backward</c> is given and those that it makes are released when it returns, also those that it returns, once the
        /// engine has them; what shall live longer leaves the scope by <see cref="Tensor.DetachFromDisposeScope"/>. What <c>forward</c> returns stays
        /// its own: <c>apply</c> gives new handles.
        /// </remarks>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            protected MultiTensorFunction()
            {
            }

            /// <summary>Computes the results; nothing is recorded meanwhile.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>The gradient of each argument of forward, null for what is no tensor or has none.</summary>
            /// <param name="ctx">The context that forward had.</param>
            /// <param name="grad_outputs">For each result its gradient; null for none where forward asked not to have zeros.</param>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            /// <summary>Calls the function so that backward goes through it.</summary>
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            private protected sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => forward(context, vars);

            private protected sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients);
        }

        /// <summary>A function, for the machinery that calls it.</summary>
        internal interface IFunction
        {
            string Name { get; }

            List<Tensor> Forward(AutogradContext context, object[] vars);

            List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);
        }
    }
}
