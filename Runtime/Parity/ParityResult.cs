using System.Collections.Immutable;

namespace Notochord.Parity;

/// <summary>How a comparison ended.</summary>
public enum ParityStatus
{
    /// <summary>Everything is within tolerance.</summary>
    Passed,

    /// <summary>Something differs.</summary>
    Failed,

    /// <summary>There is no such model here.</summary>
    Absent,

    /// <summary>The model could not be made or run.</summary>
    Broken,
}

/// <summary>A model beside a golden.</summary>
/// <param name="Golden">The golden's name.</param>
/// <param name="Engine">What ran the model.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Parameters">Trainable numbers of the model and of the golden.</param>
/// <param name="State">Names and shapes.</param>
/// <param name="Outputs">Each output.</param>
/// <param name="Gradients">The training step; null when the golden has none or it was not run.</param>
/// <param name="FirstDifference">The first module whose output differs, where the model can tell.</param>
/// <param name="Problem">Why it is broken.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="IsOwn">Whether the golden is no reference's, but an earlier run of the model itself.</param>
public sealed record ParityResult(
    string Golden,
    string Engine,
    ParityStatus Status,
    Counts? Parameters = null,
    StateComparison? State = null,
    ImmutableArray<OutputComparison> Outputs = default,
    GradientComparison? Gradients = null,
    TraceDifference? FirstDifference = null,
    string? Problem = null,
    double Seconds = 0,
    bool IsOwn = false)
{
    /// <summary>Each output; empty when the model was not run.</summary>
    public ImmutableArray<OutputComparison> Outputs { get; init; } = Outputs.IsDefault ? [] : Outputs;
}

/// <summary>Two counts that must be equal.</summary>
public sealed record Counts(long Found, long Expected)
{
    /// <summary>Whether they are.</summary>
    public bool Agree => Found == Expected;
}

/// <summary>Names and shapes of the state dict, as sets.</summary>
/// <param name="Missing">Names that only the golden has.</param>
/// <param name="Unexpected">Names that only the model has.</param>
/// <param name="Mismatched">Names whose shapes differ, with both.</param>
/// <param name="SameOrder">Whether the order is the same too; it need not be.</param>
public sealed record StateComparison(ImmutableArray<string> Missing, ImmutableArray<string> Unexpected, ImmutableArray<string> Mismatched, bool SameOrder)
{
    /// <summary>Whether the sets are equal.</summary>
    public bool Agree => Missing.IsEmpty && Unexpected.IsEmpty && Mismatched.IsEmpty;
}

/// <summary>An output in inference mode.</summary>
/// <param name="Name">out0, ...</param>
/// <param name="Error">Largest difference of an element; infinite where the shapes differ or a value is not finite.</param>
/// <param name="Tolerance">What is allowed.</param>
/// <param name="Problem">What differs, if not the values.</param>
public sealed record OutputComparison(string Name, double Error, double Tolerance, string? Problem = null)
{
    /// <summary>Whether it is within tolerance.</summary>
    public bool Agree => Error <= Tolerance;
}

/// <summary>Gradient norms of a training step.</summary>
/// <param name="LossFound">The loss.</param>
/// <param name="LossExpected">The golden's.</param>
/// <param name="Compared">How many parameters have a norm in the golden.</param>
/// <param name="Worst">The parameter that is farthest from its tolerance, or beyond it.</param>
/// <param name="WorstRatio">Its error over its tolerance: at most 1 when all agree.</param>
/// <param name="Disagreeing">Parameters beyond their tolerance, with both norms.</param>
/// <param name="Refuted">How many were left out because the golden is known to have them wrong.</param>
/// <param name="RefutedBecause">How it is known.</param>
public sealed record GradientComparison(
    double LossFound, double LossExpected, int Compared, string Worst, double WorstRatio, ImmutableArray<string> Disagreeing, int Refuted = 0, string? RefutedBecause = null)
{
    /// <summary>Whether all are within tolerance.</summary>
    public bool Agree => Disagreeing.IsEmpty;
}

/// <summary>The first module, in the order of execution, whose output differs.</summary>
/// <param name="Module">Its path.</param>
/// <param name="Type">Its class in the reference.</param>
/// <param name="Found">Mean, standard deviation and shape here.</param>
/// <param name="Expected">The golden's.</param>
public sealed record TraceDifference(string Module, string Type, string Found, string Expected);
