using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Reading;

/// <summary>What the files of a project see of each other.</summary>
/// <param name="Scopes">The scope of each file, in the order given.</param>
/// <param name="Diagnostics">Unknown libraries, cycles, and names declared twice.</param>
public sealed record ProjectScopes(EquatableArray<BlockScope> Scopes, EquatableArray<Diagnostic> Diagnostics)
{
    /// <summary>The scope of a file of the project; null for another path.</summary>
    public BlockScope? For(string path) => Scopes.FirstOrDefault(s => s.Path == path);
}

/// <summary>Resolves <c>use:</c> among the files of a project and the standard library.</summary>
public static class Libraries
{
    /// <summary>The scopes of <paramref name="files"/>.</summary>
    public static ProjectScopes Resolve(IReadOnlyList<DeclarationFile> files)
    {
        var diagnostics = new DiagnosticBag();
        var named = files.Where(f => NameOf(f.Path) is not null).OrderBy(f => f.Path, StringComparer.Ordinal).ToLookup(f => NameOf(f.Path)!);
        var scopes = Standard();
        foreach (var file in files) scopes[file.Path] = new ScopeFile(file.Path, file.Blocks, Used(file, named, diagnostics));
        foreach (var file in files) ReportCycle(file, named, diagnostics);
        ReportTwice(files, "architecture", f => f.Architecture is { } a ? [(a.Name, a.Span)] : [], diagnostics);
        ReportTwice(files, "variant", f => f.Architecture?.Variants.Select(v => (v.Name, v.Span)) ?? [], diagnostics);
        // Only where somebody applies it: an architecture that nobody uses is no part of a scope, so that an edit of it touches no other.
        foreach (var path in files.Where(f => f.Architecture is not null && LibraryName(f.Path) is null).Select(f => f.Path).Where(p => scopes.Values.Any(s => s.Libraries.Contains(p))).ToList())
        {
            scopes[path] = scopes[path] with { Architecture = files.First(f => f.Path == path).Architecture };
        }

        return new ProjectScopes(files.Select(f => Reach(f.Path, scopes)).ToEquatableArray(), diagnostics.Items.ToEquatableArray());
    }

    /// <summary>The files that <c>use: name</c> means, as seen from one: the library of that name, and the architecture.</summary>
    /// <param name="name">The name.</param>
    /// <param name="from">The path of the file that says it; it does not mean itself where a library has the name.</param>
    /// <param name="named">Files by their names.</param>
    private static List<DeclarationFile> Meant(string name, string from, ILookup<string, DeclarationFile> named)
    {
        var found = named[name].ToList();
        return found.Exists(f => LibraryName(f.Path) is not null) ? found.FindAll(f => f.Path != from || LibraryName(f.Path) is not null) : found;
    }

    /// <summary><c>attention</c> for <c>path/attention.blocks.yaml</c>, <c>resnet</c> for <c>path/resnet.arch.yaml</c>; null for another file.</summary>
    public static string? NameOf(string path) => LibraryName(path) ?? Without(path, DeclarationReader.ArchitectureExtension);

    /// <summary><c>attention</c> for <c>path/attention.blocks.yaml</c>; null when the file is no library.</summary>
    public static string? LibraryName(string path) => Without(path, DeclarationReader.LibraryExtension);

    private static string? Without(string path, string extension)
    {
        var file = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        return file.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? file.Substring(0, file.Length - extension.Length) : null;
    }

    // The standard library's files see each other and nothing else.
    private static Dictionary<string, ScopeFile> Standard()
    {
        var paths = StandardLibrary.Files.Select(f => f.Path).ToEquatableArray();
        return StandardLibrary.Files.ToDictionary(f => f.Path, f => new ScopeFile(f.Path, f.Blocks, paths));
    }

