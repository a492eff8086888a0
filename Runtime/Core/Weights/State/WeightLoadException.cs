namespace Notochord.Weights;

/// <summary>A file that does not fit the model, with the whole report. The model is as it was.</summary>
public sealed class WeightLoadException : Exception
{
    /// <summary>Says what does not fit.</summary>
    public WeightLoadException(LoadReport report)
        : base($"{report}\nNothing was loaded. With Strict = false, what fits is.")
    {
        Report = report;
    }

    /// <summary>What fits and what does not.</summary>
    public LoadReport Report { get; }
}
