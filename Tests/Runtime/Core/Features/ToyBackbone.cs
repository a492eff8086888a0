using Notochord.Modules;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Features;

/// <summary>A model as the generator writes them: three levels, one of each layout, and a classifier.</summary>
internal sealed class ToyBackbone : Backbone
{
    private readonly Scale stem;
    private readonly Blocks<Scale> layers;
    private Scale head;
    private BackboneInfo info;

    public ToyBackbone(int numClasses = 4)
        : base("toy_tiny")
    {
        stem = new Scale(3, 2);
        layers = new Blocks<Scale>(2, i => new Scale(3, i + 3));
        head = new Scale(numClasses, 1);
        register_module(nameof(stem), stem);
        register_module(nameof(layers), layers);
        register_module(nameof(head), head);
        info = new BackboneInfo
        {
            Architecture = "toy",
            Variant = "toy_tiny",
            Input = ["B", "3", "H", "W"],
            ImageSize = (8, 8),
            NumClasses = numClasses,
            Features =
            [
                new("stem", 3, 1),
                new("layers.0", 3, 1, FeatureLayout.ChannelsLast),
                new("layers.1", 3, 1, FeatureLayout.Tokens),
            ],
        };
    }

    public override BackboneInfo Info => info;

    /// <summary>How many levels the last call made.</summary>
    public int Made { get; private set; }

    public Scale Stem => stem;

    public override Tensor forward(Tensor input)
    {
        using var x = stem.call(Whole(input));
        using var y = layers.call(x);
        using var pooled = y.mean([2, 3]);
        using var tiled = pooled.sum([1], keepdim: true);
        return head.call(tiled);
    }

    public override void ResetClassifier(int numClasses)
    {
        head.Dispose();
        head = new Scale(numClasses, 1);
        register_module(nameof(head), head);
    }

    protected override void KeepFeatures(IReadOnlyList<FeatureInfo> levels, int last)
    {
        info = info with { Features = [.. levels], NumClasses = 0 };
        Prune(new nn.Module[] { stem, layers[0], layers[1] }.Take(last + 1));
    }

    protected override void forward_features(Tensor image, FeatureSink sink)
    {
        Made = 1;
        using var x = stem.call(image);
        if (sink.Add(0, x))
        {
            return;
        }

        Made = 2;
        using var y = layers[0].call(x);
        using var last = y.permute(0, 2, 3, 1);
        if (sink.Add(1, last))
        {
            return;
        }

        Made = 3;
        using var z = layers[1].call(y);
        using var flat = z.flatten(2, 3);
        using var tokens = flat.permute(0, 2, 1);
        sink.Add(2, tokens);
    }

    /// <summary>Scales channels, counts its calls, and keeps a table that is in no state dict.</summary>
    internal sealed class Scale : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight;
        private readonly Tensor calls;

        public Scale(int channels, float value)
            : base(nameof(Scale))
        {
            weight = nn.Parameter(full(channels, value));
            calls = zeros(Array.Empty<long>(), dtype: ScalarType.Int64);
            register_parameter(nameof(weight), weight);
            register_buffer(nameof(calls), calls);
            TransientBuffers.Register(this, "table", arange(channels));
        }

        public Tensor Weight => weight;

        public override Tensor forward(Tensor input)
        {
            if (input.dim() == 2)
            {
                return input.mul(weight);
            }

            using var broadcast = weight.view(1, -1, 1, 1);
            return input.mul(broadcast);
        }
    }
}
