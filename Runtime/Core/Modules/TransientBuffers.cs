using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>
/// Buffers that follow their module to a device and are in no state dict: tables and masks that follow from the module's parameters.
/// TorchSharp knows them only since 0.100; this works with every version.
/// </summary>
public static class TransientBuffers
{
    private static readonly ConditionalWeakTable<nn.Module, HashSet<string>> Names = [];

    /// <summary>Registers a buffer that <see cref="Weights.StateDict"/> leaves out.</summary>
    /// <param name="module">The owner.</param>
    /// <param name="name">Its name in the module.</param>
    /// <param name="tensor">The value, which the module owns from now on.</param>
    public static void Register(nn.Module module, string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.register_buffer(name, tensor);
        Names.GetOrCreateValue(module).Add(name);
    }

    /// <summary>The paths, below the module, of all such buffers.</summary>
    internal static HashSet<string> Paths(nn.Module module)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        Collect(module, string.Empty);
        foreach (var (path, child) in module.named_modules())
        {
            Collect(child, path + ".");
        }

        return paths;

        void Collect(nn.Module owner, string prefix)
        {
            if (Names.TryGetValue(owner, out var names))
            {
                paths.UnionWith(names.Select(name => prefix + name));
            }
        }
    }
}
