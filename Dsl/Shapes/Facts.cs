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
        if (a.Value is { } x && b.Value is { } y) return x == y;
        var difference = Simplify((a - b).Concrete());
        return difference.Literal is { } d ? d == 0 : null;
    }

    /// <summary>From here on <paramref name="a"/> is at least <paramref name="b"/>.</summary>
    public void AssumeAtLeast(Dim a, Dim b)
    {
        var difference = (a - b).Concrete();
        var constant = difference.Terms.Where(t => t.Product.IsOne).Sum(t => t.Coefficient);
        var rest = difference.Terms.Where(t => !t.Product.IsOne).ToList();
        if (rest.Count != 1 || rest[0].Atoms.Count != 1 || rest[0].Coefficient <= 0) return;
        // c * atom >= -constant.
        var least = -Dim.FloorDiv(constant, rest[0].Coefficient);
        switch (rest[0].Atoms[0])
        {
            case SymbolAtom symbol: _least[symbol.Name] = Math.Max(least, LeastOf(symbol.Name)); break;
            case QuotientAtom { B.Literal: > 0 } q: AssumeAtLeast(q.A, q.B * least); break;
            default: break;
        }
    }

    /// <summary>Whether <paramref name="a"/> is at least <paramref name="b"/>: true or false when it is certain, null when the input decides.</summary>
    public bool? IsAtLeast(Dim a, Dim b)
    {
        if (a.Value is { } x && b.Value is { } y) return x >= y;
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
            if (product < 0 && !term.Product.IsOne) return null;
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
        QuotientAtom { B.Literal: > 0 } q => LowerBound(q.A) is { } a ? Dim.FloorDiv(a, q.B.Literal!.Value) : null,
        RemainderAtom => 0,
        ExtremeAtom { Larger: true } m => (LowerBound(m.A), LowerBound(m.B)) is var (a, b) ? a is null ? b : b is null ? a : Math.Max(a.Value, b.Value) : null,
        ExtremeAtom m => LowerBound(m.A) is { } a && LowerBound(m.B) is { } b ? Math.Min(a, b) : null,
        _ => null,
    };

    private static long Saturate(long a, long b) => b != 0 && Math.Abs(a) > int.MaxValue / b ? int.MaxValue : a * b;

    /// <summary>b * (a / b) = a where a is a multiple of b, and a % b = 0.</summary>
    public Dim Simplify(Dim dim)
    {
        if (_multiples.Count == 0 || dim.IsPolynomial) return dim;
        var sum = Dim.Zero;
        foreach (var term in dim.Terms) sum += Simplify(term);
        return sum;
    }

    /// <summary>Each axis simplified.</summary>
    public Shape Simplify(Shape shape) => _multiples.Count == 0 ? shape : shape.Map(Simplify);

    private Dim Simplify(Term term)
    {
        for (var i = 0; i < term.Atoms.Count; i++)
        {
            if (term.Atoms[i] is not BinaryAtom pair || !_multiples.Exists(m => m.Dividend.Equals(pair.A) && m.Divisor.Equals(pair.B))) continue;
            if (pair is RemainderAtom) return Dim.Zero;
            var rest = Dim.Of(term.Coefficient, term.Product.Without(pair.Product)!);
            if (pair is QuotientAtom && rest.IsMultipleOf(pair.B)) return Simplify(rest / pair.B * pair.A);
        }

        var product = Dim.Of(term.Coefficient);
        foreach (var atom in term.Atoms) product *= atom.Map(Simplify);
        return product;
    }
}
