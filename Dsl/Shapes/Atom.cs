using System.Collections.Concurrent;

namespace Notochord.Dsl.Shapes;

/// <summary>What a <see cref="Dim"/> multiplies: a name, or an integer function of other dims that is no polynomial. Immutable; what is asked often
/// is kept once it is known.</summary>
internal abstract class Atom : IEquatable<Atom>
{
    private const int SharedLimit = 1 << 16;

    // Few names and quotients make all the sizes of a project, again and again: one of each keeps its texts and compares by reference.
    private static readonly ConcurrentDictionary<Atom, Atom> All = new();

    private string? _text;
    private string? _identity;
    private Product? _product;
    private Dim? _dim;

    /// <summary>The atom that stands for all that are equal to this. (Equal atoms may still be different objects: the memory is bounded.)</summary>
    public Atom Shared()
    {
        if (All.TryGetValue(this, out var known)) return known;
        if (All.Count >= SharedLimit) All.Clear();
        return All.GetOrAdd(this, this);
    }

    /// <summary>As one would write it.</summary>
    public string Text => _text ??= Print();

    /// <summary>Equal for equal atoms only: two blocks may have parameters of one name and different values.</summary>
    public string Identity => _identity ??= Identify();

    public abstract long? Value { get; }

    /// <summary>Names in it that the input decides, each once.</summary>
    public abstract IReadOnlyList<string> FreeSymbols { get; }

    /// <summary>Whether no known parameter is in it, so that <see cref="Concrete"/> is this.</summary>
    public abstract bool IsConcrete { get; }

    /// <summary>This alone, as a product.</summary>
    public Product Product => _product ??= new Product([this]);

    /// <summary>This alone, as a dim.</summary>
    public Dim Dim => _dim ??= Dim.Of(1, Product);

    public abstract Dim Substitute(Func<string, Dim?> map);

    public abstract Dim Concrete();

    /// <summary>The same function of what <paramref name="map"/> makes of its operands.</summary>
    public virtual Dim Map(Func<Dim, Dim> map) => Dim;

    public abstract long Evaluate(Func<string, long> values);

    public abstract bool Equals(Atom? other);

    public sealed override bool Equals(object? obj) => obj is Atom other && Equals(other);

    public abstract override int GetHashCode();

    protected abstract string Print();

    protected abstract string Identify();
}

internal sealed class SymbolAtom(string name, long? known) : Atom
{
    private static readonly string[] Nothing = [];

    private readonly int _hash = unchecked((StringComparer.Ordinal.GetHashCode(name) * 31) + known.GetHashCode());
    private readonly string[] _free = known is null ? [name] : Nothing;

    public string Name => name;

    public long? Known => known;

    public override long? Value => known;

    public override IReadOnlyList<string> FreeSymbols => _free;

    public override bool IsConcrete => known is null;

    public override Dim Substitute(Func<string, Dim?> map) => map(name) ?? Dim;

    public override Dim Concrete() => known is { } k ? Dim.Of(k) : Dim;

    public override long Evaluate(Func<string, long> values) => known ?? values(name);

    public override bool Equals(Atom? other) => ReferenceEquals(this, other) || (other is SymbolAtom s && s.Known == known && s.Name == name);

    public override int GetHashCode() => _hash;

    protected override string Print() => name;

    protected override string Identify() => known is { } k ? $"{name}={k}" : name;
}

internal abstract class BinaryAtom(Dim a, Dim b) : Atom
{
    private readonly int _hash = unchecked((a.GetHashCode() * 397) + b.GetHashCode());
    private string[]? _free;

    public Dim A => a;

    public Dim B => b;

    public override long? Value => a.Value is { } x && b.Value is { } y ? Apply(x, y) : null;

    public override IReadOnlyList<string> FreeSymbols => _free ??= [.. a.FreeSymbols.Concat(b.FreeSymbols).Distinct()];

    public override bool IsConcrete => a.IsConcrete && b.IsConcrete;

    public override Dim Substitute(Func<string, Dim?> map) => Again(a.Substitute(map), b.Substitute(map));

    public override Dim Concrete() => Again(a.Concrete(), b.Concrete());

    public override long Evaluate(Func<string, long> values) => Apply(a.Evaluate(values), b.Evaluate(values));

    public override Dim Map(Func<Dim, Dim> map) => Again(map(a), map(b));

    public override bool Equals(Atom? other)
        => ReferenceEquals(this, other) || (other is BinaryAtom o && _hash == o._hash && Kind == o.Kind && a.Equals(o.A) && b.Equals(o.B));

    public override int GetHashCode() => _hash;

    protected abstract char Kind { get; }

    protected static string Operand(Dim d) => d.Terms.Count > 1 || d.ToString() is var text && (text.Contains("/") || text.Contains("*")) ? $"({d})" : d.ToString();

    protected override string Identify() => $"{Text}({a.Identity}, {b.Identity})";

    protected abstract long Apply(long x, long y);

    protected abstract Dim Apply(Dim x, Dim y);

    // The function is deterministic: of the same operands it is this.
    private Dim Again(Dim x, Dim y) => x.Equals(a) && y.Equals(b) ? Dim : Apply(x, y);
}

internal sealed class QuotientAtom(Dim dividend, Dim divisor) : BinaryAtom(dividend, divisor)
{
    protected override char Kind => '/';

    protected override long Apply(long x, long y) => Dim.FloorDiv(x, y);

    protected override Dim Apply(Dim x, Dim y) => x / y;

    protected override string Print() => $"{Operand(A)}/{Operand(B)}";
}

internal sealed class RemainderAtom(Dim dividend, Dim divisor) : BinaryAtom(dividend, divisor)
{
    protected override char Kind => '%';

    protected override long Apply(long x, long y) => x - (Dim.FloorDiv(x, y) * y);

    protected override Dim Apply(Dim x, Dim y) => x % y;

    protected override string Print() => $"({Operand(A)} % {Operand(B)})";
}

internal sealed class ExtremeAtom(Dim first, Dim second, bool larger) : BinaryAtom(first, second)
{
    public bool Larger => larger;

    protected override char Kind => larger ? '>' : '<';

    protected override long Apply(long x, long y) => larger ? Math.Max(x, y) : Math.Min(x, y);

    protected override Dim Apply(Dim x, Dim y) => larger ? Dim.Max(x, y) : Dim.Min(x, y);

    protected override string Print() => $"{(larger ? "max" : "min")}({A}, {B})";
}
