using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Functions of several tensors, and those whose TorchSharp form is not the operator's own.</summary>
public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Ops.cat.One(Arg.List(tensors), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => Ops.cat.One(Arg.List(tensors), dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Ops.stack.One(Arg.List(tensors), dim);

    public static Tensor hstack(IList<Tensor> tensors) => Ops.hstack.One(Arg.List(tensors));

    public static Tensor hstack(params Tensor[] tensors) => Ops.hstack.One(Arg.List(tensors));

    public static Tensor vstack(IList<Tensor> tensors) => Ops.vstack.One(Arg.List(tensors));

    public static Tensor dstack(params Tensor[] tensors) => Ops.dstack.One(Arg.List(tensors));

    public static Tensor block_diag(params Tensor[] tensors) => Ops.block_diag.One(Arg.List(tensors));

    public static Tensor cartesian_prod(params Tensor[] tensors) => Ops.cartesian_prod.One(Arg.List(tensors));

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Ops.broadcast_tensors.Many(Arg.List(tensors));

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Ops.meshgrid_indexing.Many(Arg.List(tensors), indexing);

    public static Tensor einsum(string equation, params Tensor[] tensors) => Ops.einsum.One(equation, Arg.List(tensors));

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Ops.where_self.One(condition, x, y);

    public static Tensor[] where(Tensor condition) => Ops.where.Many(condition);

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2) => Ops.cdist.One(x1, x2, p);

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false) =>
        Ops.searchsorted_Tensor.One(sorted_sequence, values, out_int32, right);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.tril_indices.One(row, col, offset, dtype, Arg.None, device);

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.triu_indices.One(row, col, offset, dtype, Arg.None, device);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false) => input.amax(dims, keepdim);

    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false) => input.amin(dims, keepdim);

    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);

    public static (Tensor, Tensor) var_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);

    public static (Tensor, Tensor) std_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);

    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);
}
