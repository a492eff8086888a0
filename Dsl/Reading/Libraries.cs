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
        var libraries = files.Where(f => LibraryName(f.Path) is not null).OrderBy(f => f.Path, StringComparer.Ordinal).ToLookup(f => LibraryName(f.Path)!);
        var scopes = Standard();
        foreach (var file in files) scopes[file.Path] = new ScopeFile(file.Path, file.Blocks, Used(file, libraries, diagnostics));
        foreach (var file in files) ReportCycle(file, libraries, diagnostics);
        ReportTwice(files, "architecture", f => f.Architecture is { } a ? [(a.Name, a.Span)] : [], diagnostics);
        ReportTwice(files, "variant", f => f.Architecture?.Variants.Select(v => (v.Name, v.Span)) ?? [], diagnostics);
        return new ProjectScopes(files.Select(f => Reach(f.Path, scopes)).ToEquatableArray(), diagnostics.Items.ToEquatableArray());
    }

    /// <summary><c>attention</c> for <c>path/attention.blocks.yaml</c>; null when the file is no library.</summary>
    public static string? LibraryName(string path)
    {
        var file = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        return file.EndsWith(DeclarationReader.LibraryExtension, StringComparison.OrdinalIgnoreCase)
            ? file.Substring(0, file.Length - DeclarationReader.LibraryExtension.Length) : null;
    }

    // The standard library's files see each other and nothing else.
    private static Dictionary<string, ScopeFile> Standard()
    {
        var paths = StandardLibrary.Files.Select(f => f.Path).ToEquatableArray();
        return StandardLibrary.Files.ToDictionary(f => f.Path, f => new ScopeFile(f.Path, f.Blocks, paths));
    }

    private static EquatableArray<string> Used(DeclarationFile file, ILookup<string, DeclarationFile> libraries, DiagnosticBag diagnostics)
    {
        var used = new List<DeclarationFile>();
        foreach (var name in file.Uses)
        {
            var found = libraries[name.Name].ToList();
            if (found.Count == 0)
            {
                var known = libraries.Select(l => l.Key).ToList();
                diagnostics.Add(Rules.UnknownLibrary, name.Span, $"No file {name.Name}{DeclarationReader.LibraryExtension} in the project; {(known.Count == 0 ? "it has no block libraries" : $"there are {string.Join(", ", known)}")}.", Suggest.Nearest(name.Name, known));
                continue;
            }

            if (found.Count > 1)
            {
                diagnostics.Add(Rules.DuplicateName, name.Span, $"Several files are the library '{name.Name}': {string.Join(", ", found.Select(f => f.Path))}.", "Rename one of them.");
            }

            ReportClash(file, name, found[0], used, diagnostics);
            if (found[0].Path != file.Path) used.Add(found[0]);
        }

        return [.. used.Select(f => f.Path), .. StandardLibrary.Files.Select(f => f.Path)];
    }

    // The file's own block of that name settles what is meant.
    private static void ReportClash(DeclarationFile file, NameExpr name, DeclarationFile library, List<DeclarationFile> used, DiagnosticBag diagnostics)
    {
        foreach (var block in library.Blocks.Where(b => !file.Blocks.Any(o => o.Name == b.Name)))
        {
            if (used.Find(u => u.Path != library.Path && u.Blocks.Any(b => b.Name == block.Name)) is not { } other) continue;
            diagnostics.Add(Rules.DuplicateName, name.Span, $"The libraries '{LibraryName(other.Path)}' and '{name.Name}' both declare the block '{block.Name}'.", "Use only one of them, or rename the block.");
        }
    }

    // A file is on a cycle when it can be reached from the libraries that it names.
    private static void ReportCycle(DeclarationFile file, ILookup<string, DeclarationFile> libraries, DiagnosticBag diagnostics)
    {
        if (LibraryName(file.Path) is not { } own) return;
        foreach (var name in file.Uses)
        {
            if (Route(name.Name, own, libraries) is { } route)
            {
                diagnostics.Add(Rules.Cycle, name.Span, $"Libraries use each other: {string.Join(" -> ", [own, .. route])}.", "Move what both need to a third library.");
            }
        }
    }

    private static List<string>? Route(string from, string to, ILookup<string, DeclarationFile> libraries)
    {
        var before = new Dictionary<string, string?> { [from] = null };
        var open = new Queue<string>([from]);
        while (open.Count > 0)
        {
            var at = open.Dequeue();
            if (at == to)
            {
                var route = new List<string>();
                for (string? step = at; step is not null; step = before[step]) route.Insert(0, step);
                return route;
            }

            foreach (var next in libraries[at].Take(1).SelectMany(l => l.Uses).Where(n => !before.ContainsKey(n.Name)))
            {
                before[next.Name] = at;
                open.Enqueue(next.Name);
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
