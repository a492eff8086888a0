using Notochord.Dsl.Binding;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Pipeline;

/// <summary>Compiles one file: binds it, follows the shapes of its variants, and writes its classes. A file with errors gives none.</summary>
internal sealed class UnitCompiler
{
    private const string StandardNamespace = "Notochord.Modules";

    private readonly Unit _unit;
    private readonly CancellationToken _cancel;
    private readonly DiagnosticBag _bag = new();
    private readonly Binder _binder;
    private VariantSurvey? _survey;
    private BoundArchitecture? _architecture;

    private UnitCompiler(Unit unit, CancellationToken cancel)
    {
        (_unit, _cancel) = (unit, cancel);
        // What a class declares has its places in the C# file, and its scope under a path of its own.
        _binder = new(path => new FileScope(_unit.Scope, _unit.Target is { IsDerived: false } && path == _unit.SourcePath ? _unit.File.Path : path), _bag);
    }

    /// <summary>Compiles. Never throws, but for cancellation: a defect of ours becomes a finding.</summary>
    public static CompiledUnit Compile(Unit unit, CancellationToken cancel)
    {
        try
        {
            return new UnitCompiler(unit, cancel).Run();
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            var e = thrown.GetBaseException();
            var place = e.StackTrace?.Split('\n').FirstOrDefault()?.Trim() ?? "";
            var span = new SourceSpan(unit.SourcePath, 1, 1, 1, 1);
            return new CompiledUnit(default, [new Diagnostic(Rules.Internal, span, $"{e.GetType().Name}: {e.Message} {place}", default, null)], null);
        }
    }

    private CompiledUnit Run()
    {
        _bag.AddRange(_unit.File.Diagnostics);
        if (_unit.Target is { Problem: { } problem } target) _bag.Add(Rules.Attribute, target.Source.Span, $"'{target.Source.Name}' cannot be completed: {problem}.");
        var blocks = _unit.File.Blocks.Select(_binder.Bind).ToList();
        _architecture = _unit.File.Architecture is { } declared && !_bag.HasErrors ? _binder.Bind(declared) : null;
        // A library reports its own errors, and so does the YAML that a class derives from.
        var own = _bag.Items.Where(d => d.Span.File == _unit.SourcePath || d.Span.Line == 0).ToList();
        if (_bag.HasErrors || blocks.Contains(null)) return new CompiledUnit(default, own.ToEquatableArray(), null);

        // The declared defaults of a YAML architecture are its own affair, not that of a class that derives from it.
        if (_architecture is not null) _survey = VariantSurvey.Of(_architecture, _binder, withDefaults: _unit.Target is not { IsDerived: true }, _cancel);
        _bag.AddRange(_survey?.Diagnostics ?? []);
        var found = own.Concat(_bag.Items.Where(d => !own.Contains(d) && d.Rule.Severity == Severity.Error)).ToEquatableArray();
        if (_bag.HasErrors) return new CompiledUnit(default, found, null);
        var sources = new List<SourceText>();
        // The architecture's own body is bound as that: it may return what a block may not.
        var signatures = new Signatures(b => ReferenceEquals(b, _architecture?.Body.Block) ? _architecture!.Body : _binder.Bind(b) ?? throw new InvalidOperationException($"{b.Name} is not bound."), Classes());
        var isDerived = _unit.Target is { IsDerived: true };
        if (_unit.File.Blocks.Count > 0 && !isDerived) sources.Add(new SourceText($"{_unit.Name}{(_architecture is null ? "" : ".Blocks")}.g.cs", Blocks(signatures, blocks.Select(b => b!))));
        if (_architecture is not null) sources.Add(new SourceText($"{_unit.Name}.g.cs", Architecture(signatures, _architecture)));
        return new CompiledUnit(sources.ToEquatableArray(), found, _architecture is null ? null : Registry(_architecture));
    }

    private ClassNames Classes()
    {
        var classes = new ClassNames();
        foreach (var file in StandardLibrary.Files) classes.Add(file.Path, file.Blocks.Select(b => b.Name), StandardNamespace, null);
        foreach (var c in _unit.Classes) classes.Add(c.File, c.Block, new BlockClass(BlocksNamespace, null, c.Name));
        foreach (var applied in _unit.Scope.Files.Where(f => f.Architecture is not null)) classes.Add(applied.Architecture!, _unit.Options.RootNamespace);
        if (_unit.File.Architecture is { } a) classes.Add(_unit.File.Path, _unit.File.Blocks.Select(b => b.Name), _unit.Options.RootNamespace, Names(a).Class);
        return classes;
    }

