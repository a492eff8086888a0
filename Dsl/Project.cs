using Notochord.Dsl.Binding;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Dsl;

/// <summary>The declarations of a project, read and resolved: the front door of the compiler for tools. (The generator walks the same steps one by one,
/// so that each can be cached.)</summary>
public sealed class Project
{
    private readonly Dictionary<string, IBlockScope> _scopes = [];
    private readonly Binder _binder;
    private readonly Instantiator _instantiator;
    private readonly Instantiator _checker;
    private readonly Dictionary<string, BoundArchitecture?> _bound = [];

    /// <summary>A project of these files: paths and texts.</summary>
    public Project(IEnumerable<(string Path, string Text)> files) : this([.. files.Select(f => DeclarationReader.Read(f.Path, f.Text))])
    {
    }

    /// <summary>A project of files that have been read.</summary>
    public Project(IReadOnlyList<DeclarationFile> files)
    {
        Files = files;
        Diagnostics = new DiagnosticBag();
        foreach (var file in files) Diagnostics.AddRange(file.Diagnostics);
        var scopes = Libraries.Resolve(files);
        Diagnostics.AddRange(scopes.Diagnostics);
        foreach (var file in files.Concat(StandardLibrary.Files)) _scopes[file.Path] = new FileScope(scopes, file.Path);
        _binder = new Binder(path => _scopes[path], Diagnostics);
        _instantiator = new Instantiator(_binder);
        _checker = new Instantiator(_binder, shapesOnly: true);
    }

    /// <summary>Its files, without those of the standard library.</summary>
    public IReadOnlyList<DeclarationFile> Files { get; }

    /// <summary>All findings so far; binding and instantiating add to them.</summary>
    public DiagnosticBag Diagnostics { get; }

    /// <summary>Its architectures.</summary>
    public IEnumerable<Architecture> Architectures => Files.Where(f => f.Architecture is not null).Select(f => f.Architecture!);

    /// <summary>The architecture, bound; null if it has errors.</summary>
    public BoundArchitecture? Bind(Architecture architecture)
    {
        if (!_bound.TryGetValue(architecture.Span.File, out var bound)) _bound[architecture.Span.File] = bound = _binder.Bind(architecture);
        return bound;
    }

    /// <summary>The block, bound; null if it has errors.</summary>
    public BoundBlock? Bind(Block block) => _binder.Bind(block);

    /// <summary>A variant by name (or an architecture by its own), with parameters overridden; null if there is none of that name, or it has errors.</summary>
    /// <exception cref="ArgumentException">An override names no parameter.</exception>
    public ModelInstance? Instantiate(string name, IReadOnlyDictionary<string, Value>? overrides = null)
    {
        foreach (var architecture in Architectures)
        {
            var isVariant = architecture.Variants.Any(v => v.Name == name);
            if (!isVariant && architecture.Name != name) continue;
            return Bind(architecture) is { } bound ? _instantiator.Instantiate(bound, isVariant ? name : null, overrides) : null;
        }

        return null;
    }

    /// <summary>Everything checked: each block bound, each variant of each architecture instantiated. All findings are in <see cref="Diagnostics"/>.</summary>
    /// <param name="cancellation">Stops between two variants.</param>
    public void Check(CancellationToken cancellation = default)
    {
        foreach (var block in Files.SelectMany(f => f.Blocks)) Bind(block);
        foreach (var architecture in Architectures)
        {
            if (Bind(architecture) is not { } bound) continue;
            foreach (var variant in architecture.Variants.Select(v => (string?)v.Name).DefaultIfEmpty())
            {
                cancellation.ThrowIfCancellationRequested();
                _checker.Instantiate(bound, variant);
            }
        }
    }

    private sealed class FileScope(ProjectScopes scopes, string path) : IBlockScope
    {
        // A file of the standard library is not in the project's list; each scope that reaches it knows what it sees.
        private readonly BlockScope? _scope = scopes.For(path) ?? (scopes.Scopes.Count > 0 ? scopes.Scopes[0] : null);

        public IEnumerable<string> Names => _scope?.Names(path) ?? [];

        public Block? Find(string name) => _scope?.Find(name, path)?.Block;
    }
}
