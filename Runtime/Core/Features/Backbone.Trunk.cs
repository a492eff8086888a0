using System.Collections.Immutable;
using System.Globalization;
using Notochord.Modules;
using static TorchSharp.torch;

namespace Notochord;

/// <content>A backbone cut behind its last wanted level, as the trunk of another model has it.</content>
public abstract partial class Backbone
{
    /// <summary>Whether only levels are left of it: <see cref="Forward"/> has nothing to run.</summary>
    public bool IsTrunk { get; private set; }

    /// <summary>Channels of each level.</summary>
    public long[] Channels => [.. Info.Features.Select(level => (long)level.Channels)];

    /// <summary>Stride of each level: the image's height and width over the level's.</summary>
    public long[] Reductions => [.. Info.Features.Select(level => (long)level.Reduction)];

    /// <summary>All its levels, as tensors: [B, C, H, W], from the first to the last.</summary>
    /// <returns>The caller owns each.</returns>
    public Tensor[] Levels(Tensor image) => [.. ForwardFeatures(image).Select(level => level.Tensor)];

    /// <summary>One level from the one before it, where a model does something in between.</summary>
    /// <param name="level">Which of its levels, from 0.</param>
    /// <param name="x">For level 0 the image, else the level before as a map; the caller keeps it.</param>
    /// <returns>The level; the caller owns it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <exception cref="NotSupportedException">It does more between levels than to call modules one after the other.</exception>
    public Tensor Level(int level, Tensor x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, Info.Features.Length);
        var before = level == 0 ? 0 : Used(Info.LevelAt(level - 1)).Count();
        var modules = Used(Info.LevelAt(level)).Skip(before).Cast<nn.Module<Tensor, Tensor>>();
        using var input = level > 0 && Info.Features[level - 1].Layout == FeatureLayout.ChannelsLast ? x.movedim([1], [-1]) : x.alias();
        var output = Sequence.Call(input, modules);
        if (Info.Features[level].Layout != FeatureLayout.ChannelsLast) return output;
        using (output) return output.movedim([-1], [1]);
    }

    /// <summary>The modules that run up to a level of the whole model, in their order.</summary>
    protected virtual IEnumerable<nn.Module> Used(int last) => throw new NotSupportedException($"{Info.Variant} cannot be called level by level.");

    internal void Cut(IReadOnlyList<long>? outIndices)
    {
        var places = Info.Select(outIndices is { Count: > 0 } ? [.. outIndices.Select(index => checked((int)index))] : null, nameof(outIndices));
        var levels = places.Select(place => Info.Features[place] with { Level = Info.LevelAt(place) }).ToList();
        KeepFeatures(levels, levels.Select(level => level.Level).DefaultIfEmpty(-1).Max());
        IsTrunk = true;
    }

    internal void MeasureFeatures()
    {
        var shape = Info.InputShape();
        var wasTraining = training;
        eval();
        using var guard = no_grad();
        using var image = zeros(shape);
        var measured = ForwardFeatures(image).Zip(Info.Features, (level, said) =>
        {
            using (level)
            {
                return said.Layout == FeatureLayout.Tokens ? said : Measured(said, level, shape);
            }
        }).ToList();
        train(wasTraining);
        KeepFeatures(measured, measured.Select((_, place) => Info.LevelAt(place)).DefaultIfEmpty(-1).Max());
    }

    // Maps have the input's axes, behind the channels; of the input these stand behind the batch, or last where only the last is a number.
    private FeatureInfo Measured(FeatureInfo said, Feature level, long[] shape)
    {
        var isLast = IsNumber(Info.Input[^1]) && !IsNumber(Info.Input[1]);
        var axes = shape.Where((_, i) => i > 0 && i != (isLast ? shape.Length - 1 : 1)).ToList();
        var own = level.Tensor.shape.Skip(2).ToList();
        if (axes.Count != own.Count) return said with { Channels = level.Channels };
        ImmutableArray<int> strides = [.. axes.Zip(own, (of, to) => (int)Math.Round((double)of / to))];
        return said with { Channels = level.Channels, Reduction = strides[Math.Max(0, strides.Length - 2)], Reductions = strides };
    }

    private static bool IsNumber(string axis) => long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>Keeps these levels alone, and of its modules those that they need.</summary>
    /// <param name="levels">Some of its features, each with its <see cref="FeatureInfo.Level"/>; what <see cref="Info"/> shall say.</param>
    /// <param name="last">The largest of their levels.</param>
    protected virtual void KeepFeatures(IReadOnlyList<FeatureInfo> levels, int last) =>
        throw new NotSupportedException($"{Info.Variant} cannot be cut to its features.");

    /// <summary>The image, if the whole model is there.</summary>
    /// <exception cref="InvalidOperationException">Only features are.</exception>
    protected Tensor Whole(Tensor image) => !IsTrunk ? image
        : throw new InvalidOperationException($"{Info.Variant} was cut to its features {string.Join(", ", Info.Features.Select(level => level.Name))}: call ForwardFeatures.");

    /// <summary>Releases all children but these, and what holds them.</summary>
    protected void Prune(IEnumerable<nn.Module> used) => Prune(this, [.. used]);

    private static void Prune(nn.Module parent, HashSet<nn.Module> used)
    {
        foreach (var (name, child) in parent.named_children().ToList())
        {
            if (used.Contains(child))
            {
                continue;
            }

            if (child.modules().Any(used.Contains))
            {
                Prune(child, used);
                continue;
            }

            parent.register_module(name, null!);
            child.Dispose();
        }
    }
}
