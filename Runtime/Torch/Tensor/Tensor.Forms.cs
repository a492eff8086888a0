using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Operators whose TorchSharp form is not the operator's own.</summary>
    public partial class Tensor
    {
        public Tensor squeeze(long? dim = null) => dim is { } d ? Ops.squeeze_dim.One(this, d) : Ops.squeeze.One(this);

        public Tensor squeeze_(long? dim = null) => dim is { } d ? Ops.squeeze__dim.Self(this, d) : Ops.squeeze_.Self(this);

        public Tensor amax(params long[] dims) => Ops.amax.One(this, dims);

        public Tensor amax(long[] dims, bool keepdim) => Ops.amax.One(this, dims, keepdim);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false) => Ops.amax.One(this, dims.ToArray(), keepdim);

        public Tensor amin(params long[] dims) => Ops.amin.One(this, dims);

        public Tensor amin(long[] dims, bool keepdim) => Ops.amin.One(this, dims, keepdim);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false) => Ops.amin.One(this, dims.ToArray(), keepdim);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(Ops.std_dim.One(this, dimensions, unbiased, keepdim), type);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased, bool keepdim = false, ScalarType? type = null) =>
            As(Ops.var_dim.One(this, dimensions, unbiased, keepdim), type);

        public (Tensor, Tensor) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var (variance, mean) = Ops.var_mean_dim.Two(this, dimensions, unbiased, keepdim);
            return (As(variance, type), As(mean, type));
        }

        public (Tensor, Tensor) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var (deviation, mean) = Ops.std_mean_dim.Two(this, dimensions, unbiased, keepdim);
            return (As(deviation, type), As(mean, type));
        }

        public Tensor diagonal(long offset, long dim1, long dim2) => Ops.diagonal.One(this, offset, dim1, dim2);

        public Tensor[] split(params long[] sizes) => Ops.split_with_sizes.Many(this, sizes);

        public Tensor softplus() => Ops.softplus.One(this);

        public Tensor count_nonzero(long[]? dims = null) => Ops.count_nonzero_dim_IntList.One(this, dims ?? []);

        public bool is_nonzero() => ToScalar().ToBoolean();

        /// <summary>The last two axes exchanged.</summary>
        public Tensor mT => Ops.mT.One(this);

        /// <summary>The last two axes exchanged, conjugated.</summary>
        public Tensor mH => Ops.mH.One(this);

        /// <summary>The axes in reverse order.</summary>
        public Tensor T => Ops.numpy_T.One(this);

        public Tensor H => Ops.matrix_H.One(this);

        public Tensor real => Ops.real.One(this);

        public Tensor imag => Ops.imag.One(this);

        public Tensor set_(Tensor source) => Ops.set__source_Tensor.Self(this, source);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty_like(this, dtype, device, requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.rand_like(this, dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.randn_like(this, dtype, device, requires_grad);

        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.randint_like(this, low, high, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Ops.new_zeros.One(this, size, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Ops.new_empty.One(this, size, dtype, Arg.None, device), requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Grad(Ops.new_full.One(this, size, value, dtype, Arg.None, device), requires_grad);

        private static string? Rounding(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

        private static Tensor As(Tensor made, ScalarType? type)
        {
            if (type is not { } wanted || made.dtype == wanted) return made;
            using (made) return made.to(wanted);
        }
    }
}
