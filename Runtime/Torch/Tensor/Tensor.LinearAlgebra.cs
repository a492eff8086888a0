using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Ops.matmul.One(this, target);
        public Tensor mm(Tensor target) => Ops.mm.One(this, target);
        public Tensor bmm(Tensor batch2) => Ops.bmm.One(this, batch2);
        public Tensor mv(Tensor target) => Ops.mv.One(this, target);
        public Tensor dot(Tensor target) => Ops.dot.One(this, target);
        public Tensor vdot(Tensor target) => Ops.vdot.One(this, target);
        public Tensor inner(Tensor vec2) => Ops.inner.One(this, vec2);
        public Tensor outer(Tensor vec2) => Ops.outer.One(this, vec2);
        public Tensor ger(Tensor vec2) => Ops.ger.One(this, vec2);
        public Tensor kron(Tensor other) => Ops.kron.One(this, other);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm.One(this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.addmm_.Self(this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Ops.addmv.One(this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Ops.addmv_.Self(this, mat, vec, beta, alpha);
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Ops.addbmm.One(this, batch1, batch2, beta, alpha);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Ops.addbmm_.Self(this, batch1, batch2, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Ops.baddbmm.One(this, batch1, batch2, beta, alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Ops.addr.One(this, vec1, vec2, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Ops.addr_.Self(this, vec1, vec2, beta, alpha);
        public Tensor t() => Ops.t.One(this);
        public Tensor adjoint() => Ops.adjoint.One(this);
        public Tensor matrix_exp() => Ops.matrix_exp.One(this);
        public Tensor matrix_power(int n) => Ops.matrix_power.One(this, n);
        public Tensor inverse() => Ops.inverse.One(this);
        public Tensor det() => Ops.det.One(this);
        public Tensor logdet() => Ops.logdet.One(this);
        public Tensor trace() => Ops.trace.One(this);
        public Tensor tril(long diagonal = 0) => Ops.tril.One(this, diagonal);
        public Tensor triu(long diagonal = 0) => Ops.triu.One(this, diagonal);
        public Tensor diag(long diagonal = 0) => Ops.diag.One(this, diagonal);
        public Tensor diagflat(long offset = 0) => Ops.diagflat.One(this, offset);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Ops.diag_embed.One(this, offset, dim1, dim2);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Ops.tensordot.One(this, b, dims1, dims2);
        public Tensor dist(Tensor other, float p = 2) => Ops.dist.One(this, other, p);
    }
}
