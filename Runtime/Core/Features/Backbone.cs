using Notochord.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>A vision backbone. Generated models derive from it; what it gives out, the caller owns and disposes.</summary>
public abstract partial class Backbone : nn.Module<Tensor, Tensor>
{
    /// <summary>A model under the name of its variant.</summary>
    protected Backbone(string name)
        : base(name)
    {
    }

    /// <summary>What the declaration says of this model, with the classes that it has now.</summary>
    public abstract BackboneInfo Info { get; }

    /// <summary>
    /// Whether blocks that can compute themselves again in backward do so in training (the default): it costs time, and memory no longer grows with
    /// the number of such blocks in a row. Otherwise they are plain autograd. See <see cref="Recomputation"/>.
    /// </summary>
    public bool Recompute
    {
        get => modules().OfType<IRecomputable>().Any(m => m.Recompute);
        set
        {
            foreach (var module in modules().OfType<IRecomputable>()) module.Recompute = value;
        }
    }

    /// <summary>Runs the whole model.</summary>
    /// <param name="image">As <see cref="BackboneInfo.Input"/> says, usually [B, 3, H, W], normalized as the weights expect.</param>
    /// <returns>The output of the head, usually [B, classes]; the caller owns it.</returns>
    public Tensor Forward(Tensor image) => call(image);

    /// <summary>Runs the model as far as needed for some of its levels.</summary>
    /// <param name="image">As for <see cref="Forward"/>.</param>
    /// <param name="outIndices">Which levels, from 0 for the finest, or from -1 for the coarsest; all where null.</param>
    /// <returns>The levels in the order asked for, each [B, C, H, W]; the caller owns them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <exception cref="ArgumentException">A level is asked for twice.</exception>
    public IReadOnlyList<Feature> ForwardFeatures(Tensor image, IReadOnlyList<int>? outIndices = null)
    {
        var sink = new FeatureSink(Info, outIndices);
        try
        {
            if (!sink.IsComplete)
            {
                forward_features(image, sink);
            }

            return sink.Take();
        }
        catch
        {
            sink.Release();
            throw;
        }
    }

    /// <summary>Runs the whole model and gives every tensor that it returns: the output of <see cref="Forward"/> last, before it those of auxiliary heads
    /// (deep supervision: Lee et al. 2014, arXiv:1409.5185), for losses. A model with one output gives that.</summary>
    /// <param name="image">As for <see cref="Forward"/>.</param>
    /// <returns>The outputs; the caller owns them.</returns>
    public IReadOnlyList<Tensor> ForwardOutputs(Tensor image) => forward_outputs(image);

    /// <summary>Replaces the classifier by a freshly initialised one.</summary>
    /// <param name="numClasses">How many classes; 0 leaves the pooled features.</param>
    /// <exception cref="NotSupportedException">The model has no classifier.</exception>
    public virtual void ResetClassifier(int numClasses) =>
        throw new NotSupportedException($"{Info.Variant} declares no num_classes, so it has no classifier to replace.");

    /// <summary>How many trainable numbers the model has.</summary>
    public long ParameterCount() => parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>Fills the model from a weight file of any known format.</summary>
    /// <param name="path">See <see cref="WeightFile.Open"/>.</param>
    /// <param name="options">How names and types may differ; by default names and shapes must be the model's.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="WeightLoadException">The file does not fit, and <see cref="LoadOptions.Strict"/> is set: the model is as it was.</exception>
    /// <exception cref="WeightFileException">The file is not what its format says.</exception>
    public LoadReport Load(string path, LoadOptions? options = null) => StateDict.Load(this, path, options);

    /// <summary>Writes the model's state as safetensors, whole or not at all.</summary>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="metadata">Free text by key, beside the format, the architecture and the variant.</param>
    /// <remarks>TorchSharp before 0.101 has a <c>Save(string)</c> of its own on every module; with its second parameter this one stands before it.</remarks>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var written = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>())
        {
            ["format"] = "pt",
            ["architecture"] = Info.Architecture,
            ["variant"] = Info.Variant,
        };
        StateDict.Save(this, path, written);
    }

    /// <summary>Puts a fresh module in the place of a child: on the same device, of the same type, in the same mode.</summary>
    /// <param name="name">The child's name.</param>
    /// <param name="old">The child; disposed.</param>
    /// <param name="fresh">What takes its place.</param>
    /// <returns><paramref name="fresh"/>.</returns>
    protected T Replace<T>(string name, nn.Module old, T fresh)
        where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(fresh);
        var like = old.parameters().Concat(parameters()).FirstOrDefault();
        if (like is not null)
        {
            fresh.to(like.dtype).to(like.device);
        }

        fresh.train(old.training);
        register_module(name, null!);
        register_module(name, fresh);
        old.Dispose();
        return fresh;
    }

    /// <summary>Runs the model up to the last level that the sink wants, offering each level to it.</summary>
    /// <remarks>It must release what it made, also where it stops because <see cref="FeatureSink.Add"/> gave true.</remarks>
    protected abstract void forward_features(Tensor image, FeatureSink sink);

    /// <summary>Runs the whole model and gives all that it returns.</summary>
    protected virtual Tensor[] forward_outputs(Tensor image) => [Forward(image)];
}
