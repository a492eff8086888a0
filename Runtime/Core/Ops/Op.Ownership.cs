using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Notochord.Ops;

public static partial class Op
{
    /// <summary>Puts a tensor into a variable and releases the one that it held, which <paramref name="value"/> may have been made from.</summary>
    /// <param name="variable">A variable that owns its tensor.</param>
    /// <param name="value">What it holds from now on.</param>
    [SuppressMessage("Design", "CA1045", Justification = "Changing the variable is what it is for.")]
    public static void replace(ref Tensor variable, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        variable.Dispose();
        variable = value;
    }

    /// <summary>Puts a list into a variable and releases the one that it held, which <paramref name="value"/> may have been made from.</summary>
    /// <param name="variable">A variable that owns its list.</param>
    /// <param name="value">What it holds from now on.</param>
    [SuppressMessage("Design", "CA1045", Justification = "Changing the variable is what it is for.")]
    public static void replace(ref Tensor[] variable, Tensor[] value)
    {
        variable.Dispose();
        variable = value;
    }
}
