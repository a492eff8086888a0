using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Statements of a forward to <see cref="Code"/>: names resolved, tensor expressions taken apart, static ones typed.</summary>
internal sealed partial class CodeBinder
{
    private const int InstructionLimit = 100_000;

    private readonly BlockNames _names;
    private readonly DiagnosticBag _diagnostics;
    private readonly Func<string, LevelPlan?> _levels;
    private readonly Dictionary<string, ParamType> _staticVariables = [];
    private readonly HashSet<string> _usedModules = [];
    private readonly HashSet<string> _usedStates = [];
    private Dictionary<string, Local> _variables = [];
    private Dictionary<string, ParamType> _indices = [];
    private List<Instruction> _output = [];
    private int _nextId;

    /// <param name="names">What the block declares.</param>
    /// <param name="levels">For a child whose results are feature levels, which.</param>
    /// <param name="diagnostics">Where findings go.</param>
    public CodeBinder(BlockNames names, Func<string, LevelPlan?> levels, DiagnosticBag diagnostics) => (_names, _levels, _diagnostics) = (names, levels, diagnostics);

    /// <summary>Static variables met, with their types.</summary>
    public IReadOnlyDictionary<string, ParamType> StaticVariables => _staticVariables;

    /// <summary>Children that the code calls.</summary>
    public IReadOnlyCollection<string> UsedModules => _usedModules;

    /// <summary>Parameters, buffers and constants that the code reads.</summary>
    public IReadOnlyCollection<string> UsedStates => _usedStates;

    /// <param name="statements">The code.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="span">Where to report that there is no return.</param>
    public Code Bind(EquatableArray<Statement> statements, IEnumerable<string> inputs, SourceSpan span)
    {
        _variables = [];
        _indices = [];
        _output = [];
        var locals = inputs.Select(name => _variables[name] = NewLocal(name, LocalKind.Input)).ToEquatableArray();
        foreach (var s in statements) Statement(s);
        if (!_diagnostics.HasErrors && !Returns(_output)) _diagnostics.Add(Rules.NoReturn, statements.Count > 0 ? statements[statements.Count - 1].Span : span, "The code does not end with a return on every path.");
        return new Code(locals, Coalescing.Run(_output));
    }

    private static bool Returns(IReadOnlyList<Instruction> body)
        => body.Count > 0 && body[body.Count - 1] switch { Return => true, Branch b => Returns(b.Then) && Returns(b.Else), _ => false };

    private StaticBinder Statics => new(StaticType, KnownStatics, n => _variables.TryGetValue(n, out var local) ? local : null, _diagnostics);

    private ParamType? StaticType(string name)
        => _indices.TryGetValue(name, out var t) || _names.Statics.TryGetValue(name, out t) ? t : _names.Axes.Contains(name) ? ParamType.Int : null;

    private IEnumerable<string> KnownStatics() => _indices.Keys.Concat(_names.Statics.Keys).Concat(_names.Axes);

    private Local NewLocal(string name, LocalKind kind, bool isMutable = false) => new(_nextId++, name, kind, isMutable);

    private void Emit(Instruction instruction)
    {
        if (_nextId > InstructionLimit) return;
        _output.Add(instruction);
    }

    private void Fail(DiagnosticRule rule, SourceSpan span, string message, string? suggestion = null) => _diagnostics.Add(rule, span, message, suggestion);

    private void Statement(Statement statement)
    {
        switch (statement)
        {
            case AssignStatement a: Assign(a); return;
            case ReturnStatement r: ReturnValues(r); return;
            case IfStatement i: If(i); return;
            case ForStatement f: For(f); return;
        }
    }

    private void ReturnValues(ReturnStatement r)
    {
        var values = (r.Value is TupleExpr t ? t.Items : [r.Value]).Select(v => Tensor(v, null)).ToList();
        if (values.TrueForAll(v => v is not null)) Emit(new Return(values.Select(v => v!).ToEquatableArray(), r.Span));
    }

    private void Assign(AssignStatement a)
    {
        if (a.Targets.Count == 1)
        {
            if (a.Targets[0] is not { } name)
            {
                Fail(Rules.Unsupported, a.Span, "The only result is discarded; remove the statement.");
                return;
            }

            if (!IsTensor(a.Value)) AssignStatic(name, a);
            else if (Tensor(a.Value, name, Mutable(name)) is { } local) _variables[name] = Mutable(name) ?? local;
            return;
        }

        if (a.Value is TupleExpr { Items: var items } && items.Count == a.Targets.Count)
        {
            var values = items.Select((v, i) => Tensor(v, a.Targets[i])).ToList();
            for (var i = 0; i < values.Count; i++) Store(a.Targets[i], values[i], a.Span);
            return;
        }

        if (a.Value is not CallExpr call)
        {
            Fail(Rules.Type, a.Value.Span, $"{a.Targets.Count} results are expected: a call that has them, or a tuple.");
            return;
        }

        var results = a.Targets.Select(t => NewLocal(t ?? "unused", LocalKind.Result)).ToEquatableArray();
        if (!Call(call, results)) return;
        for (var i = 0; i < results.Count; i++) Store(a.Targets[i], results[i], a.Span);
    }

    // A variable of an outer scope that is assigned in a branch or loop keeps its place: the value must flow out.
    private Local? Mutable(string name) => _variables.TryGetValue(name, out var local) && local.IsMutable ? local : null;

