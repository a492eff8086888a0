using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Model;

/// <summary>An architecture as a block that others have as a module: <c>resnet50(num_classes=0)</c>, or its trunk alone,
/// <c>resnet50.features(out_indices=[1, 2, 3, 4])</c>, which gives a list of levels and holds nothing behind the last of them.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Variant">The variant whose values are the defaults; null: the declared ones.</param>
/// <param name="IsTrunk">Whether it is the trunk.</param>
public sealed record AppliedArchitecture(Architecture Architecture, string? Variant, bool IsTrunk)
{
    /// <summary>The word that makes a trunk of an architecture.</summary>
    public const string Features = "features";

    /// <summary>The parameter of a trunk that says which levels, from 0 or, from the last, -1; all of them when empty.</summary>
    public const string OutIndices = "out_indices";

    /// <summary>Whether an expression is <c>name.features</c> or <c>name.features(..)</c>.</summary>
    public static bool NamesTrunk(Expr e) => (e is CallExpr c ? c.Callee : e) is MemberExpr { Target: NameExpr, Name: Features };

    /// <summary>What a file that uses an architecture can name: the architecture and its variants.</summary>
    public static IEnumerable<string> Names(Architecture architecture) => architecture.Variants.Select(v => v.Name).Prepend(architecture.Name).Distinct();

    /// <summary>The block that an architecture, or one of its variants, is by its name; null for another name.</summary>
    public static Block? Find(Architecture architecture, string name)
    {
        var variant = architecture.Variants.FirstOrDefault(v => v.Name == name);
        if (variant is null && architecture.Name != name) return null;
        var values = new Dictionary<string, Expr>();
        foreach (var o in variant?.Overrides ?? default) values[o.Name] = o.Value;
        return architecture.Body with
        {
            Name = name,
            Params = architecture.Body.Params.Select(p => values.TryGetValue(p.Name, out var value) ? p with { Default = value } : p).ToEquatableArray(),
            Applied = new AppliedArchitecture(architecture, variant?.Name, false),
        };
    }

    /// <summary>The trunk of an applied architecture.</summary>
    public static Block Trunk(Block whole) => whole with
    {
        Name = $"{whole.Name}.{Features}",
        Params = [.. whole.Params, new Param(OutIndices, ParamType.IntList, new ListExpr(default, whole.Span), whole.Span)],
        Outputs = default,
        Applied = whole.Applied! with { IsTrunk = true },
    };
}
