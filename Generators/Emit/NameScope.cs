namespace Notochord.Generators.Emit;

/// <summary>The names in use at one place of the output, so that each new one is free.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _used;

    public NameScope() => _used = new(StringComparer.Ordinal);

    private NameScope(HashSet<string> used) => _used = used;

    /// <summary>A scope inside this one; what it takes is free again outside.</summary>
    public NameScope Inner() => new(new HashSet<string>(_used, StringComparer.Ordinal));

    /// <summary>Marks an identifier as used.</summary>
    public void Reserve(string identifier) => _used.Add(identifier);

    /// <summary>The name as an identifier if it is free, else the name with the next free number.</summary>
    public string Take(string name) => TakeExact(Naming.Identifier(name));

    /// <summary>The text if it is free, else the text with the next free number.</summary>
    public string TakeExact(string identifier)
    {
        if (_used.Add(identifier)) return identifier;
        var stem = identifier.TrimStart('@');
        if (char.IsDigit(stem[stem.Length - 1])) stem += "_";
        var i = 2;
        while (!_used.Add(stem + i)) i++;
        return stem + i;
    }
}
