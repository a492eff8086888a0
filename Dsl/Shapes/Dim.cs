using System.Globalization;
using System.Text;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Shapes;

/// <summary>An integer: a polynomial over <see cref="Atom"/>s with 64-bit coefficients, in normal form, so that equal polynomials are equal
/// objects. An axis of a tensor, or any static integer.</summary>
public sealed class Dim : IEquatable<Dim>
{
    private const int SmallFrom = -1;
    private const int SmallTo = 1024;

    // Most numbers are among these, and a number has nothing else to keep.
    private static readonly Dim[] Small = [.. Enumerable.Range(SmallFrom, SmallTo - SmallFrom + 1).Select(n => n == 0 ? new Dim(default) : new Dim([new Term(n, Product.One)]))];

    // What _value holds when the input decides it.
    private static readonly object Unknown = new();
    private static readonly string[] NoSymbols = [];
    private static readonly bool[] FalseTrue = [false, true];

    private readonly EquatableArray<Term> _terms;
    private int _hash;
    private string? _text;
    private string? _identity;
    private Dim? _concrete;
    private string[]? _free;
    private object? _value;

    private Dim(EquatableArray<Term> terms) => _terms = terms;

    /// <summary>0.</summary>
    public static Dim Zero => Small[-SmallFrom];

    /// <summary>1.</summary>
    public static Dim One => Small[1 - SmallFrom];

    /// <summary>The terms, sorted by their products; none for 0.</summary>
    internal EquatableArray<Term> Terms => _terms;

    /// <summary>Equal for equal dims only.</summary>
    internal string Identity => _identity ??= string.Join(" + ", _terms.Select(t => $"{t.Coefficient}*{t.Product.Key}"));

