using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Ops.alias.One(this);
        public Tensor clone() => Ops.clone.One(this);
        public Tensor contiguous() => Ops.contiguous.One(this);
        public Tensor detach() => Ops.detach.One(this);
        public Tensor detach_() => Ops.detach_.Self(this);
        public Tensor view(params long[] shape) => Ops.view.One(this, shape);
        public Tensor reshape(params long[] shape) => Ops.reshape.One(this, shape);
        public Tensor permute(params long[] permutation) => Ops.permute.One(this, permutation);
        public Tensor transpose(long dim0, long dim1) => Ops.transpose_int.One(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Ops.transpose_.Self(this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => Ops.swapaxes.One(this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Ops.swapdims.One(this, dim0, dim1);
        public Tensor expand_as(Tensor other) => Ops.expand_as.One(this, other);
        public Tensor view_as(Tensor other) => Ops.view_as.One(this, other);
        public Tensor view_as_complex() => Ops.view_as_complex.One(this);
        public Tensor view_as_real() => Ops.view_as_real.One(this);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Ops.expand.One(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Ops.expand.One(this, sizes.ToArray(), isImplicit);
        public Tensor expand(params long[] sizes) => Ops.expand.One(this, sizes, false);
        public Tensor expand(Size sizes, bool isImplicit = false) => Ops.expand.One(this, sizes.Shape, isImplicit);
        public Tensor broadcast_to(params long[] shape) => Ops.broadcast_to.One(this, shape);
        public Tensor repeat(params long[] sizes) => Ops.repeat.One(this, sizes);
        public Tensor tile(long[] reps) => Ops.tile.One(this, reps);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Ops.repeat_interleave_self_int.One(this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) => Ops.repeat_interleave_self_Tensor.One(this, repeats, dim, output_size);
        public Tensor flip(params long[] dims) => Ops.flip.One(this, dims);
        public Tensor fliplr() => Ops.fliplr.One(this);
        public Tensor flipud() => Ops.flipud.One(this);
        public Tensor roll(long[] shifts, long[] dims) => Ops.roll.One(this, shifts, dims);
        public Tensor roll(long[] shifts) => Ops.roll.One(this, shifts);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Ops.roll.One(this, shifts.ToArray(), dims.ToArray());
        public Tensor roll((long, long) shifts, (long, long) dims) => Ops.roll.One(this, new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });
        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => Ops.roll.One(this, new[] { shifts.Item1, shifts.Item2, shifts.Item3 }, new[] { dims.Item1, dims.Item2, dims.Item3 });
        public Tensor roll(long shifts, long? dims = null) => Ops.roll.One(this, shifts, dims is { } dim ? new[] { dim } : Array.Empty<long>());
        public Tensor rot90(long k = 1, (long, long)? dims = null) => Ops.rot90.One(this, k, dims is { } d ? new[] { d.Item1, d.Item2 } : new long[] { 0, 1 });
        public Tensor unsqueeze(long dim) => Ops.unsqueeze.One(this, dim);
        public Tensor unsqueeze_(long dim) => Ops.unsqueeze_.Self(this, dim);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.flatten_using_ints.One(this, start_dim, end_dim);
        public Tensor ravel() => Ops.ravel.One(this);
        public Tensor unflatten(long dim, params long[] sizes) => Ops.unflatten_int.One(this, dim, sizes);
        public Tensor unflatten(long dim, Size sizes) => Ops.unflatten_int.One(this, dim, sizes.Shape);
        public Tensor movedim(long[] source, long[] destination) => Ops.movedim_intlist.One(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => Ops.moveaxis_intlist.One(this, source, destination);
        public Tensor narrow(long dim, long start, long length) => Ops.narrow.One(this, dim, start, length);
        public Tensor select(long dim, long index) => Ops.select_int.One(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Ops.slice_Tensor.One(this, dim, start, finish, step);
        public Tensor unfold(long dimension, long size, long step) => Ops.unfold.One(this, dimension, size, step);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Ops.as_strided.One(this, size, strides, storageOffset);
        public Tensor channel_shuffle(long groups) => Ops.channel_shuffle.One(this, groups);
        public Tensor atleast_1d() => Ops.atleast_1d.One(this);
        public Tensor atleast_2d() => Ops.atleast_2d.One(this);
        public Tensor atleast_3d() => Ops.atleast_3d.One(this);
        public Tensor[] chunk(long chunks, long dim = 0) => Ops.chunk.Many(this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => Ops.unbind_int.Many(this, dimension);
        public Tensor[] split(long size, int dim = 0) => Ops.split_Tensor.Many(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Ops.split_with_sizes.Many(this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Ops.split_with_sizes.Many(this, sizes.ToArray(), dim);
        public Tensor[] tensor_split(long size, long dim = 0) => Ops.tensor_split_sections.Many(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Ops.tensor_split_indices.Many(this, sizes, dim);
        public Tensor[] tensor_split(Tensor indices, long dim = 0) => Ops.tensor_split_tensor_indices_or_sections.Many(this, indices, dim);
        public Tensor resolve_conj() => Ops.resolve_conj.One(this);
        public Tensor resolve_neg() => Ops.resolve_neg.One(this);
        public Tensor to_dense() => Ops.to_dense.One(this);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Ops.diff.One(this, n, dim, prepend, append);
    }
}
