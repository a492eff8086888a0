using Notochord.Cli.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Notochord.Cli.Tests;

/// <summary>A model without a declaration: <c>linear</c>, over grey images of 28x28.</summary>
internal sealed class FakeLibrary : IModelLibrary
{
    /// <summary>Is told the number of forward passes in training mode so far.</summary>
    public Action<int> Forwarded { get; set; } = _ => { };

    public IReadOnlyList<string> Names => ["linear"];

    public Backbone Create(string name, ModelRequest request) => new LinearBackbone(name, this);

    private sealed class LinearBackbone : Backbone
    {
        private const int Pixels = 28 * 28;
        private const int Classes = 10;

        private readonly FakeLibrary _library;
        private readonly Parameter _weight = new(torch.randn([Classes, Pixels]).mul(0.01f));
        private readonly Parameter _bias = new(torch.zeros([Classes]));
        private int _count;

        public LinearBackbone(string name, FakeLibrary library) : base(name)
        {
            _library = library;
            Info = new BackboneInfo { Architecture = "fake", Variant = name, Input = ["B", "1", "H", "W"], NumClasses = Classes };
            register_parameter("weight", _weight);
            register_parameter("bias", _bias);
        }

        public override BackboneInfo Info { get; }

        public override Tensor forward(Tensor input)
        {
            if (training) _library.Forwarded(++_count);
            using var pixels = input.reshape(-1, Pixels);
            return functional.linear(pixels, _weight, _bias);
        }

        protected override void forward_features(Tensor image, FeatureSink sink) => throw new NotSupportedException();
    }
}
