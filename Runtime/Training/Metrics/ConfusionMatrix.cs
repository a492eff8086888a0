namespace Notochord.Training.Metrics;

/// <summary>Counts how often each true class was given each predicted class.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">The classes' names; at least one.</param>
    public ConfusionMatrix(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfZero(classes.Count, nameof(classes));
        Classes = classes;
        _counts = new long[classes.Count, classes.Count];
    }

    /// <summary>The classes' names, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How often <paramref name="actual"/> was taken for <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>All examples.</summary>
    public long Total { get; private set; }

    /// <summary>The share of examples whose class was found, 0 to 1; NaN when there are none.</summary>
    public double Accuracy => (double)Range.Sum(i => _counts[i, i]) / Total;

    private IEnumerable<int> Range => Enumerable.Range(0, Classes.Count);

    /// <summary>Adds one example.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index names no class.</exception>
    public void Add(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(actual);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(actual, Classes.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(predicted);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(predicted, Classes.Count);
        _counts[actual, predicted]++;
        Total++;
    }

    /// <summary>The examples that are of a class.</summary>
    public long Support(int actual) => Range.Sum(predicted => _counts[actual, predicted]);

    /// <summary>The examples that were said to be of a class.</summary>
    public long Predicted(int predicted) => Range.Sum(actual => _counts[actual, predicted]);

    /// <summary>Of the examples of a class, the share that was found; NaN when there are none.</summary>
    public double Recall(int index) => (double)_counts[index, index] / Support(index);

    /// <summary>Of the examples said to be of a class, the share that is; NaN when there are none.</summary>
    public double Precision(int index) => (double)_counts[index, index] / Predicted(index);

    /// <summary>The harmonic mean of precision and recall; NaN when the class neither occurs nor was predicted.</summary>
    public double F1(int index) => 2.0 * _counts[index, index] / (Support(index) + Predicted(index));
}
