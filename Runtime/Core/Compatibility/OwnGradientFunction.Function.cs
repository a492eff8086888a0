using Notochord.Scans;
using static TorchSharp.torch;

namespace Notochord.Compatibility;

/// <summary>The node of an operation with a gradient of its own, for TorchSharp 0.102.6 and later.</summary>
internal sealed class OwnGradientFunction : autograd.MultiTensorFunction<OwnGradientFunction>
{
    private const string Key = "operation";

    /// <inheritdoc/>
    public override string Name => nameof(OwnGradientFunction);

    /// <summary>Computes, with gradients for the inputs.</summary>
    public static Tensor Apply(IOwnGradient operation, Tensor[] inputs)
    {
        var unrecorded = new List<Tensor>();
        try
        {
            return apply([operation, unrecorded, .. inputs])[0];
        }
        finally
        {
            foreach (var tensor in unrecorded) tensor.Dispose();
        }
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var operation = (IOwnGradient)vars[0];
        var unrecorded = (List<Tensor>)vars[1];
        List<Tensor> inputs = [.. vars.Skip(2).Cast<Tensor>()];
        var (result, kept) = operation.Forward(inputs, keep: true);
        unrecorded.AddRange([result, kept]);
        ctx.save_data(Key, operation);
        ctx.save_for_backward([.. inputs, kept]);
        return [result];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var operation = (IOwnGradient)ctx.get_data(Key);
        var saved = ctx.get_saved_variables();
        var (inputs, kept) = (saved[..^1], saved[^1]);
        var gradients = is_grad_enabled() ? Recorded(operation, inputs, grad_outputs[0]) : operation.Backward(inputs, kept, grad_outputs[0]);
        // The first two arguments are no tensors; nor do integers have gradients.
        return [null!, null!, .. gradients.Select(g => g.MoveToOuterDisposeScope()), .. inputs.Skip(gradients.Length).Select(_ => (Tensor)null!)];
    }

    // Somebody will go backward through this backward.
    private static Tensor[] Recorded(IOwnGradient operation, List<Tensor> inputs, Tensor gradient)
    {
        var wanted = inputs.Where(x => x.is_floating_point()).Select(x => x.requires_grad ? x : x.detach().requires_grad_()).ToArray();
        var result = operation.Recorded([.. wanted, .. inputs.Skip(wanted.Length)]);
        return [.. autograd.grad([result], wanted, [gradient], retain_graph: true, create_graph: true)];
    }
}
