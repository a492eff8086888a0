using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Calls modules one after the other and releases what lies between.</summary>
internal static class Sequence
{
    public static nn.Module<Tensor, Tensor> OneToOne(nn.Module module) =>
        module as nn.Module<Tensor, Tensor>
        ?? throw new InvalidOperationException($"{module.GetName()} does not map one tensor to one tensor: call such modules one by one, with what each takes.");

    public static Tensor Call(Tensor input, IEnumerable<nn.Module<Tensor, Tensor>> modules)
    {
        ArgumentNullException.ThrowIfNull(input);
        var current = input;
        try
        {
            foreach (var module in modules)
            {
                var next = module.call(current);
                if (!ReferenceEquals(current, input))
                {
                    current.Dispose();
                }

                current = next;
            }
        }
        catch
        {
            if (!ReferenceEquals(current, input))
            {
                current.Dispose();
            }

            throw;
        }

        return ReferenceEquals(current, input) ? input.alias() : current;
    }
}
