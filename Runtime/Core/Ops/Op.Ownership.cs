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

    /// <summary>The last tensor of a list; the others are released.</summary>
    /// <param name="list">A list that is owned, and given up.</param>
    public static Tensor last(Tensor[] list)
    {
        ArgumentNullException.ThrowIfNull(list);
        list[..^1].Dispose();
        return list[^1];
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
