namespace Notochord.Dsl.Shapes;

/// <summary>What a graph's guards make true of its symbols: so far, that one dim is a multiple of another. Decides equality under it.</summary>
public sealed class Facts
{
    private readonly List<(Dim Dividend, Dim Divisor)> _multiples = [];

    /// <summary>From here on <paramref name="dividend"/> is a multiple of <paramref name="divisor"/>.</summary>
    public void AssumeMultiple(Dim dividend, Dim divisor) => _multiples.Add((dividend.Concrete(), divisor.Concrete()));

    /// <summary>Whether it always is one.</summary>
    public bool IsMultiple(Dim dividend, Dim divisor)
    {
        if (dividend.IsMultipleOf(divisor)) return true;
        var (a, b) = (Simplify(dividend.Concrete()), divisor.Concrete());
        return a.IsMultipleOf(b) || _multiples.Exists(m => m.Dividend.Equals(a) && m.Divisor.IsMultipleOf(b));
    }

    /// <summary>Whether two dims are equal: true or false when it is certain, null when the input decides.</summary>
    public bool? AreEqual(Dim a, Dim b)
    {
        if (a.Equals(b)) return true;
        var difference = Simplify((a - b).Concrete());
        return difference.Literal is { } d ? d == 0 : null;
    }

    /// <summary>b * (a / b) = a where a is a multiple of b, and a % b = 0.</summary>
    public Dim Simplify(Dim dim)
    {
        if (_multiples.Count == 0) return dim;
        var sum = Dim.Zero;
        foreach (var term in dim.Terms) sum += Simplify(term);
        return sum;
    }

    private Dim Simplify(Term term)
    {
        for (var i = 0; i < term.Atoms.Count; i++)
        {
            var isMultiple = term.Atoms[i] is BinaryAtom pair && _multiples.Exists(m => m.Dividend.Equals(pair.A) && m.Divisor.Equals(pair.B));
            if (!isMultiple) continue;
            var rest = term.Atoms.Where((_, k) => k != i).Aggregate(Dim.Of(term.Coefficient), (d, a) => d * Dim.From(a));
            if (term.Atoms[i] is RemainderAtom) return Dim.Zero;
            if (term.Atoms[i] is QuotientAtom q && rest.IsMultipleOf(q.Divisor)) return Simplify(rest / q.Divisor * q.Dividend);
        }

        return term.Atoms.Aggregate(Dim.Of(term.Coefficient), (d, a) => d * Dim.From(a));
    }
}
