using System.Globalization;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Shapes;

/// <summary>An integer: a polynomial over <see cref="Atom"/>s with 64-bit coefficients, in normal form, so that equal polynomials are equal
/// objects. An axis of a tensor, or any static integer.</summary>
public sealed class Dim : IEquatable<Dim>
{
    private readonly EquatableArray<Term> _terms;
    private string? _text;
    private Dim? _concrete;

    private Dim(EquatableArray<Term> terms) => _terms = terms;

    /// <summary>0.</summary>
    public static Dim Zero { get; } = new(default);

    /// <summary>1.</summary>
    public static Dim One { get; } = new([new Term(1, default)]);

    /// <summary>The terms; none for 0.</summary>
    internal EquatableArray<Term> Terms => _terms;

    /// <summary>Equal for equal dims only.</summary>
    internal string Identity => string.Join(" + ", _terms.Select(t => $"{t.Coefficient}*{t.Key}"));

    /// <summary>A number.</summary>
    public static Dim Of(long value) => value == 0 ? Zero : value == 1 ? One : new([new Term(value, default)]);

    /// <summary>A name; <paramref name="value"/> is its value where that is known (a parameter), null for what the input decides.</summary>
    public static Dim Symbol(string name, long? value = null) => From(new SymbolAtom(name, value));

    internal static Dim From(Atom atom) => new([new Term(1, [atom])]);

    /// <summary>A number converts to itself.</summary>
    public static implicit operator Dim(long value) => Of(value);

    /// <summary>The number that this is, if it is a plain number; a parameter with a known value is not one.</summary>
    public long? Literal => _terms.Count == 0 ? 0 : _terms.Count == 1 && _terms[0].Atoms.Count == 0 ? _terms[0].Coefficient : null;

    /// <summary>The value, if everything in it is known.</summary>
    public long? Value
    {
        get
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
    }

    /// <summary>Names in it that the input decides.</summary>
    public IEnumerable<string> FreeSymbols => _terms.SelectMany(t => t.Atoms).SelectMany(a => a.FreeSymbols).Distinct();

    /// <summary>Sum.</summary>
    public static Dim operator +(Dim a, Dim b)
    {
        if (a._terms.Count == 0) return b;
        if (b._terms.Count == 0) return a;
        if (a.Literal is { } x && b.Literal is { } y) return Of(checked(x + y));
        return Collect(a._terms.Concat(b._terms));
    }

    /// <summary>Difference.</summary>
    public static Dim operator -(Dim a, Dim b) => a.Equals(b) ? Zero : a + (b * -1);

    /// <summary>Product.</summary>
    public static Dim operator *(Dim a, Dim b)
    {
        if (a._terms.Count == 0 || b.Literal == 1) return a;
        if (b._terms.Count == 0 || a.Literal == 1) return b;
        if (a.Literal is { } u && b.Literal is { } v) return Of(checked(u * v));
        var terms = new List<Term>();
        foreach (var x in a._terms)
        {
            foreach (var y in b._terms)
            {
                terms.Add(new Term(checked(x.Coefficient * y.Coefficient), x.Atoms.Concat(y.Atoms).OrderBy(t => t.Identity, StringComparer.Ordinal).ToEquatableArray()));
            }
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
                if (t.Coefficient % c == 0) whole.Add(t with { Coefficient = t.Coefficient / c });
                else if (t.Atoms.Count == 0)
                {
                    var q = FloorDiv(t.Coefficient, c);
                    if (q != 0) whole.Add(t with { Coefficient = q });
                    rest.Add(t with { Coefficient = t.Coefficient - (q * c) });
                }
                else rest.Add(t);
            }

            if (whole.Count > 0) return Collect(whole) + (Collect(rest) / b);
            // floor(floor(x / d) / c) = floor(x / (d c)).
            if (a._terms.Count == 1 && a._terms[0] is { Coefficient: 1, Atoms: { Count: 1 } single } && single[0] is QuotientAtom { Divisor.Literal: > 0 } nested)
            {
                return nested.Dividend / (nested.Divisor * b);
            }
        }

