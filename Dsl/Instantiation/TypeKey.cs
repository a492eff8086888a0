using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>A block with the values of its parameters: what is equal makes the same module. Integers are equal when their numbers are, whatever the
/// caller calls them, and blocks when they make the same.</summary>
internal sealed class TypeKey : IEquatable<TypeKey>
{
    private readonly Block _block;
    private readonly Value?[] _values;
    private readonly int _hash;

    /// <param name="block">The block.</param>
    /// <param name="values">A value for each of its parameters; null for one that takes its default.</param>
    /// <param name="opaque">Parameters of which only the sign counts; null: none.</param>
    public TypeKey(Block block, IReadOnlyDictionary<string, Value> values, HashSet<string>? opaque)
    {
        _block = block;
        _values = new Value?[block.Params.Count];
        _hash = StringComparer.Ordinal.GetHashCode(block.Name);
        for (var i = 0; i < _values.Length; i++)
        {
            var name = block.Params[i].Name;
            if (!values.TryGetValue(name, out var value)) continue;
            if (value is DoubleValue { Number: var number } && opaque?.Contains(name) == true) value = new DoubleValue(number > 0 ? 1 : number < 0 ? -1 : 0);
            _values[i] = value;
            _hash = unchecked((_hash * 31) + i + HashOf(value));
        }
    }

    /// <inheritdoc/>
    public bool Equals(TypeKey? other)
    {
        if (other is null || _hash != other._hash || !AreSame(_block, other._block) || _values.Length != other._values.Length) return false;
        for (var i = 0; i < _values.Length; i++)
        {
            if (!AreSame(_values[i], other._values[i])) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TypeKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static bool AreSame(Block a, Block b) => ReferenceEquals(a, b) || (a.Name == b.Name && a.Span.File == b.Span.File);

    private static bool AreSame(Value? a, Value? b) => ReferenceEquals(a, b) || (a, b) switch
    {
        (IntValue x, IntValue y) => x.Dim.Value is { } number ? number == y.Dim.Value : x.Dim.Equals(y.Dim),
        (ListValue x, ListValue y) => AreSame(x.Items, y.Items),
        (BlockValue x, BlockValue y) => AreSame(x.Block, y.Block) && AreSame(x.Bound, y.Bound),
        (not null, not null) => a.Equals(b),
        _ => false,
    };

    private static bool AreSame(EquatableArray<Value> a, EquatableArray<Value> b)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (!AreSame(a[i], b[i])) return false;
        }

        return true;
    }

    private static bool AreSame(EquatableArray<(string Name, Value Value)> a, EquatableArray<(string Name, Value Value)> b)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i].Name != b[i].Name || !AreSame(a[i].Value, b[i].Value)) return false;
        }

        return true;
    }

    private static int HashOf(Value value)
    {
        var hash = 17;
        switch (value)
        {
            case IntValue { Dim: var dim }: return dim.Value?.GetHashCode() ?? dim.GetHashCode();
            case ListValue list:
                foreach (var item in list.Items) hash = unchecked((hash * 31) + HashOf(item));
                return hash;
            case BlockValue block:
                hash = StringComparer.Ordinal.GetHashCode(block.Block.Name);
                foreach (var bound in block.Bound) hash = unchecked((hash * 31) + HashOf(bound.Value));
                return hash;
            default: return value.GetHashCode();
        }
    }
}
