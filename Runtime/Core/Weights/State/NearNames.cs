namespace Notochord.Weights;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearNames
{
    /// <summary>The nearest candidate by edit distance, or null where none differs in at most a third of the name.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        var bound = Math.Max(2, name.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) < bound && Distance(name, candidate, bound) is var distance && distance < bound)
            {
                (best, bound) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The number of letters to insert, remove or replace; <paramref name="bound"/> where it is not less.</summary>
    private static int Distance(string a, string b, int bound)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(previous[j], current[j - 1]));
            }

            if (current.Min() >= bound)
            {
                return bound;
            }

            (previous, current) = (current, previous);
        }

        return Math.Min(bound, previous[^1]);
    }
}
