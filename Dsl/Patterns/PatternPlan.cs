using System.Collections.Concurrent;

namespace Notochord.Dsl.Patterns;

/// <summary>Where the size of a factor comes from.</summary>
public enum FactorSource
{
    /// <summary>A number in the pattern.</summary>
    Number,

    /// <summary>An argument of the call: <c>p=window</c>.</summary>
    Given,

    /// <summary>A whole axis of the input.</summary>
    Whole,

    /// <summary>What is left of an axis of the input when its other factors are known.</summary>
    Quotient,
}

/// <summary>A factor: one axis when every product is multiplied out.</summary>
/// <param name="Axis">As written.</param>
/// <param name="Source">Where its size comes from.</param>
/// <param name="InputAxis">The axis of the input that it is part of; -1 for a new axis.</param>
public sealed record Factor(PatternAxis Axis, FactorSource Source, int InputAxis);

/// <summary>How a pattern is carried out: split the axes into factors, reduce some, permute the rest, put in new axes, merge.
/// All lists are of indices into <see cref="Factors"/>.</summary>
public sealed class PatternPlan
{
    private const int KnownLimit = 4096;

    private static readonly ConcurrentDictionary<(string Pattern, PatternKind Kind, int Rank, string Given), PatternPlan> Known = new();

    private PatternPlan(Pattern pattern, IReadOnlyList<Factor> factors, IReadOnlyList<IReadOnlyList<int>> split, IReadOnlyList<int> reduced, IReadOnlyList<IReadOnlyList<int>> merge)
    {
        (Pattern, Factors, Split, Reduced, Merge) = (pattern, factors, split, reduced, merge);
        SplitFactors = [.. split.SelectMany(g => g)];
        Kept = [.. SplitFactors.Except(reduced)];
        Target = [.. merge.SelectMany(g => g)];
        var position = Kept.Select((f, i) => (f, i)).ToDictionary(x => x.f, x => x.i);
        Order = [.. Target.Where(position.ContainsKey).Select(f => position[f])];
    }

    /// <summary>The pattern, with <c>...</c> expanded.</summary>
    public Pattern Pattern { get; }

    /// <summary>The factors: those of the left in order, then new ones.</summary>
    public IReadOnlyList<Factor> Factors { get; }

    /// <summary>The factors of each axis of the input.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Split { get; }

    /// <summary>All factors of the input in order; none for axes of size 1.</summary>
    public IReadOnlyList<int> SplitFactors { get; }

    /// <summary>Factors that are reduced.</summary>
    public IReadOnlyList<int> Reduced { get; }

    /// <summary>Factors that stay, in the order of the input.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>The permutation of the kept factors.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Factors of the result in order, new ones among them.</summary>
    public IReadOnlyList<int> Target { get; }

    /// <summary>The factors of each axis of the result.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Merge { get; }

    /// <summary>Whether the input has to be reshaped first.</summary>
    public bool NeedsSplit => Split.Any(g => g.Count != 1);

    /// <summary>Whether axes change places.</summary>
    public bool NeedsOrder => !Order.SequenceEqual(Enumerable.Range(0, Order.Count));

    /// <summary>Whether the result has axes that the input lacks.</summary>
    public bool NeedsExpand => Target.Count > Kept.Count;

    /// <summary>Whether the result has to be reshaped at last.</summary>
    public bool NeedsMerge => Merge.Any(g => g.Count != 1);

    /// <summary>Whether the result is the input.</summary>
    public bool IsIdentity => !NeedsOrder && !NeedsExpand && Reduced.Count == 0 && Split.Count == Merge.Count && Split.Zip(Merge, (a, b) => a.SequenceEqual(b)).All(same => same);

    /// <summary>The plan of a pattern as written; see <see cref="Create"/>. Calls with the same pattern share one.</summary>
    /// <exception cref="PatternException">It is no pattern, or cannot be carried out.</exception>
    public static PatternPlan Of(string pattern, PatternKind kind, int rank, IReadOnlyCollection<string> given)
    {
        var key = (pattern, kind, rank, given.Count == 0 ? "" : string.Join(" ", given));
        if (Known.TryGetValue(key, out var plan)) return plan;
        plan = Create(Pattern.Parse(pattern), kind, rank, [.. given]);
        // In an editor each keystroke may leave one behind.
        if (Known.Count >= KnownLimit) Known.Clear();
        return Known[key] = plan;
    }

