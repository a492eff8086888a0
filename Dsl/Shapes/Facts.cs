namespace Notochord.Dsl.Shapes;

/// <summary>What a graph's guards make true of its symbols: that one dim is a multiple of another, that one is at least so large (every symbol is
/// at least 1). Decides equality and order under it.</summary>
public sealed class Facts
{
    private readonly List<(Dim Dividend, Dim Divisor)> _multiples = [];
    private readonly Dictionary<string, long> _least = [];

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

    /// <summary>From here on <paramref name="a"/> is at least <paramref name="b"/>.</summary>
    public void AssumeAtLeast(Dim a, Dim b)
    {
        var difference = (a - b).Concrete();
        var constant = difference.Terms.Where(t => t.Atoms.Count == 0).Sum(t => t.Coefficient);
        var rest = difference.Terms.Where(t => t.Atoms.Count > 0).ToList();
        if (rest.Count != 1 || rest[0].Atoms.Count != 1 || rest[0].Coefficient <= 0) return;
        // c * atom >= -constant.
        var least = -Dim.FloorDiv(constant, rest[0].Coefficient);
        switch (rest[0].Atoms[0])
        {
            case SymbolAtom symbol: _least[symbol.Name] = Math.Max(least, LeastOf(symbol.Name)); break;
            case QuotientAtom { Divisor.Literal: > 0 } q: AssumeAtLeast(q.Dividend, q.Divisor * least); break;
            default: break;
        }
    }

    /// <summary>Whether <paramref name="a"/> is at least <paramref name="b"/>: true or false when it is certain, null when the input decides.</summary>
    public bool? IsAtLeast(Dim a, Dim b)
    {
        var difference = Simplify((a - b).Concrete());
        if (difference.Literal is { } d) return d >= 0;
        return LowerBound(difference) >= 0 ? true : null;
    }

    private long LeastOf(string symbol) => _least.TryGetValue(symbol, out var least) ? least : 1;

    // Of a sum of products of non-negative atoms; null where a negative term would need an upper bound.
    private long? LowerBound(Dim dim)
    {
        var sum = 0L;
        foreach (var term in dim.Terms)
        {
            var product = term.Coefficient;
            if (product < 0 && term.Atoms.Count > 0) return null;
            foreach (var atom in term.Atoms)
            {
                if (LowerBound(atom) is not { } bound || bound < 0) return null;
                product = Saturate(product, bound);
            }

            sum += Math.Min(product, int.MaxValue);
        }

        return sum;
    }

    private long? LowerBound(Atom atom) => atom switch
    {
        SymbolAtom symbol => symbol.Known ?? LeastOf(symbol.Name),
        QuotientAtom { Divisor.Literal: > 0 } q => LowerBound(q.Dividend) is { } a ? Dim.FloorDiv(a, q.Divisor.Literal!.Value) : null,
        RemainderAtom => 0,
        ExtremeAtom { Larger: true } m => (LowerBound(m.First), LowerBound(m.Second)) is var (a, b) ? a is null ? b : b is null ? a : Math.Max(a.Value, b.Value) : null,
        ExtremeAtom m => LowerBound(m.First) is { } a && LowerBound(m.Second) is { } b ? Math.Min(a, b) : null,
        _ => null,
    };

    private static long Saturate(long a, long b) => b != 0 && Math.Abs(a) > int.MaxValue / b ? int.MaxValue : a * b;

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

        return term.Atoms.Aggregate(Dim.Of(term.Coefficient), (d, a) => d * a.Map(Simplify));
    }
}
