using Notochord.Dsl.Model;

namespace Notochord.Dsl.Binding;

/// <summary>The blocks that a file can name.</summary>
public interface IBlockScope
{
    /// <summary>The block of that name, or null.</summary>
    Block? Find(string name);

    /// <summary>All names, for suggestions.</summary>
    IEnumerable<string> Names { get; }
}
