using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Notochord.Training;

/// <summary>AdamW that decays matrices and kernels only.</summary>
/// <remarks>
/// Decay pulls towards zero: right for what multiplies many inputs, wrong for the scale of a norm, whose neutral value is one, or for
/// a bias. The reference recipes tell them apart by the number of dimensions.
/// Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", arXiv:1711.05101.
/// </remarks>
internal sealed class DecayingAdamW : IDisposable
{
    private readonly List<optim.Optimizer> _optimizers = [];

    public DecayingAdamW(nn.Module model, double learningRate, double weightDecay)
    {
        Parameters = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        if (Parameters.Count == 0) throw new InvalidOperationException("the model has no parameter to train");
        foreach (var (parameters, decay) in new[]
        {
            (Parameters.Where(parameter => parameter.Dimensions > 1).ToArray(), weightDecay),
            (Parameters.Where(parameter => parameter.Dimensions <= 1).ToArray(), 0.0),
        })
        {
            if (parameters.Length > 0) _optimizers.Add(optim.AdamW(parameters, learningRate, weight_decay: decay));
        }
    }

    /// <summary>All that is trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    public void ZeroGradients()
    {
        foreach (var optimizer in _optimizers) optimizer.zero_grad();
    }

    public void Step(double learningRate)
    {
        foreach (var optimizer in _optimizers)
        {
            foreach (var group in optimizer.ParamGroups) group.LearningRate = learningRate;
            optimizer.step();
        }
    }

    public void Dispose()
    {
        foreach (var optimizer in _optimizers) optimizer.Dispose();
    }
}
