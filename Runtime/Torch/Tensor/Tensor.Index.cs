using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index((TensorIndex[])[TensorIndex.Single(i1)]);
            set => index_put_(value, (TensorIndex[])[TensorIndex.Single(i1)]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index((TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2)]);
            set => index_put_(value, (TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2)]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index((TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3)]);
            set => index_put_(value, (TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3)]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index((TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4)]);
            set => index_put_(value, (TensorIndex[])[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4)]);
        }

        /// <summary>The elements at the indices, with the meaning of Python's square brackets.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            if (tensors is null) return view;
            using (view) return Ops.index_Tensor.One(view, Arg.OptionalList(tensors));
        }

        public Tensor index(params Tensor[] indices) => Ops.index_Tensor.One(this, Arg.OptionalList(indices));

        /// <summary>Writes the value at the indices.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                if (tensors is null) view.copy_(value);
                else Ops.index_put_.Self(view, Arg.OptionalList(tensors), value);
            }
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Ops.index_put_.Self(this, Arg.OptionalList(indices), value);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = Ops.scalar_tensor.One(value, dtype, Arg.None, device);
            return index_put_(number, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var number = Ops.scalar_tensor.One(value, dtype, Arg.None, device);
            return index_put_(number, indices);
        }

        /// <summary>
        /// Takes numbers, ranges and new axes as views; what remains are the tensor indices, one per axis of the view (null: the
        /// whole axis), or no list if there are none.
        /// </summary>
        private (Tensor View, Tensor?[]? Tensors) View(TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            var taken = 0;
            foreach (var i in indices) taken += Axes(i);
            var rank = (int)ndim;
            if (taken > rank) throw new ArgumentException($"Too many indices: {taken} for a tensor with {rank} dimensions.");
            var view = alias();
            var tensors = new List<Tensor?>();
            var axis = 0;
            foreach (var i in indices)
            {
                switch (i.Kind)
                {
                    case TensorIndex.Form.Single:
                        Step(ref view, view.select(axis, i.Start!.Value));
                        break;
                    case TensorIndex.Form.Slice:
                        if (i.Start is not null || i.Stop is not null || i.Step is not null)
                            Step(ref view, Ops.slice_Tensor.One(view, axis, i.Start, i.Stop, i.Step ?? 1));
                        axis++;
                        break;
                    case TensorIndex.Form.Ellipsis:
                        axis += rank - taken;
                        break;
                    case TensorIndex.Form.None:
                        Step(ref view, view.unsqueeze(axis++));
                        break;
                    case TensorIndex.Form.Bool:
                        Step(ref view, view.unsqueeze(axis));
                        Place(tensors, axis++, tensor([i.Start == 1]));
                        break;
                    default:
                        Place(tensors, axis, i.Index);
                        axis += Axes(i);
                        break;
                }
            }
            return (view, tensors.Count == 0 ? null : [.. tensors]);
        }

        private static int Axes(TensorIndex i) => i.Kind switch
        {
            TensorIndex.Form.Single or TensorIndex.Form.Slice => 1,
            TensorIndex.Form.Tensor => i.Index!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)i.Index.ndim : 1,
            _ => 0,
        };

        private static void Place(List<Tensor?> tensors, int axis, Tensor? index)
        {
            while (tensors.Count < axis) tensors.Add(null);
            tensors.Add(index);
        }

        private static void Step(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }
    }
}