    private ArchitectureNames Names(Architecture architecture) => new(architecture, _unit.Target is { IsDerived: false } t ? t.Source.Name : null);

    private string Namespace => _unit.Target?.Namespace ?? _unit.Options.RootNamespace;

    private string BlocksNamespace => _unit.Options.RootNamespace + ".Blocks";

    private string Blocks(Signatures signatures, IEnumerable<BoundBlock> blocks)
    {
        var writer = new SourceWriter();
        var outer = _unit.File.Architecture is { } a ? Names(a).Class : null;
        var isStandard = _unit.File.Path.StartsWith(StandardLibrary.Prefix, StringComparison.Ordinal);
        Header.Write(writer, FileName, Usings());
        writer.Line($"namespace {(isStandard ? StandardNamespace : outer is null ? BlocksNamespace : _unit.Options.RootNamespace)};");
        writer.Line();
        if (outer is not null)
        {
            using var _ = writer.Block($"public partial class {outer}");
            WriteBlocks(writer, signatures, blocks);
        }
        else
        {
            WriteBlocks(writer, signatures, blocks);
        }

        return writer.ToString();
    }

    private void WriteBlocks(SourceWriter writer, Signatures signatures, IEnumerable<BoundBlock> blocks)
    {
        var emitter = new BlockEmitter(signatures);
        var first = true;
        foreach (var block in blocks)
        {
            _cancel.ThrowIfCancellationRequested();
            if (!first) writer.Line();
            first = false;
            emitter.Write(writer, block, _survey?.Shapes(block.Block, isArchitecture: false));
        }
    }

    private string Architecture(Signatures signatures, BoundArchitecture architecture)
    {
        var writer = new SourceWriter();
        Header.Write(writer, FileName, Usings());
        if (Namespace.Length > 0)
        {
            writer.Line($"namespace {Namespace};");
            writer.Line();
        }

        var emitter = new ArchitectureEmitter(
            signatures, architecture, Names(architecture.Architecture), _survey!.Levels, _survey.Shapes(architecture.Body.Block, isArchitecture: true), v => _binder.BindBlockValue(architecture.Architecture, v));
        if (_unit.Target is not { } target) emitter.Write(writer);
        else if (target.IsDerived) emitter.WriteVariant(writer, architecture.Architecture.Variants[0], "partial class " + target.Source.Name);
        else emitter.Write(writer, "partial class " + target.Source.Name);
        return writer.ToString();
    }

    private IEnumerable<string> Usings()
    {
        if (_unit.Classes.Count > 0) yield return BlocksNamespace;
        if (Namespace != _unit.Options.RootNamespace && _unit.Target is { IsDerived: true }) yield return _unit.Options.RootNamespace;
    }

    private RegistryEntry Registry(BoundArchitecture architecture)
    {
        var names = Names(architecture.Architecture);
        var isDerived = _unit.Target is { IsDerived: true };
        var prefix = Namespace == _unit.Options.RootNamespace ? "" : Namespace.Length == 0 ? "global::" : $"global::{Namespace}.";
        var parameters = architecture.Body.Block.Params;
        var size = parameters.FirstOrDefault(p => p.Name == "img_size" && p.Type is ParamType.Int or ParamType.IntList);
        return new RegistryEntry(
            architecture.Architecture.Variants.Select(v => (v.Name, Class: prefix + (isDerived ? v.Name : names.Variant(v.Name))))
                .Select(v => (v.Name, v.Class, $"{v.Class}.Defaults"))
                .DefaultIfEmpty((architecture.Architecture.Name, prefix + names.Class, $"new {prefix}{names.Options}()"))
                .ToEquatableArray(),
            isDerived ? names.Options : prefix + names.Options,
            parameters.Any(p => p is { Name: "num_classes", Type: ParamType.Int }),
            parameters.Any(p => p is { Name: "in_chans", Type: ParamType.Int }),
            size?.Type,
            size?.Default is Dsl.Expressions.ListExpr list ? list.Items.Count : 1);
    }

    private string FileName => new SourceSpan(_unit.SourcePath, 1, 1, 1, 1).FileName;
}
