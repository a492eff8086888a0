namespace Notochord.Generators.Pipeline;

/// <summary>Names of the pipeline's steps, which tests and profilers see.</summary>
public static class Steps
{
    /// <summary>A file read: text to model.</summary>
    public const string Declarations = "Declarations";

    /// <summary>A class with <c>[Backbone]</c>: symbols to model.</summary>
    public const string Classes = "Classes";

    /// <summary>A class with <c>[Architecture]</c>.</summary>
    public const string DerivedClasses = "DerivedClasses";

    /// <summary>What the project decides.</summary>
    public const string Options = "Options";

    /// <summary>A file with the blocks that it can reach.</summary>
    public const string Units = "Units";

    /// <summary>A file's classes and findings.</summary>
    public const string Compiled = "Compiled";

    /// <summary>Entries of the registry.</summary>
    public const string Registry = "Registry";
}
