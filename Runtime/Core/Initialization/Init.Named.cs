using static TorchSharp.torch;

namespace Notochord;

public static partial class Init
{
    /// <summary>Initialises the parameters of one name in all modules of one type: what <c>init:</c> of an architecture asks for. A backbone that is a module of
    /// another has initialised itself.</summary>
    /// <typeparam name="T">The type of module.</typeparam>
    /// <param name="root">The module that holds them, itself included.</param>
    /// <param name="name">The parameter's path below each, as <c>weight</c> or <c>bn3.weight</c>; a module without it is left alone.</param>
    /// <param name="initialize">What to do with each.</param>
    public static void named<T>(nn.Module root, string name, Action<Tensor> initialize)
        where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(initialize);
        foreach (var module in Own(root).Prepend(root).OfType<T>())
        {
            foreach (var (path, parameter) in module.named_parameters())
            {
                if (path == name)
                {
                    initialize(parameter);
                }
            }
        }
    }

    private static IEnumerable<nn.Module> Own(nn.Module module) =>
        module.named_children().Select(child => child.Item2).Where(child => child is not Backbone).SelectMany(child => Own(child).Prepend(child));
}
