using System.Collections.Immutable;
using System.Text.Json;

namespace Notochord.Parity;

/// <summary>A recorded run of a reference implementation whose weights follow from their names and shapes (<see cref="GoldenRule"/>).</summary>
/// <param name="Name">The golden's name.</param>
/// <param name="Model">The model that it is of: the reference library's name for it where there is one, else the golden's.</param>
/// <param name="Arguments">What the model was made with beside its name.</param>
/// <param name="Input">Shape of the input, [B, 3, H, W] for a model.</param>
/// <param name="InputKey">The name that the input's values follow from.</param>
/// <param name="ParameterCount">How many trainable numbers the model has.</param>
/// <param name="State">The state dict in its order.</param>
/// <param name="Outputs">What it gave in inference mode.</param>
/// <param name="Train">One training step, or null.</param>
/// <param name="Trace">Each module's first output in the order of execution.</param>
public sealed record Golden(
    string Name,
    string Model,
    ImmutableSortedDictionary<string, JsonElement> Arguments,
    ImmutableArray<long> Input,
    string InputKey,
    long ParameterCount,
    ImmutableArray<GoldenTensor> State,
    ImmutableArray<GoldenOutput> Outputs,
    GoldenTraining? Train,
    ImmutableArray<GoldenTrace> Trace)
{
    /// <summary>Whether batch norms used the batch's statistics in inference mode too, where a channel has more than one value.</summary>
    public bool BatchStatistics { get; init; }

    /// <summary>Whether it is a run of the declared model itself, kept so that later changes are seen; it says nothing of a reference.</summary>
    public bool IsOwn { get; init; }

    /// <summary>What is known to be wrong in it.</summary>
    public Refutation Refuted { get; init; } = Refutation.None;
}

/// <summary>A tensor of the state dict.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsParameter">Whether it is trained.</param>
public sealed record GoldenTensor(string Name, ImmutableArray<long> Shape, bool IsParameter);

/// <summary>An output in inference mode.</summary>
/// <param name="Name">out0, out1, ...</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Std">Its standard deviation, which tolerances are relative to.</param>
/// <param name="Values">Its elements, row-major.</param>
public sealed record GoldenOutput(string Name, ImmutableArray<long> Shape, double Std, ImmutableArray<float> Values);

/// <summary>A training step: dropout and drop path off, batch norm in training mode.</summary>
/// <param name="Loss">Sum over the outputs of mean(output * probe).</param>
/// <param name="Norms">2-norm of each parameter's gradient; null where it has none.</param>
/// <param name="InputNorm">2-norm of the input's gradient; null where it was not taken.</param>
public sealed record GoldenTraining(double Loss, ImmutableDictionary<string, double?> Norms, double? InputNorm);

/// <summary>A module's first output.</summary>
/// <param name="Module">Its path.</param>
/// <param name="Type">Its class in the reference.</param>
/// <param name="Shape">Sizes of the output.</param>
/// <param name="Mean">Mean of the output.</param>
/// <param name="Std">Standard deviation of the output.</param>
/// <param name="First">Its first elements.</param>
public sealed record GoldenTrace(string Module, string Type, ImmutableArray<long> Shape, double Mean, double Std, ImmutableArray<double> First);
