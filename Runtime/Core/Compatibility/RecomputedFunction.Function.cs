using static TorchSharp.torch;

namespace Notochord.Compatibility;

/// <summary>The node of a recomputed call, for TorchSharp 0.102.6 and later, which has functions with a backward of their own.</summary>
/// <remarks>The TorchSharp package keeps an empty tensor of the size of each output with the node; the System provider does not.</remarks>
internal sealed class RecomputedFunction : autograd.MultiTensorFunction<RecomputedFunction>
{
    private const string Key = "call";

    public override string Name => nameof(RecomputedFunction);

    /// <summary>Calls, with gradients for inputs and parameters.</summary>
    public static Tensor[] Apply(RecomputedCall call, Tensor[] inputs, Tensor[] parameters)
    {
        var unrecorded = new List<Tensor>();
        try
        {
            Tensor[] outputs = [.. apply([call, unrecorded, .. inputs, .. parameters])];
            call.Published(outputs);
            return outputs;
        }
        catch
        {
            call.Dispose();
            throw;
        }
        finally
        {
            foreach (var tensor in unrecorded) tensor.Dispose();
        }
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (RecomputedCall)vars[0];
        var outputs = (List<Tensor>)vars[1];
        ctx.save_data(Key, call);
        ctx.set_materialize_grads(false);
        outputs.AddRange(call.Run([.. vars.Skip(2).Take(call.InputCount).Cast<Tensor>()]));
        return outputs;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var call = (RecomputedCall)ctx.get_data(Key);
        // The first two arguments are no tensors.
        var gradients = call.Gradients([.. grad_outputs.Select(g => g is { IsInvalid: false } ? g : null)]);
        return [null!, null!, .. gradients.Select(g => g!)];
    }
}
