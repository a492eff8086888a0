using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Ops.all.One(this);
        public Tensor any() => Ops.any.One(this);
        public Tensor all(long dim, bool keepdim = false) => Ops.all_dim.One(this, dim, keepdim);
        public Tensor any(long dim, bool keepdim = false) => Ops.any_dim.One(this, dim, keepdim);
        public Tensor argmax() => Ops.argmax.One(this);
        public Tensor argmin() => Ops.argmin.One(this);
        public Tensor argmax(long dim, bool keepdim = false) => Ops.argmax.One(this, dim, keepdim);
        public Tensor argmin(long dim, bool keepdim = false) => Ops.argmin.One(this, dim, keepdim);
        public Tensor max() => Ops.max.One(this);
        public Tensor min() => Ops.min.One(this);
        public (Tensor, Tensor) max(long dim, bool keepdim = false) => Ops.max_dim.Two(this, dim, keepdim);
        public (Tensor, Tensor) min(long dim, bool keepdim = false) => Ops.min_dim.Two(this, dim, keepdim);
        public Tensor median() => Ops.median.One(this);
        public Tensor mean() => Ops.mean.One(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Ops.mean_dim.One(this, dimensions, keepdim, type);
        public Tensor nansum() => Ops.nansum.One(this);
        public Tensor nanmedian() => Ops.nanmedian.One(this);
        public Tensor sum(ScalarType? type = null) => Ops.sum.One(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.One(this, dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.One(this, dim, keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.One(this, new[] { dim0, dim1 }, keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.One(this, new[] { dim0, dim1, dim2 }, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Ops.sum_dim_IntList.One(this, dim.ToArray(), keepdim, type);
        public Tensor cumsum(long dim, ScalarType? type = null) => Ops.cumsum.One(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Ops.cumprod.One(this, dim, type);
        public (Tensor, Tensor) cummax(long dim) => Ops.cummax.Two(this, dim);
        public (Tensor, Tensor) cummin(long dim) => Ops.cummin.Two(this, dim);
        public Tensor logcumsumexp(long dim) => Ops.logcumsumexp.One(this, dim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Ops.logsumexp.One(this, dim, keepdim);
        public Tensor norm(float p = 2) => Ops.norm_ScalarOpt_dim.One(this, p, Array.Empty<long>());
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Ops.norm_ScalarOpt_dim.One(this, p, dim, keepdim);
        public Tensor std(bool unbiased = true) => Ops.std.One(this, unbiased);
        public Tensor var(bool unbiased = true) => Ops.var.One(this, unbiased);
        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => Ops.mode.Two(this, dim, keepdim);
        public (Tensor, Tensor) kthvalue(long k, long? dim, bool keepdim = false) => Ops.kthvalue.Two(this, k, dim ?? -1, keepdim);
        public (Tensor, Tensor) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Ops.topk.Two(this, k, dim, largest, sorted);
        public (Tensor, Tensor) sort(long dim = -1, bool descending = false, bool stable = false) => Ops.sort_stable.Two(this, stable, dim, descending);
        public Tensor argsort(long dim = -1, bool descending = false) => Ops.argsort.One(this, dim, descending);
        public Tensor msort() => Ops.msort.One(this);
        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => Ops.aminmax.Two(this, dim, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.quantile.One(this, q, dim, keepdim);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.nanquantile.One(this, q, dim, keepdim);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Ops.bincount.One(this, weights, minlength);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Ops.histc.One(this, bins, min, max);
        public Tensor corrcoef() => Ops.corrcoef.One(this);
    }
}