    /// <summary>Plans a pattern for a tensor of <paramref name="rank"/> axes.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="rank">Axes of the input.</param>
    /// <param name="given">Names of the axes whose sizes the call gives.</param>
    /// <exception cref="PatternException">The pattern cannot be carried out.</exception>
    public static PatternPlan Create(Pattern pattern, PatternKind kind, int rank, ICollection<string> given)
    {
        CheckEllipsis(pattern, kind);
        var expanded = pattern.Expand(rank);
        var factors = new List<Factor>();
        var index = new Dictionary<string, int>();
        var split = new List<IReadOnlyList<int>>();
        for (var axis = 0; axis < expanded.Left.Count; axis++) split.Add(AddGroup(expanded, expanded.Left[axis], axis));
        var merge = expanded.Right.Select(g => (IReadOnlyList<int>)[.. g.Axes.Select(AddTarget)]).ToList();
        var used = new HashSet<int>(merge.SelectMany(g => g));
        var reduced = Enumerable.Range(0, factors.Count).Where(f => factors[f].InputAxis >= 0 && !used.Contains(f)).ToList();
        if (reduced.Count > 0 && kind != PatternKind.Reduce)
        {
            var lost = factors[reduced[0]].Axis;
            throw new PatternException(pattern.Text, lost.Position, $"'{lost}' stands on the left side only; reduce(..) removes axes.");
        }

        foreach (var name in given)
        {
            if (!index.ContainsKey(name)) throw new PatternException(pattern.Text, 0, $"A size is given for '{name}', which the pattern does not have.");
        }

        return new PatternPlan(expanded, factors, split, reduced, merge);

        IReadOnlyList<int> AddGroup(Pattern p, PatternGroup group, int axis)
        {
            var open = group.Axes.Where(a => a.Number is null && !given.Contains(a.Name)).ToList();
            if (open.Count > 1) throw new PatternException(pattern.Text, group.Position, $"Only one of '{open[0]}' and '{open[1]}' in {group} can follow from the tensor; give the size of the other: {open[1]}=...");
            var first = factors.Count;
            foreach (var a in group.Axes)
            {
                var source = a.Number is not null ? FactorSource.Number : given.Contains(a.Name) ? FactorSource.Given : group.Axes.Count == 1 ? FactorSource.Whole : FactorSource.Quotient;
                if (a.Number is not null && kind != PatternKind.Reduce) throw new PatternException(pattern.Text, a.Position, $"The axis '{a}' has no name, so it cannot be found on the right side; name it and give its size.");
                if (a.Number is null) index[a.Name] = factors.Count;
                factors.Add(new Factor(a, source, axis));
            }

            return [.. Enumerable.Range(first, group.Axes.Count)];
        }

        int AddTarget(PatternAxis a)
        {
            if (a.Number is null && index.TryGetValue(a.Name, out var known)) return known;
            if (kind != PatternKind.Repeat) throw new PatternException(pattern.Text, a.Position, $"'{a}' stands on the right side only; repeat(..) adds axes.");
            if (a.Number is null && !given.Contains(a.Name)) throw new PatternException(pattern.Text, a.Position, $"'{a}' is a new axis; give its size: {a}=...");
            factors.Add(new Factor(a, a.Number is null ? FactorSource.Given : FactorSource.Number, -1));
            if (a.Number is null) index[a.Name] = factors.Count - 1;
            return factors.Count - 1;
        }
    }

    private static void CheckEllipsis(Pattern pattern, PatternKind kind)
    {
        var left = pattern.Left.SelectMany(g => g.Axes).FirstOrDefault(a => a.IsEllipsis);
        var right = pattern.Right.SelectMany(g => g.Axes).FirstOrDefault(a => a.IsEllipsis);
        if (right is not null && left is null) throw new PatternException(pattern.Text, right.Position, "'...' stands on the right side only.");
        if (left is not null && right is null && kind != PatternKind.Reduce) throw new PatternException(pattern.Text, left.Position, "'...' stands on the left side only.");
    }
}
