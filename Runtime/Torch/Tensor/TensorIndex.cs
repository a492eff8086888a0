namespace TorchSharp;

public static partial class torch
{
    /// <summary>One position of an index expression: a number, a range, an ellipsis, a new axis, or a tensor.</summary>
    public struct TensorIndex
    {
        internal enum Form { Slice, Single, Bool, Tensor, Ellipsis, None }

        internal Form Kind { get; private init; }
        internal long? Start { get; private init; }
        internal long? Stop { get; private init; }
        internal long? Step { get; private init; }
        internal torch.Tensor? Index { get; private init; }

        /// <summary>As many full slices as the remaining axes need.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = Form.Ellipsis };

        /// <summary>A new axis of size one.</summary>
        public static readonly TensorIndex None = new() { Kind = Form.None };

        /// <summary>A new axis of size one.</summary>
        public static readonly TensorIndex Null = new() { Kind = Form.None };

        /// <summary>The whole axis.</summary>
        public static readonly TensorIndex Colon = new() { Kind = Form.Slice };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = Form.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        public static TensorIndex Slice(Range range) => Slice(Position(range.Start), range.End.Equals(System.Index.End) ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { Kind = Form.Bool, Start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => index is null ? None : new() { Kind = Form.Single, Start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = Form.Tensor, Index = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