    private void Store(string? name, Local? value, SourceSpan span)
    {
        if (name is null || value is null) return;
        if (Mutable(name) is { } place) Emit(new Alias(place, value, span));
        else _variables[name] = value;
    }

    private void AssignStatic(string name, AssignStatement a)
    {
        if (Statics.Bind(a.Value) is not { } value) return;
        if (_variables.ContainsKey(name) || _names.States.Contains(name))
        {
            Fail(Rules.Type, a.Span, $"'{name}' is a tensor; it cannot become {TypeNames.Of(value.Type)}.");
            return;
        }

        if (_staticVariables.TryGetValue(name, out var before) && before != value.Type) Fail(Rules.Type, a.Span, $"'{name}' was {TypeNames.Of(before)}; it cannot become {TypeNames.Of(value.Type)}.");
        if (_names.Statics.ContainsKey(name)) Fail(Rules.DuplicateName, a.Span, $"'{name}' is a parameter or definition and cannot be assigned.");
        _staticVariables[name] = value.Type;
        _indices[name] = value.Type;
        Emit(new SetStatic(name, value.Expr, a.Span));
    }

    private void If(IfStatement i)
    {
        if (Condition(i.Condition) is not { } condition) return;
        var both = Assigned(i.Then).Intersect(Assigned(i.Else));
        MakeMutable(Assigned(i.Then).Concat(Assigned(i.Else)), i.Span);
        foreach (var name in both.Where(n => !_variables.ContainsKey(n) && AssignsTensor(i.Then, n)).ToList()) _variables[name] = NewLocal(name, LocalKind.Result, isMutable: true);
        Emit(new Branch(condition, Region(i.Then), Region(i.Else), i.Span));
    }

    private void For(ForStatement f)
    {
        var from = Bound(f.From);
        var to = Bound(f.To);
        if (from is null || to is null) return;
        if (StaticType(f.Index) is not null || _variables.ContainsKey(f.Index))
        {
            Fail(Rules.DuplicateName, f.Span, $"The index '{f.Index}' hides another name.");
            return;
        }

        MakeMutable(Assigned(f.Body), f.Span);
        var indices = new Dictionary<string, ParamType>(_indices);
        _indices[f.Index] = ParamType.Int;
        var body = Region(f.Body);
        _indices = indices;
        Emit(new Loop(f.Index, from, to, body, f.Span));
    }

    private Expr? Bound(Expr e) => Statics.BindAs(e, ParamType.Int, "A limit of 'for'") is { } bound && IsStatic(bound) ? bound : null;

    private Expr? Condition(Expr e)
    {
        if (IsTensor(e))
        {
            Fail(Rules.NotStatic, e.Span, "A condition may depend on parameters only, not on tensors.", "Use where(condition, a, b) to choose element by element.");
            return null;
        }

        return Statics.BindAs(e, ParamType.Bool, "A condition") is { } bound && IsStatic(bound) ? bound : null;
    }

    // Sizes of the input are integers like any others, but no control flow may hang on them.
    private bool IsStatic(Expr e)
    {
        var dynamic = ExprWalker.Find(e, x => x is AxisExpr || (x is NameExpr n && _names.Axes.Contains(n.Name)));
        if (dynamic is null) return true;
        Fail(Rules.NotStatic, dynamic.Span, "This is a size of the input; control flow may depend on parameters only.");
        return false;
    }

    private EquatableArray<Instruction> Region(EquatableArray<Statement> statements)
    {
        var (output, variables, indices) = (_output, _variables, _indices);
        _output = [];
        _variables = new Dictionary<string, Local>(variables);
        _indices = new Dictionary<string, ParamType>(indices);
        foreach (var s in statements) Statement(s);
        var result = _output.ToEquatableArray();
        (_output, _variables, _indices) = (output, variables, indices);
        return result;
    }

    private void MakeMutable(IEnumerable<string> assigned, SourceSpan span)
    {
        foreach (var name in assigned.Distinct().ToList())
        {
            if (!_variables.TryGetValue(name, out var local) || local.IsMutable) continue;
            var place = NewLocal(name, LocalKind.Result, isMutable: true);
            Emit(new Alias(place, local, span));
            _variables[name] = place;
        }
    }

    private static IEnumerable<string> Assigned(IEnumerable<Statement> statements) => statements.SelectMany(s => s switch
    {
        AssignStatement a => a.Targets.Where(t => t is not null).Select(t => t!),
        IfStatement i => Assigned(i.Then).Concat(Assigned(i.Else)),
        ForStatement f => Assigned(f.Body),
        _ => [],
    });

    private bool AssignsTensor(IEnumerable<Statement> statements, string name)
        => statements.OfType<AssignStatement>().Any(a => a.Targets.Contains(name) && (a.Targets.Count > 1 || IsTensor(a.Value)))
            || statements.OfType<IfStatement>().Any(i => AssignsTensor(i.Then, name));
}

/// <summary>Which feature levels the results of a child are.</summary>
/// <param name="Level">Level of the result (of element <c>i</c>, given its index).</param>
internal sealed record LevelPlan(Func<Expr, Expr> Level)
{
    /// <summary>Number of elements of a repetition, which are the levels; null if the child is none.</summary>
    public Expr? Count { get; init; }

    /// <summary>The chain some of whose children are levels; null if the child is none.</summary>
    public ChainEntry? Chain { get; init; }

    /// <summary>Levels of the chain's children, by name.</summary>
    public Dictionary<string, Expr> Children { get; init; } = [];
}
