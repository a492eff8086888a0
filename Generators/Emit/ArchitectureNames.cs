using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>The classes of one architecture.</summary>
internal sealed class ArchitectureNames
{
    private readonly Dictionary<string, string> _variants = new(StringComparer.Ordinal);

    /// <param name="architecture">The architecture.</param>
    /// <param name="className">The class that declares it; null for one in YAML.</param>
    public ArchitectureNames(Architecture architecture, string? className = null)
    {
        var names = new NameScope();
        Class = names.Take(className ?? Naming.Class(architecture.Name));
        Options = names.Take(Class + "Options");
        foreach (var v in architecture.Variants)
        {
            // A variant may bear the architecture's own name; both are classes of one namespace.
            var name = Naming.Class(v.Name);
            _variants[v.Name] = names.Take(name == Class ? name + "Default" : name);
        }
    }

    /// <summary>The backbone.</summary>
    public string Class { get; }

    /// <summary>The record of its parameters.</summary>
    public string Options { get; }

    /// <summary>The class of a variant.</summary>
    public string Variant(string name) => _variants[name];
}
