using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Ops.add_Tensor.One(left, right);
        public static Tensor operator +(Tensor left, Scalar right) => Ops.add_Scalar.One(left, right);
        public static Tensor operator +(Scalar left, Tensor right) => Ops.add_Scalar.One(right, left);
        public static Tensor operator -(Tensor left, Tensor right) => Ops.sub_Tensor.One(left, right);
        public static Tensor operator -(Tensor left, Scalar right) => Ops.sub_Scalar.One(left, right);
        public static Tensor operator -(Scalar left, Tensor right) => Ops.rsub_Scalar.One(right, left);
        public static Tensor operator *(Tensor left, Tensor right) => Ops.mul_Tensor.One(left, right);
        public static Tensor operator *(Tensor left, Scalar right) => Ops.mul_Scalar.One(left, right);
        public static Tensor operator *(Scalar left, Tensor right) => Ops.mul_Scalar.One(right, left);
        public static Tensor operator /(Tensor left, Tensor right) => Ops.div_Tensor.One(left, right);
        public static Tensor operator /(Tensor left, Scalar right) => Ops.div_Scalar.One(left, right);
        public static Tensor operator /(Scalar left, Tensor right) => Over(left, right);
        public static Tensor operator %(Tensor left, Tensor right) => Ops.remainder_Tensor.One(left, right);
        public static Tensor operator %(Tensor left, Scalar right) => Ops.remainder_Scalar.One(left, right);
        public static Tensor operator &(Tensor left, Tensor right) => Ops.bitwise_and_Tensor.One(left, right);
        public static Tensor operator |(Tensor left, Tensor right) => Ops.bitwise_or_Tensor.One(left, right);
        public static Tensor operator ^(Tensor left, Tensor right) => Ops.bitwise_xor_Tensor.One(left, right);
        public static Tensor operator ~(Tensor left) => Ops.bitwise_not.One(left);
        public static Tensor operator -(Tensor tensor) => Ops.neg.One(tensor);
        public static Tensor operator <(Tensor left, Tensor right) => Ops.lt_Tensor.One(left, right);
        public static Tensor operator <(Tensor left, Scalar right) => Ops.lt_Scalar.One(left, right);
        public static Tensor operator <(Scalar left, Tensor right) => Ops.gt_Scalar.One(right, left);
        public static Tensor operator <=(Tensor left, Tensor right) => Ops.le_Tensor.One(left, right);
        public static Tensor operator <=(Tensor left, Scalar right) => Ops.le_Scalar.One(left, right);
        public static Tensor operator <=(Scalar left, Tensor right) => Ops.ge_Scalar.One(right, left);
        public static Tensor operator >(Tensor left, Tensor right) => Ops.gt_Tensor.One(left, right);
        public static Tensor operator >(Tensor left, Scalar right) => Ops.gt_Scalar.One(left, right);
        public static Tensor operator >(Scalar left, Tensor right) => Ops.lt_Scalar.One(right, left);
        public static Tensor operator >=(Tensor left, Tensor right) => Ops.ge_Tensor.One(left, right);
        public static Tensor operator >=(Tensor left, Scalar right) => Ops.ge_Scalar.One(left, right);
        public static Tensor operator >=(Scalar left, Tensor right) => Ops.le_Scalar.One(right, left);
        public static Tensor operator ==(Tensor left, Tensor right) => Ops.eq_Tensor.One(left, right);
        public static Tensor operator ==(Tensor left, Scalar right) => Ops.eq_Scalar.One(left, right);
        public static Tensor operator ==(Scalar left, Tensor right) => Ops.eq_Scalar.One(right, left);
        public static Tensor operator !=(Tensor left, Tensor right) => Ops.ne_Tensor.One(left, right);
        public static Tensor operator !=(Tensor left, Scalar right) => Ops.ne_Scalar.One(left, right);
        public static Tensor operator !=(Scalar left, Tensor right) => Ops.ne_Scalar.One(right, left);

        private static Tensor Over(Scalar left, Tensor right)
        {
            using var inverse = Ops.reciprocal.One(right);
            return Ops.mul_Scalar.One(inverse, left);
        }
    }
}
