using Notochord.Dsl.Text;

namespace Notochord.Dsl.Shapes;

/// <summary>Atoms multiplied: sorted by identity, and one may stand more than once. Terms that differ in their coefficient alone share one.</summary>
internal sealed class Product : IEquatable<Product>
{
    private readonly int _hash;
    private string? _key;

    /// <param name="atoms">Sorted by <see cref="Atom.Identity"/>.</param>
    public Product(EquatableArray<Atom> atoms)
    {
        Atoms = atoms;
        foreach (var atom in atoms) _hash = unchecked((_hash * 31) + atom.GetHashCode());
    }

    /// <summary>1: no atoms.</summary>
    public static Product One { get; } = new(default);

    public EquatableArray<Atom> Atoms { get; }

    public bool IsOne => Atoms.Count == 0;

    /// <summary>Equal for equal products only; terms are sorted by it.</summary>
    public string Key => _key ??= Atoms.Count == 1 ? Atoms[0].Identity : string.Join("*", Atoms.Select(a => a.Identity));

    /// <summary>Both multiplied.</summary>
    public static Product operator *(Product x, Product y)
    {
        if (x.IsOne) return y;
        if (y.IsOne) return x;
        var atoms = new Atom[x.Atoms.Count + y.Atoms.Count];
        var (i, k) = (0, 0);
        for (var at = 0; at < atoms.Length; at++)
        {
            var fromX = k == y.Atoms.Count || (i < x.Atoms.Count && string.CompareOrdinal(x.Atoms[i].Identity, y.Atoms[k].Identity) <= 0);
            atoms[at] = fromX ? x.Atoms[i++] : y.Atoms[k++];
        }

        return new Product(new(atoms));
    }

    /// <summary>The product without the atoms of <paramref name="divisor"/>; null if it lacks one of them.</summary>
    public Product? Without(Product divisor)
    {
        if (divisor.IsOne) return this;
        if (divisor.Atoms.Count > Atoms.Count) return null;
        var rest = Atoms.ToList();
        foreach (var atom in divisor.Atoms)
        {
            if (!rest.Remove(atom)) return null;
        }

        return rest.Count == 0 ? One : rest.Count == 1 ? rest[0].Product : new Product(rest.ToEquatableArray());
    }

    /// <summary>The order of terms in a dim.</summary>
    public int CompareTo(Product other) => ReferenceEquals(this, other) ? 0 : string.CompareOrdinal(Key, other.Key);

    public bool Equals(Product? other) => other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && Atoms == other.Atoms));

    public override bool Equals(object? obj) => Equals(obj as Product);

    public override int GetHashCode() => _hash;
}

/// <summary>A coefficient times a product.</summary>
internal readonly struct Term(long coefficient, Product product) : IEquatable<Term>
{
    public long Coefficient => coefficient;

    public Product Product => product;

    public EquatableArray<Atom> Atoms => product.Atoms;

    public bool Equals(Term other) => coefficient == other.Coefficient && product.Equals(other.Product);

    public override bool Equals(object? obj) => obj is Term other && Equals(other);

    public override int GetHashCode() => unchecked((product.GetHashCode() * 31) + coefficient.GetHashCode());
}
