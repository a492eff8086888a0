namespace Notochord.Dsl.Shapes;

/// <summary>What a <see cref="Dim"/> multiplies: a name, or an integer function of other dims that is no polynomial.</summary>
internal abstract record Atom(string Text)
{
    /// <summary>Equal for equal atoms only: two blocks may have parameters of one name and different values.</summary>
    public abstract string Identity { get; }

    public abstract long? Value { get; }

    public abstract IEnumerable<string> FreeSymbols { get; }

    public abstract Dim Substitute(Func<string, Dim?> map);

    public abstract Dim Concrete();

    /// <summary>The same function of what <paramref name="map"/> makes of its operands.</summary>
    public virtual Dim Map(Func<Dim, Dim> map) => Dim.From(this);

    public abstract long Evaluate(Func<string, long> values);

    protected static string Operand(Dim d) => d.Terms.Count > 1 || d.ToString().Contains("/") || d.ToString().Contains("*") ? $"({d})" : d.ToString();
}

internal sealed record SymbolAtom(string Name, long? Known) : Atom(Name)
{
    public override string Identity => Known is { } k ? $"{Name}={k}" : Name;

    public override long? Value => Known;

    public override IEnumerable<string> FreeSymbols => Known is null ? [Name] : [];

    public override Dim Substitute(Func<string, Dim?> map) => map(Name) ?? Dim.From(this);

    public override Dim Concrete() => Known is { } k ? Dim.Of(k) : Dim.From(this);

    public override long Evaluate(Func<string, long> values) => Known ?? values(Name);
}

internal abstract record BinaryAtom(Dim A, Dim B, string Text) : Atom(Text)
{
    public override string Identity => $"{Text}({A.Identity}, {B.Identity})";

    public override long? Value => A.Value is { } a && B.Value is { } b ? Apply(a, b) : null;

    public override IEnumerable<string> FreeSymbols => A.FreeSymbols.Concat(B.FreeSymbols);

    public override Dim Substitute(Func<string, Dim?> map) => Apply(A.Substitute(map), B.Substitute(map));

    public override Dim Concrete() => Apply(A.Concrete(), B.Concrete());

    public override long Evaluate(Func<string, long> values) => Apply(A.Evaluate(values), B.Evaluate(values));

    public override Dim Map(Func<Dim, Dim> map) => map(A) is var a && map(B) is var b && a.Equals(A) && b.Equals(B) ? Dim.From(this) : Apply(a, b);

    protected abstract long Apply(long a, long b);

    protected abstract Dim Apply(Dim a, Dim b);
}

internal sealed record QuotientAtom(Dim Dividend, Dim Divisor) : BinaryAtom(Dividend, Divisor, $"{Operand(Dividend)}/{Operand(Divisor)}")
{
    protected override long Apply(long a, long b) => Dim.FloorDiv(a, b);

    protected override Dim Apply(Dim a, Dim b) => a / b;
}

internal sealed record RemainderAtom(Dim Dividend, Dim Divisor) : BinaryAtom(Dividend, Divisor, $"({Operand(Dividend)} % {Operand(Divisor)})")
{
    protected override long Apply(long a, long b) => a - (Dim.FloorDiv(a, b) * b);

    protected override Dim Apply(Dim a, Dim b) => a % b;
}

internal sealed record ExtremeAtom(Dim First, Dim Second, bool Larger) : BinaryAtom(First, Second, $"{(Larger ? "max" : "min")}({First}, {Second})")
{
    protected override long Apply(long a, long b) => Larger ? Math.Max(a, b) : Math.Min(a, b);

    protected override Dim Apply(Dim a, Dim b) => Larger ? Dim.Max(a, b) : Dim.Min(a, b);
}
