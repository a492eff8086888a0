namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How a loss is gathered; the numbers are libtorch's.</summary>
        public enum Reduction { None, Mean, Sum }

        /// <summary>Functions of tensors, without state.</summary>
        public static partial class functional
        {
        }
    }
}