    private static EquatableArray<string> Used(DeclarationFile file, ILookup<string, DeclarationFile> named, DiagnosticBag diagnostics)
    {
        var used = new List<DeclarationFile>();
        foreach (var name in file.Uses)
        {
            var found = Meant(name.Name, file.Path, named);
            if (found.Count == 0)
            {
                var libraries = named.Where(l => l.Any(f => LibraryName(f.Path) is not null)).Select(l => l.Key).ToList();
                diagnostics.Add(
                    Rules.UnknownLibrary, name.Span,
                    $"No file {name.Name}{DeclarationReader.LibraryExtension} or {name.Name}{DeclarationReader.ArchitectureExtension} in the project; "
                        + (libraries.Count == 0 ? "it has no block libraries." : $"there are the libraries {string.Join(", ", libraries)}."),
                    Suggest.Nearest(name.Name, named.Select(l => l.Key)));
                continue;
            }

            foreach (var kind in found.GroupBy(f => LibraryName(f.Path) is not null).Where(k => k.Count() > 1))
            {
                diagnostics.Add(Rules.DuplicateName, name.Span, $"Several files are the {(kind.Key ? "library" : "architecture")} '{name.Name}': {string.Join(", ", kind.Select(f => f.Path))}.", "Rename one of them.");
            }

            foreach (var meant in found.GroupBy(f => LibraryName(f.Path) is not null).Select(k => k.First()).Where(f => f.Path != file.Path))
            {
                ReportClash(file, name, meant, used, diagnostics);
                used.Add(meant);
            }
        }

        return [.. used.Select(f => f.Path), .. StandardLibrary.Files.Select(f => f.Path)];
    }

    // What a file that uses this one can name.
    private static IEnumerable<string> Offered(DeclarationFile file)
        => LibraryName(file.Path) is null && file.Architecture is { } a ? AppliedArchitecture.Names(a) : file.Blocks.Select(b => b.Name);

    // The file's own block of that name settles what is meant.
    private static void ReportClash(DeclarationFile file, NameExpr name, DeclarationFile library, List<DeclarationFile> used, DiagnosticBag diagnostics)
    {
        foreach (var offered in Offered(library).Where(b => !file.Blocks.Any(o => o.Name == b)))
        {
            if (used.Find(u => u.Path != library.Path && Offered(u).Contains(offered)) is not { } other) continue;
            diagnostics.Add(Rules.DuplicateName, name.Span, $"The libraries '{NameOf(other.Path)}' and '{name.Name}' both declare the block '{offered}'.", "Use only one of them, or rename the block.");
        }
    }

    // A file is on a cycle when it can be reached from those that it names.
    private static void ReportCycle(DeclarationFile file, ILookup<string, DeclarationFile> named, DiagnosticBag diagnostics)
    {
        if (NameOf(file.Path) is not { } own) return;
        foreach (var name in file.Uses)
        {
            if (Route(Meant(name.Name, file.Path, named), file, named) is not { } route) continue;
            if (LibraryName(file.Path) is null) diagnostics.Add(Rules.Cycle, name.Span, $"An architecture cannot contain itself: {string.Join(" -> ", [own, .. route])}.", "Name the blocks that both need in a library.");
            else diagnostics.Add(Rules.Cycle, name.Span, $"Libraries use each other: {string.Join(" -> ", [own, .. route])}.", "Move what both need to a third library.");
        }
    }

    private static List<string>? Route(List<DeclarationFile> from, DeclarationFile to, ILookup<string, DeclarationFile> named)
    {
        var before = from.ToDictionary(f => f.Path, _ => (DeclarationFile?)null);
        var open = new Queue<DeclarationFile>(from);
        while (open.Count > 0)
        {
            var at = open.Dequeue();
            if (at.Path == to.Path)
            {
                var route = new List<string>();
                for (var step = at; step is not null; step = before[step.Path]) route.Insert(0, NameOf(step.Path)!);
                return route;
            }

            foreach (var next in at.Uses.SelectMany(n => Meant(n.Name, at.Path, named)).Where(n => !before.ContainsKey(n.Path)))
            {
                before[next.Path] = at;
                open.Enqueue(next);
            }
        }

        return null;
    }

    private static void ReportTwice(IReadOnlyList<DeclarationFile> files, string what, Func<DeclarationFile, IEnumerable<(string Name, SourceSpan Span)>> names, DiagnosticBag diagnostics)
    {
        var first = new Dictionary<string, SourceSpan>();
        foreach (var (name, span) in files.SelectMany(names))
        {
            if (first.TryGetValue(name, out var earlier)) diagnostics.Add(Rules.DuplicateName, span, $"The {what} '{name}' is declared already, at {earlier.Short}.", "Rename one of them.");
            else first.Add(name, span);
        }
    }

    private static BlockScope Reach(string path, Dictionary<string, ScopeFile> scopes)
    {
        var reached = new List<ScopeFile> { scopes[path] };
        var seen = new HashSet<string> { path };
        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var library in reached[i].Libraries)
            {
                if (seen.Add(library)) reached.Add(scopes[library]);
            }
        }

        return new BlockScope(path, reached.ToEquatableArray());
    }
}
