using TorchSharp;
using static TorchSharp.torch;

namespace Notochord;

/// <summary>What changes a model in place and gives it back under its own type: <c>new SwinTiny().To(device).Eval()</c>.</summary>
public static class BackboneExtensions
{
    /// <summary>Moves all parameters and buffers to a device.</summary>
    public static T To<T>(this T model, Device device)
        where T : Backbone =>
        model.to(device);

    /// <summary>Converts all floating-point parameters and buffers.</summary>
    public static T To<T>(this T model, ScalarType type)
        where T : Backbone =>
        model.to(type);

    /// <summary>Cuts a model behind the last of some of its levels, for good: what only its head needs is released, <see cref="Backbone.ForwardFeatures"/> gives the
    /// levels that are left, and <see cref="BackboneInfo.Features"/> tells of them alone. State-dict names stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outIndices">Which levels, from 0 for the finest, or from -1 for the coarsest; all where null or empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <exception cref="ArgumentException">A level is asked for twice.</exception>
    public static T FeaturesOnly<T>(this T model, IReadOnlyList<long>? outIndices = null)
        where T : Backbone
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Cut(outIndices);
        return model;
    }

    /// <summary>Finds channels and strides of the levels by a run on an empty image: for a model of parameters that were never published.</summary>
    public static T Measured<T>(this T model)
        where T : Backbone
    {
        ArgumentNullException.ThrowIfNull(model);
        model.MeasureFeatures();
        return model;
    }

    /// <summary>Training mode: dropout and drop path are random, batch norm learns its statistics.</summary>
    public static T Train<T>(this T model)
        where T : Backbone
    {
        ArgumentNullException.ThrowIfNull(model);
        model.train();
        return model;
    }

    /// <summary>Inference mode.</summary>
    public static T Eval<T>(this T model)
        where T : Backbone
    {
        ArgumentNullException.ThrowIfNull(model);
        model.eval();
        return model;
    }
}
