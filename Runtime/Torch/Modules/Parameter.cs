using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns.</summary>
    public class Parameter : Tensor
    {
        /// <summary>Takes over the data's native tensor: the given object is used up.</summary>
        public Parameter(Tensor data, bool requires_grad = true) : base(Leaf(data))
        {
            if (requires_grad) this.requires_grad = true;
        }

        private static nint Leaf(Tensor data)
        {
            ArgumentNullException.ThrowIfNull(data);
            if (data.is_leaf && !data.requires_grad) return data.DecoupleFromNativeHandle();
            using (data) return data.detach().DecoupleFromNativeHandle();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
