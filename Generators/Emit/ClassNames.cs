using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>The class that a block becomes: where it is and what it is called.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Outer">The class that it is nested in, or null.</param>
/// <param name="Name">Its name.</param>
internal sealed record BlockClass(string Namespace, string? Outer, string Name)
{
    /// <summary>The name from anywhere.</summary>
    public string FullName => $"global::{Namespace}.{(Outer is null ? "" : Outer + ".")}{Name}";
}

/// <summary>The classes of all blocks that a file can name, and how it refers to each.</summary>
/// <remarks>A short name is used where only one class in sight has it; private blocks, which C# finds first, always have it.</remarks>
internal sealed class ClassNames
{
    private readonly Dictionary<(string File, string Block), BlockClass> _classes = [];
    private readonly Dictionary<(string File, string Architecture), string> _options = [];
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);
    private readonly bool _outside;

    /// <summary>No classes yet, for code inside the class that private blocks are nested in.</summary>
    public ClassNames()
    {
    }

    private ClassNames(ClassNames inside) => (_classes, _options, _ambiguous, _outside) = (inside._classes, inside._options, inside._ambiguous, true);

    /// <summary>Adds one block.</summary>
    public void Add(string file, string block, BlockClass type)
    {
        if (_classes.Values.Any(c => c.Name == type.Name) || ReservedNames.Types.Contains(type.Name)) _ambiguous.Add(type.Name);
        _classes[(file, block)] = type;
    }

    /// <summary>Adds the blocks of one file; blocks whose class names would be equal get a number.</summary>
    public void Add(string file, IEnumerable<string> blocks, string ns, string? outer)
    {
        var scope = new NameScope();
        if (outer is not null) scope.Reserve(outer);
        foreach (var block in blocks) Add(file, block, new BlockClass(ns, outer, scope.Take(Naming.Class(block))));
    }

    /// <summary>Adds an architecture that the file can apply.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="ns">Its namespace.</param>
    public void Add(Architecture architecture, string ns)
    {
        var names = new ArchitectureNames(architecture);
        var file = architecture.Span.File;
        foreach (var variant in architecture.Variants) Add(file, variant.Name, new BlockClass(ns, null, names.Variant(variant.Name)));
        if (architecture.Variants.Any(v => v.Name == architecture.Name)) return;
        Add(file, architecture.Name, new BlockClass(ns, null, names.Class));
        _options[(file, architecture.Name)] = names.Options;
    }

    /// <summary>What the parameters of an applied architecture start from: <c>Resnet50.Defaults with</c>.</summary>
    public string Defaults(Block applied) => _options.TryGetValue((applied.Span.File, Name(applied)), out var options) ? $"new {options}" : $"{Reference(applied)}.Defaults with";

    /// <summary>The same classes as code beside that class names them.</summary>
    public ClassNames Outside() => new(this);

    /// <summary>The class of a block.</summary>
    public BlockClass Class(Block block) => _classes[(block.Span.File, Name(block))];

    // The trunk of an architecture is an object of the same class.
    private static string Name(Block block) => block.Applied is { } a ? a.Variant ?? a.Architecture.Name : block.Name;

    /// <summary>How generated code names the block of that name, the nearest first: private ones were added last. Null if there is none.</summary>
    public string? Find(string block) => _classes.Where(c => c.Key.Block == block).Select(c => c.Value).LastOrDefault() is { } found ? Reference(found) : null;

    /// <summary>How generated code names it.</summary>
    public string Reference(Block block) => Reference(Class(block));

    private string Reference(BlockClass type)
        => _ambiguous.Contains(type.Name) ? type.FullName : _outside && type.Outer is { } outer ? $"{outer}.{type.Name}" : type.Name;
}