        return From(new QuotientAtom(a, b));
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
            var rest = a._terms.Where(t => t.Coefficient % c != 0).Select(t => t.Atoms.Count == 0 ? t with { Coefficient = t.Coefficient - (FloorDiv(t.Coefficient, c) * c) } : t).ToList();
            if (rest.Count < a._terms.Count) return Collect(rest) % b;
        }

        return From(new RemainderAtom(a, b));
    }

    /// <summary>Quotient, rounded up.</summary>
    public static Dim CeilDiv(Dim a, Dim b) => (a + b - 1) / b;

    /// <summary>The larger.</summary>
    public static Dim Max(Dim a, Dim b) => Extreme(a, b, true);

    /// <summary>The smaller.</summary>
    public static Dim Min(Dim a, Dim b) => Extreme(a, b, false);

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/> whatever the symbols are.</summary>
    public bool IsMultipleOf(Dim divisor) => ExactQuotient(this, divisor) is not null || (Value is { } v && divisor.Value is { } d && d != 0 && v % d == 0);

    /// <summary>Each atom through <paramref name="map"/>: symbols replaced, quotients of what results taken anew.</summary>
    public Dim Substitute(Func<string, Dim?> map)
    {
        if (Literal is not null) return this;
        if (_terms.Count == 1 && _terms[0] is { Coefficient: 1, Atoms.Count: 1 } single) return single.Atoms[0].Substitute(map);
        var sum = Zero;
        foreach (var term in _terms)
        {
            var product = Of(term.Coefficient);
            foreach (var atom in term.Atoms) product *= atom.Substitute(map);
            sum += product;
        }

        return sum;
    }

    /// <summary>The same with every known parameter replaced by its number.</summary>
    public Dim Concrete()
    {
        if (Literal is not null) return this;
        if (_concrete is not null) return _concrete;
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
    public bool Equals(Dim? other) => other is not null && (ReferenceEquals(this, other) || _terms == other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => _terms.GetHashCode();

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
        return string.CompareOrdinal(a.ToString(), b.ToString()) < 0 ? From(new ExtremeAtom(a, b, larger)) : From(new ExtremeAtom(b, a, larger));
    }

    // a / b where b is one term that divides every term of a.
    private static Dim? ExactQuotient(Dim a, Dim b)
    {
        if (a._terms.Count == 0) return Zero;
        if (b._terms.Count != 1) return a.Equals(b) ? One : null;
        var divisor = b._terms[0];
        var result = new List<Term>();
        foreach (var term in a._terms)
        {
            if (term.Coefficient % divisor.Coefficient != 0) return null;
            var atoms = term.Atoms.ToList();
            foreach (var atom in divisor.Atoms)
            {
                if (!atoms.Remove(atom)) return null;
            }

            result.Add(new Term(term.Coefficient / divisor.Coefficient, atoms.ToEquatableArray()));
        }

        return Collect(result);
    }

    // A handful of terms, kept sorted by insertion.
    private static Dim Collect(IEnumerable<Term> terms)
    {
        var sums = new List<Term>();
        foreach (var term in terms)
        {
            var at = 0;
            var order = 1;
            while (at < sums.Count && (order = string.CompareOrdinal(sums[at].Key, term.Key)) < 0) at++;
            if (at < sums.Count && order == 0) sums[at] = sums[at] with { Coefficient = checked(sums[at].Coefficient + term.Coefficient) };
            else sums.Insert(at, term);
        }

        sums.RemoveAll(t => t.Coefficient == 0);
        return sums.Count == 0 ? Zero : new Dim(sums.ToEquatableArray());
    }

    private string Print()
    {
        if (_terms.Count == 0) return "0";
        var text = "";
        // Positive terms first and numbers last, as one writes.
        foreach (var term in _terms.OrderBy(t => t.Atoms.Count == 0).ThenBy(t => t.Coefficient < 0))
        {
            var magnitude = Math.Abs(term.Coefficient).ToString(CultureInfo.InvariantCulture);
            var product = term.Atoms.Count == 0 ? magnitude
                : (magnitude == "1" ? "" : magnitude + "*") + string.Join("*", term.Atoms.Select(a => a.Text));
            if (text.Length == 0) text = term.Coefficient < 0 ? "-" + product : product;
            else text += (term.Coefficient < 0 ? " - " : " + ") + product;
        }

        return text;
    }
}

/// <summary>Coefficient times atoms; the atoms are sorted and may repeat.</summary>
internal sealed record Term(long Coefficient, EquatableArray<Atom> Atoms)
{
    private string? _key;

    public string Key => _key ??= string.Join("*", Atoms.Select(a => a.Identity));

    public bool Equals(Term? other) => other is not null && Coefficient == other.Coefficient && Atoms == other.Atoms;

    public override int GetHashCode() => unchecked((Atoms.GetHashCode() * 31) + Coefficient.GetHashCode());
}