    /// <summary>Whether no known parameter is in it, so that <see cref="Concrete"/> is this.</summary>
    internal bool IsConcrete
    {
        get
        {
            foreach (var term in _terms)
            {
                foreach (var atom in term.Atoms)
                {
                    if (!atom.IsConcrete) return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether it is a polynomial in names: no quotient, remainder or extreme is in it.</summary>
    internal bool IsPolynomial
    {
        get
        {
            foreach (var term in _terms)
            {
                foreach (var atom in term.Atoms)
                {
                    if (atom is BinaryAtom) return false;
                }
            }

            return true;
        }
    }

    /// <summary>A number.</summary>
    public static Dim Of(long value) => value is >= SmallFrom and <= SmallTo ? Small[value - SmallFrom] : new([new Term(value, Product.One)]);

    internal static Dim Of(long coefficient, Product product) => coefficient == 0 ? Zero : product.IsOne ? Of(coefficient) : new([new Term(coefficient, product)]);

    /// <summary>A name; <paramref name="value"/> is its value where that is known (a parameter), null for what the input decides.</summary>
    public static Dim Symbol(string name, long? value = null) => new SymbolAtom(name, value).Shared().Dim;

    /// <summary>A number converts to itself.</summary>
    public static implicit operator Dim(long value) => Of(value);

    /// <summary>The number that this is, if it is a plain number; a parameter with a known value is not one.</summary>
    public long? Literal => _terms.Count == 0 ? 0 : _terms.Count == 1 && _terms[0].Product.IsOne ? _terms[0].Coefficient : null;

    /// <summary>The value, if everything in it is known.</summary>
    public long? Value
    {
        get
        {
            if (Literal is { } number) return number;
            _value ??= Compute() ?? Unknown;
            return _value as long?;
        }
    }

    /// <summary>Names in it that the input decides, each once.</summary>
    public IReadOnlyList<string> FreeSymbols => Literal is not null ? NoSymbols : Atom is { } atom ? atom.FreeSymbols : _free ??= [.. _terms.SelectMany(t => t.Atoms).SelectMany(a => a.FreeSymbols).Distinct()];

    /// <summary>Sum.</summary>
    public static Dim operator +(Dim a, Dim b)
    {
        if (a._terms.Count == 0) return b;
        if (b._terms.Count == 0) return a;
        return Combine(a, b, 1);
    }

    /// <summary>Difference.</summary>
    public static Dim operator -(Dim a, Dim b) => a.Equals(b) ? Zero : b._terms.Count == 0 ? a : Combine(a, b, -1);

    /// <summary>Product.</summary>
    public static Dim operator *(Dim a, Dim b)
    {
        if (a._terms.Count == 0 || b.Literal == 1) return a;
        if (b._terms.Count == 0 || a.Literal == 1) return b;
        if (a._terms.Count == 1 && b._terms.Count == 1)
        {
            var only = Multiply(a._terms[0], b._terms[0]);
            return Of(only.Coefficient, only.Product);
        }

        var terms = new List<Term>(a._terms.Count * b._terms.Count);
        foreach (var x in a._terms)
        {
            foreach (var y in b._terms) terms.Add(Multiply(x, y));
        }

        return Collect(terms);
    }

    /// <summary>Quotient, rounded towards minus infinity. Sizes are not negative, so it is C#'s division.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static Dim operator /(Dim a, Dim b)
    {
        if (b.Value == 0) throw new DivideByZeroException();
        if (b.Literal == 1) return a;
        if (a.Literal is { } x && b.Literal is { } y) return FloorDiv(x, y);
        if (ExactQuotient(a, b) is { } exact) return exact;
        if (b.Literal is { } c && c > 0)
        {
            // floor((c q + r) / c) = q + floor(r / c), for whole q.
            var whole = new List<Term>();
            var rest = new List<Term>();
            foreach (var t in a._terms)
            {
                if (t.Coefficient % c == 0) whole.Add(new Term(t.Coefficient / c, t.Product));
                else if (t.Atoms.Count == 0)
                {
                    var q = FloorDiv(t.Coefficient, c);
                    if (q != 0) whole.Add(new Term(q, Product.One));
                    rest.Add(new Term(t.Coefficient - (q * c), Product.One));
                }
                else rest.Add(t);
            }

            if (whole.Count > 0) return Collect(whole) + (Collect(rest) / b);
            // floor(floor(x / d) / c) = floor(x / (d c)).
            if (a.Atom is QuotientAtom { B.Literal: > 0 } nested) return nested.A / (nested.B * b);
        }

        return new QuotientAtom(a, b).Shared().Dim;
    }

    /// <summary>Remainder: a - b * (a / b).</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static Dim operator %(Dim a, Dim b)
    {
        if (b.Value == 0) throw new DivideByZeroException();
        if (a.Literal is { } x && b.Literal is { } y) return x - (FloorDiv(x, y) * y);
        if (ExactQuotient(a, b) is not null) return Zero;
        if (b.Literal is { } c && c > 0)
        {
            var rest = a._terms.Where(t => t.Coefficient % c != 0).Select(t => t.Product.IsOne ? new Term(t.Coefficient - (FloorDiv(t.Coefficient, c) * c), Product.One) : t).ToList();
            if (rest.Count < a._terms.Count) return Collect(rest) % b;
        }

        return new RemainderAtom(a, b).Shared().Dim;
    }

    /// <summary>Quotient, rounded up.</summary>
    public static Dim CeilDiv(Dim a, Dim b) => (a + b - 1) / b;

    /// <summary>The larger.</summary>
    public static Dim Max(Dim a, Dim b) => Extreme(a, b, true);

    /// <summary>The smaller.</summary>
    public static Dim Min(Dim a, Dim b) => Extreme(a, b, false);

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/> whatever the symbols are.</summary>
    public bool IsMultipleOf(Dim divisor) => IsDividedBy(divisor) || (Value is { } v && divisor.Value is { } d && d != 0 && v % d == 0);

    /// <summary>Each atom through <paramref name="map"/>: symbols replaced, quotients of what results taken anew.</summary>
    public Dim Substitute(Func<string, Dim?> map)
    {
        if (Literal is not null) return this;
        if (Atom is { } atom) return atom.Substitute(map);
        var sum = Zero;
        foreach (var term in _terms)
        {
            var product = Of(term.Coefficient);
            foreach (var factor in term.Atoms) product *= factor.Substitute(map);
            sum += product;
        }

        return sum;
    }

    /// <summary>The same with every known parameter replaced by its number.</summary>
    public Dim Concrete()
    {
        if (Literal is not null) return this;
        if (_concrete is not null) return _concrete;
        if (IsConcrete) return _concrete = this;
        var sum = Zero;
        foreach (var term in _terms)
        {
            var product = Of(term.Coefficient);
            foreach (var atom in term.Atoms) product *= atom.Concrete();
            sum += product;
        }

        return _concrete = sum;
    }

    /// <summary>The number that this is when the free symbols have these values.</summary>
    public long Evaluate(Func<string, long> values)
    {
        var sum = 0L;
        foreach (var term in _terms)
        {
            var product = term.Coefficient;
            foreach (var atom in term.Atoms) product = checked(product * atom.Evaluate(values));
            sum = checked(sum + product);
        }

        return sum;
    }

    /// <inheritdoc/>
    public bool Equals(Dim? other) => other is not null && (ReferenceEquals(this, other) || (GetHashCode() == other.GetHashCode() && _terms == other._terms));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash != 0 ? _hash : _hash = _terms.GetHashCode() is var hash && hash != 0 ? hash : 1;

    /// <summary>As one would write it: <c>2*dim</c>, <c>H/4</c>, <c>(H + 1)/2</c>.</summary>
    public override string ToString() => _text ??= Print();

    /// <summary>As <see cref="ToString"/>, with known values beside the names: <c>2*dim=192</c>.</summary>
    public string Describe() => Literal is null && Value is { } v ? $"{this}={v.ToString(CultureInfo.InvariantCulture)}" : ToString();

    internal static long FloorDiv(long a, long b)
    {
        var q = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
    }

    private static Dim Extreme(Dim a, Dim b, bool larger)
    {
        if (a.Equals(b)) return a;
        if ((a - b).Value is { } difference) return difference > 0 == larger ? a : b;
        return string.CompareOrdinal(a.ToString(), b.ToString()) < 0 ? new ExtremeAtom(a, b, larger).Shared().Dim : new ExtremeAtom(b, a, larger).Shared().Dim;
    }

    // The one atom that this is; null if it is anything else.
    internal Atom? Atom => _terms.Count == 1 && _terms[0] is { Coefficient: 1, Product.Atoms: { Count: 1 } atoms } ? atoms[0] : null;

    // Boxed, so that threads see all of it or nothing.
    private object? Compute()
    {
        var sum = 0L;
        foreach (var term in _terms)
        {
            var product = term.Coefficient;
            foreach (var atom in term.Atoms)
            {
                if (atom.Value is not { } v) return null;
                product = checked(product * v);
            }

            sum = checked(sum + product);
        }

        return sum;
    }

    private static Term Multiply(Term x, Term y) => new(checked(x.Coefficient * y.Coefficient), x.Product * y.Product);

    // a / b where b is one term that divides every term of a.
    private static Dim? ExactQuotient(Dim a, Dim b)
    {
        if (a._terms.Count == 0) return Zero;
        if (b._terms.Count != 1) return a.Equals(b) ? One : null;
        var divisor = b._terms[0];
        var result = new Term[a._terms.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var term = a._terms[i];
            if (term.Coefficient % divisor.Coefficient != 0 || term.Product.Without(divisor.Product) is not { } rest) return null;
            result[i] = new Term(term.Coefficient / divisor.Coefficient, rest);
        }

        return result.Length == 1 ? Of(result[0].Coefficient, result[0].Product) : Collect(result);
    }

    private bool IsDividedBy(Dim b)
    {
        if (_terms.Count == 0) return true;
        if (b._terms.Count != 1) return Equals(b);
        var divisor = b._terms[0];
        foreach (var term in _terms)
        {
            if (term.Coefficient % divisor.Coefficient != 0 || (!divisor.Product.IsOne && term.Product.Without(divisor.Product) is null)) return false;
        }

        return true;
    }

    // a + sign * b: two sorted lists merged.
    private static Dim Combine(Dim a, Dim b, long sign)
    {
        var (x, y) = (a._terms, b._terms);
        if (x.Count == 1 && y.Count == 1 && x[0].Product.CompareTo(y[0].Product) == 0) return Of(checked(x[0].Coefficient + (sign * y[0].Coefficient)), x[0].Product);
        var sums = new List<Term>(x.Count + y.Count);
        var (i, k) = (0, 0);
        while (i < x.Count || k < y.Count)
        {
            var order = i == x.Count ? 1 : k == y.Count ? -1 : x[i].Product.CompareTo(y[k].Product);
            if (order < 0) sums.Add(x[i++]);
            else if (order > 0) sums.Add(new Term(checked(sign * y[k].Coefficient), y[k++].Product));
            else
            {
                var sum = checked(x[i].Coefficient + (sign * y[k++].Coefficient));
                if (sum != 0) sums.Add(new Term(sum, x[i].Product));
                i++;
            }
        }

        return From(sums);
    }

    // A handful of terms, kept sorted by insertion.
    private static Dim Collect(IReadOnlyList<Term> terms)
    {
        var sums = new List<Term>(terms.Count);
        foreach (var term in terms)
        {
            var at = 0;
            var order = 1;
            while (at < sums.Count && (order = sums[at].Product.CompareTo(term.Product)) < 0) at++;
            if (at < sums.Count && order == 0) sums[at] = new Term(checked(sums[at].Coefficient + term.Coefficient), term.Product);
            else sums.Insert(at, term);
        }

        sums.RemoveAll(t => t.Coefficient == 0);
        return From(sums);
    }

    // Sorted, without zeros.
    private static Dim From(List<Term> terms) => terms.Count == 0 ? Zero : terms.Count == 1 ? Of(terms[0].Coefficient, terms[0].Product) : new Dim(new(terms.ToArray()));

    private string Print()
    {
        if (Literal is { } number) return number.ToString(CultureInfo.InvariantCulture);
        if (Atom is { } atom) return atom.Text;
        // Positive terms first and numbers last, as one writes.
        var text = new StringBuilder();
        foreach (var isNumber in FalseTrue)
        {
            foreach (var isNegative in FalseTrue)
            {
                foreach (var term in _terms)
                {
                    if (term.Product.IsOne == isNumber && term.Coefficient < 0 == isNegative) Print(term, text);
                }
            }
        }

        return text.ToString();
    }

    private static void Print(Term term, StringBuilder text)
    {
        if (text.Length > 0) text.Append(term.Coefficient < 0 ? " - " : " + ");
        else if (term.Coefficient < 0) text.Append('-');
        var magnitude = Math.Abs(term.Coefficient);
        if (magnitude != 1 || term.Product.IsOne) text.Append(magnitude.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < term.Atoms.Count; i++)
        {
            if (i > 0 || magnitude != 1) text.Append('*');
            text.Append(term.Atoms[i].Text);
        }
    }
}
