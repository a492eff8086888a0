using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Calls modules one after the other and releases what lies between.</summary>
internal static class Sequence
{
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
