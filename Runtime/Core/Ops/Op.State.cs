using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Gives a parameter or buffer a new value, unrecorded; where a call is computed again, it has it already.</summary>
    /// <param name="state">What is changed.</param>
    /// <param name="value">Of the same shape.</param>
    /// <returns>The state, as the graph of gradients knows it.</returns>
    public static Tensor store(Tensor state, Tensor value)
    {
        // A write that changes nothing would still make what autograd saved of the state invalid: a model could not be called twice before backward.
        if (!Recomputation.IsRunning && !state.Equals(value))
        {
            using (no_grad()) InPlace.Done(state, state.copy_(value));
        }

        return state.alias();
    }
}
