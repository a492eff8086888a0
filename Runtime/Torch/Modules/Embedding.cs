using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Rows of a table by number.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long _padding;
        private Parameter _weight;

        internal Embedding(long count, long size, long? padding, Device? device, ScalarType? dtype) : base(nameof(Embedding))
        {
            _padding = padding ?? -1;
            _weight = new Parameter(empty([count, size], dtype, device));
            register_parameter("weight", _weight);
            nn.init.normal_(_weight);
            if (padding is not { } row) return;
            using var off = no_grad();
            using var zero = _weight.select(0, row);
            zero.zero_();
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public override Tensor forward(Tensor input) => Ops.embedding.One(_weight, input, _padding);
    }

    /// <summary>Softmax cross entropy of scores [B, C, ...] and class numbers [B, ...] or probabilities.</summary>
    public sealed class CrossEntropyLoss : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Tensor? _weight;
        private readonly nn.Reduction _reduction;

        public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0) : base(nameof(CrossEntropyLoss))
        {
            _weight = weight;
            _reduction = reduction;
            this.ignore_index = ignore_index;
            this.label_smoothing = label_smoothing;
        }

        public long? ignore_index { get; }

        public double label_smoothing { get; }

        public override Tensor forward(Tensor input, Tensor target) =>
            nn.functional.cross_entropy(input, target, _weight, ignore_index ?? -100, _reduction, label_smoothing);
    }

    /// <summary>Mean squared error.</summary>
    public sealed class MSELoss(nn.Reduction reduction = nn.Reduction.Mean) : nn.Module<Tensor, Tensor, Tensor>(nameof(MSELoss))
    {
        public override Tensor forward(Tensor input, Tensor target) => nn.functional.mse_loss(input, target, reduction);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null)
                => new(num_embeddings, embedding_dims, padding_idx, null, null);

            public static Modules.CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);

            public static Modules.MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);
        }
    }
}
