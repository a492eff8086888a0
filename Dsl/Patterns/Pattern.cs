using Notochord.Dsl.Text;

namespace Notochord.Dsl.Patterns;

/// <summary>What a pattern is for; each allows other differences between its sides.</summary>
public enum PatternKind
{
    /// <summary>The same axes on both sides.</summary>
    Rearrange,

    /// <summary>Axes of the left that the right lacks are reduced.</summary>
    Reduce,

    /// <summary>Axes of the right that the left lacks are new: the values repeat along them.</summary>
    Repeat,
}

/// <summary>An axis of a pattern before products are multiplied out: a name, or a number (anonymous).</summary>
/// <param name="Name">The name; for a number, its digits.</param>
/// <param name="Number">The size of an anonymous axis; null for a named one.</param>
/// <param name="Position">Where it stands in the pattern, from 0.</param>
public sealed record PatternAxis(string Name, long? Number, int Position)
{
    /// <summary>Whether it stands for any number of axes.</summary>
    public bool IsEllipsis => Name == Pattern.Ellipsis;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One axis of a tensor as a pattern sees it: a product of axes; <c>1</c> and <c>()</c> are the empty product.</summary>
/// <param name="Axes">The factors, outermost first.</param>
/// <param name="Position">Where it stands in the pattern, from 0.</param>
public sealed record PatternGroup(EquatableArray<PatternAxis> Axes, int Position)
{
    /// <summary>Whether it stands for any number of axes; <c>(...)</c> is their product.</summary>
    public bool IsEllipsis => Axes.Count == 1 && Axes[0].IsEllipsis && Axes[0].Position == Position;

    /// <inheritdoc/>
    public override string ToString() => Axes.Count == 1 ? Axes[0].Name : $"({string.Join(" ", Axes)})";
}

/// <summary>Why a pattern, or a call with it, is wrong. The message holds the pattern and a caret.</summary>
public sealed class PatternException(string pattern, int position, string message)
    : Exception($"{message}\n    {pattern}\n    {new string(' ', Math.Max(0, Math.Min(position, pattern.Length)))}^");

/// <summary>A pattern of einops notation (Rogozhnikov 2022, "Einops: clear and reliable tensor manipulations with Einstein-like notation").</summary>
/// <param name="Text">As written.</param>
/// <param name="Left">The axes of the input.</param>
/// <param name="Right">The axes of the result.</param>
public sealed record Pattern(string Text, EquatableArray<PatternGroup> Left, EquatableArray<PatternGroup> Right)
{
    /// <summary>How any number of axes is written.</summary>
    public const string Ellipsis = "...";

    private const string Arrow = "->";

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="PatternException">It is not one.</exception>
    public static Pattern Parse(string text)
    {
        var arrow = text.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0) throw new PatternException(text, text.Length, "A pattern has two sides, 'a b -> b a'; '->' is missing.");
        var second = text.IndexOf(Arrow, arrow + Arrow.Length, StringComparison.Ordinal);
        if (second >= 0) throw new PatternException(text, second, "A pattern has two sides; there is a second '->'.");
        return new Pattern(text, ParseSide(text, 0, arrow), ParseSide(text, arrow + Arrow.Length, text.Length));
    }

    /// <summary>The same with <c>...</c> replaced by as many axes as a tensor of <paramref name="rank"/> axes has more.</summary>
    /// <exception cref="PatternException">The left side has another number of axes.</exception>
    public Pattern Expand(int rank)
    {
        var at = Left.Select((g, i) => (g, i)).Where(x => x.g.IsEllipsis).Select(x => (int?)x.i).FirstOrDefault();
        if (at is null)
        {
            if (Left.Count != rank) throw new PatternException(Text, 0, $"The left side has {Left.Count} axes; the tensor has {rank}.");
            return this;
        }

        var extra = rank - (Left.Count - 1);
        if (extra < 0) throw new PatternException(Text, 0, $"The left side has at least {Left.Count - 1} axes; the tensor has {rank}.");
        return this with { Left = Expand(Left, extra), Right = Expand(Right, extra) };
    }

    private static EquatableArray<PatternGroup> Expand(EquatableArray<PatternGroup> side, int count)
    {
        var groups = new List<PatternGroup>();
        foreach (var group in side)
        {
            var axes = group.Axes.SelectMany(a => a.IsEllipsis ? Enumerable.Range(0, count).Select(i => new PatternAxis($"{Ellipsis}{i}", null, a.Position)) : [a]).ToList();
            if (group.IsEllipsis) groups.AddRange(axes.Select(a => new PatternGroup([a], a.Position)));
            else groups.Add(group with { Axes = axes.ToEquatableArray() });
        }

        return groups.ToEquatableArray();
    }

    private static EquatableArray<PatternGroup> ParseSide(string text, int from, int to)
    {
        var groups = new List<PatternGroup>();
        var seen = new HashSet<string>();
        List<PatternAxis>? open = null;
        var openAt = 0;
        for (var i = from; i < to; i++)
        {
            var c = text[i];
            if (c == ' ') continue;
            if (c == '(')
            {
                if (open is not null) throw new PatternException(text, i, "Parentheses cannot be nested.");
                (open, openAt) = ([], i);
                continue;
            }

            if (c == ')')
            {
                if (open is null) throw new PatternException(text, i, "This ')' closes nothing.");
                groups.Add(new PatternGroup(open.ToEquatableArray(), openAt));
                open = null;
                continue;
            }

            var axis = ParseAxis(text, i, to);
            i += axis.Name.Length - 1;
            if (axis.Number is null && !seen.Add(axis.Name)) throw new PatternException(text, axis.Position, $"'{axis.Name}' stands twice on one side.");
            if (axis.IsEllipsis && open is not null && from == 0) throw new PatternException(text, axis.Position, "'...' cannot be inside parentheses on the left side.");
            var factors = axis.Number == 1 ? default : (EquatableArray<PatternAxis>)[axis];
            if (open is not null) open.AddRange(factors);
            else groups.Add(new PatternGroup(factors, axis.Position));
        }

        if (open is not null) throw new PatternException(text, openAt, "This '(' is never closed.");
        return groups.ToEquatableArray();
    }

    private static PatternAxis ParseAxis(string text, int at, int to)
    {
        if (string.CompareOrdinal(text, at, Ellipsis, 0, Ellipsis.Length) == 0) return new PatternAxis(Ellipsis, null, at);
        var end = at;
        while (end < to && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) end++;
        var word = text.Substring(at, end - at);
        if (word.Length == 0) throw new PatternException(text, at, $"Expected the name of an axis, a number, '...' or a parenthesis; found '{text[at]}'.");
        if (!char.IsDigit(word[0])) return new PatternAxis(word, null, at);
        if (!long.TryParse(word, out var number) || number <= 0) throw new PatternException(text, at, $"'{word}' is no size of an axis; a name cannot begin with a digit.");
        return new PatternAxis(word, number, at);
    }
}
