using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Features;

public sealed class BackboneTests
{
    [Fact]
    public void Levels_come_as_images_with_what_is_known_of_them()
    {
        using var model = new ToyBackbone();
        using var image = Tensors.Count(1, 3, 2, 4);

        var features = model.ForwardFeatures(image);

        Assert.Equal(["stem", "layers.0", "layers.1"], features.Select(feature => feature.Name));
        Assert.Equal([1, 3, 2, 4], features[0].Tensor.shape);
        Assert.Equal([1, 3, 2, 4], features[1].Tensor.shape);
        Assert.Equal([1, 8, 3], features[2].Tensor.shape);
        Assert.All(features, feature => Assert.Equal((3, 1), (feature.Channels, feature.Reduction)));
        Assert.Equal(Tensors.Values(image).Select(value => value * 6), Tensors.Values(features[1].Tensor));
        foreach (var feature in features)
        {
            feature.Dispose();
        }
    }

    [Fact]
    public void A_model_cut_to_its_features_holds_nothing_behind_the_last()
    {
        using var model = new ToyBackbone().FeaturesOnly([1, -3]);
        using var image = Tensors.Count(1, 3, 2, 2);

        Assert.Equal(["stem.weight", "stem.calls", "layers.0.weight", "layers.0.calls"], Notochord.Weights.StateDict.Of(model).Select(entry => entry.Name));
        Assert.Equal(["layers.0", "stem"], model.Info.Features.Select(level => level.Name));
        Assert.Equal([3, 3], model.Channels);
        var levels = model.ForwardFeatures(image);
        Assert.Equal([(0, "layers.0"), (1, "stem")], levels.Select(level => (level.Index, level.Name)));
        Assert.Equal(Tensors.Values(image).Select(value => value * 2), Tensors.Values(levels[1].Tensor));
        Assert.Equal(["stem"], model.ForwardFeatures(image, [-1]).Select(level => level.Name));
        Assert.Throws<InvalidOperationException>(() => model.Forward(image));

        // What is cut can be cut once more.
        Assert.Equal(["stem.weight", "stem.calls"], Notochord.Weights.StateDict.Of(model.FeaturesOnly([1])).Select(entry => entry.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.FeaturesOnly([1]));
    }

    [Fact]
    public void Only_what_is_asked_for_is_run_and_in_that_order()
    {
        using var model = new ToyBackbone();
        using var image = Tensors.Count(1, 3, 2, 2);

        Assert.Equal([1, 0], model.ForwardFeatures(image, [1, 0]).Select(feature => feature.Index));
        Assert.Equal(2, model.Made);
        Assert.Equal([2], model.ForwardFeatures(image, [-1]).Select(feature => feature.Index));
        Assert.Equal(3, model.Made);
        Assert.Empty(model.ForwardFeatures(image, []));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    public void A_level_that_is_not_there_is_refused_with_those_that_are(int index)
    {
        using var model = new ToyBackbone();
        using var image = Tensors.Count(1, 3, 2, 2);

        var problem = Assert.Throws<ArgumentOutOfRangeException>(() => model.ForwardFeatures(image, [index]));

        Assert.Contains("0 (stem), 1 (layers.0), 2 (layers.1)", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.ForwardFeatures(image, [0, -3]));
    }

    [Fact]
    public void A_model_that_fails_on_the_way_releases_the_levels_that_it_gave()
    {
        using var model = new FailingBackbone();
        using var image = Tensors.Count(1, 1, 1, 1);
        using var scope = NewDisposeScope();

        Assert.Throws<InvalidOperationException>(() => model.ForwardFeatures(image));

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void A_model_without_a_level_that_it_promised_is_told_so()
    {
        using var model = new SilentBackbone();
        using var image = Tensors.Count(1, 1, 1, 1);
        Assert.Contains("made no level 0 (stem)", Assert.Throws<InvalidOperationException>(() => model.ForwardFeatures(image)).Message, StringComparison.Ordinal);
        Assert.Contains("no classifier", Assert.Throws<NotSupportedException>(() => model.ResetClassifier(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_a_model_gives_it_back_under_its_type()
    {
        using ToyBackbone model = new ToyBackbone().To(CPU).To(ScalarType.Float64).Eval();
        using var image = zeros([1, 3, 2, 2], dtype: ScalarType.Float64);

        using var output = model.Forward(image);

        Assert.Equal(ScalarType.Float64, output.dtype);
        Assert.False(model.training);
        Assert.True(model.Train().training);
        Assert.Equal(3 + 3 + 3 + 4, model.ParameterCount());
    }

    [Fact]
    public void A_forward_leaves_nothing_but_its_output()
    {
        using var model = new ToyBackbone();
        using var image = Tensors.Count(1, 3, 2, 2);
        using var scope = NewDisposeScope();

        using var output = model.Forward(image);

        Assert.Equal(1, scope.DisposablesCount);
    }

    private static BackboneInfo One(string name) =>
        new() { Architecture = name, Variant = name, Input = ["B", "C", "H", "W"], Features = [new("stem", 1, 1), new("later", 1, 2)] };

    private sealed class FailingBackbone() : Backbone("failing")
    {
        public override BackboneInfo Info => One("failing");

        public override Tensor forward(Tensor input) => input.alias();

        protected override void forward_features(Tensor image, FeatureSink sink)
        {
            sink.Add(0, image);
            throw new InvalidOperationException("as intended");
        }
    }

    private sealed class SilentBackbone() : Backbone("silent")
    {
        public override BackboneInfo Info => One("silent");

        public override Tensor forward(Tensor input) => input.alias();

        protected override void forward_features(Tensor image, FeatureSink sink)
        {
        }
    }
}
