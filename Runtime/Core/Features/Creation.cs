using Notochord.Weights;

namespace Notochord;

/// <summary>What the <c>Backbones.Create</c> of every project shares.</summary>
public static class Creation
{
    private const int MostListed = 12;

    /// <summary>The error for a name that no model has: the nearest one, and others of its family.</summary>
    public static ArgumentException Unknown(string name, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var family = new string([.. (name ?? "").TakeWhile(char.IsLetter)]);
        var kin = names.Where(n => family.Length > 0 && n.StartsWith(family, StringComparison.OrdinalIgnoreCase)).ToList();
        var nearest = NearNames.Closest(name ?? "", kin) ?? NearNames.Closest(name ?? "", names);
        var (listed, what) = kin.Count > 0 ? (kin, $"those that begin with '{family}'") : (names, "they");
        return new ArgumentException(
            $"There is no backbone '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} Of {names.Count}, {what} are {string.Join(", ", listed.Take(MostListed))}"
                + $"{(listed.Count > MostListed ? $" and {listed.Count - MostListed} more" : "")}; Backbones.Names has all.",
            nameof(name));
    }

    /// <summary>The error for an argument that a model has no parameter for.</summary>
    /// <param name="name">The model.</param>
    /// <param name="parameter">What was given.</param>
    /// <param name="known">What it does take.</param>
    public static ArgumentException Missing(string name, string parameter, params string[] known) =>
        new($"{name} has no {parameter}; it takes {(known.Length == 0 ? "features_only and out_indices only" : string.Join(", ", known))}.", parameter);

    /// <summary>The model, cut to its features if that is asked for.</summary>
    /// <exception cref="ArgumentException">There is no such level, or levels are given for a whole model.</exception>
    public static Backbone Finish(Backbone model, bool featuresOnly, IReadOnlyList<long>? outIndices)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            if (!featuresOnly && outIndices is not null)
            {
                throw new ArgumentException($"out_indices chooses among the features of {model.Info.Variant}: say features_only: true as well.", nameof(outIndices));
            }

            return featuresOnly ? model.FeaturesOnly(outIndices) : model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
