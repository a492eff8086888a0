using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Ops.gather.One(this, dim, index);
        public Tensor index_select(long dim, Tensor index) => Ops.index_select.One(this, dim, index);
        public Tensor take(Tensor index) => Ops.take.One(this, index);
        public Tensor take_along_dim(Tensor indices) => Ops.take_along_dim.One(this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) => Ops.take_along_dim.One(this, indices, dim);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.scatter_src.One(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Ops.scatter_add.One(this, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.masked_fill_Scalar.One(this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Ops.masked_scatter.One(this, mask, value);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add.One(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Ops.index_copy.One(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Ops.index_fill_int_Scalar.One(this, dim, index, value);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Ops.scatter__src.Self(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Ops.scatter_add_.Self(this, dim, index, src);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Ops.masked_fill__Scalar.Self(this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Ops.masked_scatter_.Self(this, mask, value);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add_.Self(this, dim, index, source, alpha);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Ops.index_copy_.Self(this, dim, index, source);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Ops.index_fill__int_Scalar.Self(this, dim, index, value);
        public Tensor masked_select(Tensor mask) => Ops.masked_select.One(this, mask);
        public Tensor nonzero() => Ops.nonzero.One(this);
        public Tensor argwhere() => Ops.argwhere.One(this);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Ops.bucketize_Tensor.One(this, boundaries, outInt32, right);
        public Tensor select_scatter(Tensor src, long dim, long index) => Ops.select_scatter.One(this, src, dim, index);
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Ops.slice_scatter.One(this, src, dim, start, end, step);
        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Ops.diagonal_scatter.One(this, src, offset, dim1, dim2);
    }
}
