using Notochord.Dsl.Attributes;
using Notochord.Dsl.Binding;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Pipeline;

/// <summary>Splits a project into units.</summary>
internal static class Scopes
{
    /// <summary>A unit a file and a class, and findings about how they fit together.</summary>
    public static (EquatableArray<Unit> Units, EquatableArray<Diagnostic> Diagnostics) Split(IReadOnlyList<DeclarationFile> files, IReadOnlyList<ClassTarget> targets, ProjectOptions options)
    {
        var own = options.IsRuntime ? [.. files, .. StandardLibrary.Files] : files;
        // A C# file may hold several classes: each is as a file of its own.
        var declared = targets.Where(t => !t.IsDerived).Select(t => (Target: t, File: AttributeReader.Read(t.Source) with { Path = Path(t) })).ToList();
        var scopes = Libraries.Resolve([.. files, .. declared.Select(d => d.File)]);
        var standard = options.IsRuntime ? Libraries.Resolve([.. StandardLibrary.Files]) : null;
        var classes = Classes(own);
        var names = new NameScope();
        var units = own.Select(f => new Unit(names.TakeExact(Name(f.Path)), f, scopes.For(f.Path) ?? standard!.For(f.Path)!, classes, options))
            .Concat(declared.Select(d => new Unit(names.TakeExact(d.Target.FullName), d.File, scopes.For(d.File.Path)!, classes, options, d.Target)))
            .Concat(targets.Where(t => t.IsDerived).Select(t => Derived(t, files, scopes, names, classes, options)));
        return (units.ToEquatableArray(), scopes.Diagnostics);
    }

    private static Unit Derived(ClassTarget target, IReadOnlyList<DeclarationFile> files, ProjectScopes scopes, NameScope names, EquatableArray<LibraryClass> classes, ProjectOptions options)
    {
        var derived = DerivedArchitecture.Read(target.Source, files);
        var file = files.FirstOrDefault(f => f.Path == derived.Path);
        var own = new DeclarationFile(derived.Path ?? Path(target), derived.Architecture, file?.Uses ?? default, file?.Blocks ?? default, derived.Diagnostics);
        var scope = derived.Path is null ? Libraries.Resolve([own]).Scopes[0] : scopes.For(derived.Path)!;
        return new Unit(names.TakeExact(target.FullName), own, scope, classes, options, target);
    }

    private static string Path(ClassTarget target) => $"{target.Source.Span.File}#{target.FullName}";

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
