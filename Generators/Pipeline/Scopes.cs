using Notochord.Dsl.Binding;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Pipeline;

/// <summary>Splits a project into units.</summary>
internal static class Scopes
{
    /// <summary>A unit a file, and findings about how the files fit together.</summary>
    public static (EquatableArray<Unit> Units, EquatableArray<Diagnostic> Diagnostics) Split(IReadOnlyList<DeclarationFile> files, ProjectOptions options)
    {
        var own = options.IsRuntime ? [.. files, .. StandardLibrary.Files] : files;
        var scopes = Libraries.Resolve(files);
        var standard = options.IsRuntime ? Libraries.Resolve([.. StandardLibrary.Files]) : null;
        var classes = Classes(own);
        var names = new NameScope();
        var units = own.Select(f => new Unit(names.TakeExact(Name(f.Path)), f, scopes.For(f.Path) ?? standard!.For(f.Path)!, classes, options));
        return (units.ToEquatableArray(), scopes.Diagnostics);
    }

    // swin.arch.yaml gives Swin and Swin.Blocks, attention.blocks.yaml gives Blocks.Attention.
    private static string Name(string path)
    {
        var file = new SourceSpan(path, 1, 1, 1, 1).FileName;
        return (Libraries.LibraryName(path) is null ? "" : "Blocks.") + Naming.Class(file.Substring(0, file.IndexOf('.')));
    }

    private static EquatableArray<LibraryClass> Classes(IReadOnlyList<DeclarationFile> files)
    {
        var names = new NameScope();
        return files.Where(f => Libraries.LibraryName(f.Path) is not null && !f.Path.StartsWith(StandardLibrary.Prefix, StringComparison.Ordinal))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .SelectMany(f => f.Blocks.Select(b => new LibraryClass(f.Path, b.Name, names.Take(Naming.Class(b.Name)))))
            .ToEquatableArray();
    }
}

/// <summary>The names that one file sees, for the binder.</summary>
internal sealed class FileScope(BlockScope scope, string path) : IBlockScope
{
    public IEnumerable<string> Names => scope.Names(path);

    public Block? Find(string name) => scope.Find(name, path)?.Block;
}
