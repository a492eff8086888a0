using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Reading;

/// <summary>A block and where it is from.</summary>
/// <param name="Block">The block.</param>
/// <param name="Path">The file that declares it, in whose scope its own names are to be found.</param>
public sealed record VisibleBlock(Block Block, string Path);

/// <summary>A file as others see it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Libraries">Paths of the files whose blocks and architectures it sees, nearest first.</param>
/// <param name="Architecture">Its architecture, which files that use it can apply as a module; null where none does.</param>
public sealed record ScopeFile(string Path, EquatableArray<Block> Blocks, EquatableArray<string> Libraries, Architecture? Architecture = null);

/// <summary>All blocks that one file can reach, through libraries of libraries as well. Compares by value.</summary>
public sealed class BlockScope : IEquatable<BlockScope>
{
    private readonly Dictionary<string, (ScopeFile File, Dictionary<string, Block> Blocks)> _files = [];
    private readonly Dictionary<string, Dictionary<string, Block>> _applied = [];

    internal BlockScope(string path, EquatableArray<ScopeFile> files)
    {
        (Path, Files) = (path, files);
        foreach (var file in files)
        {
            var blocks = new Dictionary<string, Block>();
            foreach (var block in file.Blocks) blocks[block.Name] = block;
            _files[file.Path] = (file, blocks);
            if (file.Architecture is { } a) _applied[file.Path] = AppliedArchitecture.Names(a).ToDictionary(n => n, n => AppliedArchitecture.Find(a, n)!);
        }
    }

    /// <summary>The file whose scope it is.</summary>
    public string Path { get; }

    /// <summary>That file and all that it reaches.</summary>
    public EquatableArray<ScopeFile> Files { get; }

    /// <summary>What <paramref name="name"/> means in the file; null when nothing.</summary>
    public VisibleBlock? Find(string name) => Find(name, Path);

    /// <summary>What <paramref name="name"/> means in the file <paramref name="from"/>, one of <see cref="Files"/>: its own block, else that of the first library
    /// or architecture that it uses.</summary>
    public VisibleBlock? Find(string name, string from)
    {
        if (!_files.TryGetValue(from, out var own)) return null;
        if (own.Blocks.TryGetValue(name, out var block)) return new VisibleBlock(block, from);
        foreach (var library in own.File.Libraries)
        {
            if (Seen(library).TryGetValue(name, out block)) return new VisibleBlock(block, library);
        }

        return null;
    }

    /// <summary>The names of all blocks that the file <paramref name="from"/> sees, for suggestions.</summary>
    public IEnumerable<string> Names(string from) =>
        _files.TryGetValue(from, out var own) ? own.Blocks.Keys.Concat(own.File.Libraries.SelectMany(l => Seen(l).Keys)).Distinct() : [];

    // The blocks of an architecture's file are private to it; what others see is the architecture.
    private Dictionary<string, Block> Seen(string library) => _applied.TryGetValue(library, out var applied) ? applied : _files[library].Blocks;

    /// <inheritdoc/>
    public bool Equals(BlockScope? other) => other is not null && (ReferenceEquals(this, other) || (Path == other.Path && Files == other.Files));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BlockScope);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((StringComparer.Ordinal.GetHashCode(Path) * 31) + Files.Count);
}
