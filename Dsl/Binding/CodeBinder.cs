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
    private readonly Func<ModulePath, ChildSignature?> _children;
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
    /// <param name="children">What is known of a child; null: nothing of any.</param>
    public CodeBinder(BlockNames names, Func<string, LevelPlan?> levels, DiagnosticBag diagnostics, Func<ModulePath, ChildSignature?>? children = null)
        => (_names, _levels, _diagnostics, _children) = (names, levels, diagnostics, children ?? (_ => null));

    /// <summary>Whether the code may ask for the mode: a forward or its inverse.</summary>
    public bool HasMode { get; init; }

    /// <summary>Whether a list that is returned may be outputs beside the one of an architecture, so that other returns give that one alone.</summary>
    public bool GivesOutputs { get; init; }

    /// <summary>Static variables met, with their types.</summary>
    public IReadOnlyDictionary<string, ParamType> StaticVariables => _staticVariables;

    /// <summary>Children that the code calls.</summary>
    public IReadOnlyCollection<string> UsedModules => _usedModules;

    /// <summary>Parameters, buffers and constants that the code reads.</summary>
    public IReadOnlyCollection<string> UsedStates => _usedStates;

    /// <param name="statements">The code.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="span">Where to report that there is no return.</param>
    public Code Bind(EquatableArray<Statement> statements, IEnumerable<TensorContract> inputs, SourceSpan span)
    {
        _variables = [];
        _indices = [];
        _output = [];
        var locals = inputs.Select(i => _variables[i.Name ?? "x"] = new Local(_nextId++, i.Name ?? "x", LocalKind.Input, IsList: i.List is not null, IsOptional: i.IsOptional)).ToEquatableArray();
        var lists = _names.Block.Parameters.Concat(_names.Block.Buffers).Where(t => t.Count is not null && _names.States.Contains(t.Name)).Select(t => t.Name).ToList();
        foreach (var name in lists) _variables[name] = new Local(State(name), name, LocalKind.State, IsList: true);
        _usedStates.UnionWith(lists.Intersect(Names(statements)));
        foreach (var s in statements) Statement(s);
        var givesOutputs = GivesOutputs && IsMixed();
        if (givesOutputs) _output = Listed(_output);
        else CheckReturns();
        if (!_diagnostics.HasErrors && !Returns(_output)) _diagnostics.Add(Rules.NoReturn, statements.Count > 0 ? statements[statements.Count - 1].Span : span, "The code does not end with a return on every path.");
        return new Code(locals, Coalescing.Run(_output)) { GivesOutputs = givesOutputs };
    }

    private static bool Returns(IReadOnlyList<Instruction> body)
        => body.Count > 0 && body[body.Count - 1] switch { Return => true, Branch b => Returns(b.Then) && Returns(b.Else), _ => false };

    private StaticBinder Statics => new(StaticType, KnownStatics, Reference, _diagnostics);

    private ParamType? StaticType(string name)
        => _indices.TryGetValue(name, out var t) || _names.Statics.TryGetValue(name, out t) ? t : _names.Axes.Contains(name) ? ParamType.Int : null;

    private IEnumerable<string> KnownStatics() => _indices.Keys.Concat(_names.Statics.Keys).Concat(_names.Axes);

    private Local NewLocal(string name, LocalKind kind, bool isMutable = false, bool isList = false) => new(_nextId++, name, kind, isMutable, isList);

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
            case ForEachStatement f: ForEach(f); return;
        }
    }

    private void ReturnValues(ReturnStatement r)
    {
        // What is returned is a variable of its own: a part of a list is taken out first.
        var values = (r.Value is TupleExpr t ? t.Items : [r.Value]).Select(v => Value(v, null) is { } value ? value.Part is null ? value : Copied(value, value.Name, v.Span) : null).ToList();
        if (values.TrueForAll(v => v is not null)) Emit(new Return(values.Select(v => v!).ToEquatableArray(), r.Span));
    }

    private void Assign(AssignStatement a)
    {
        if (a.Targets.Contains(TrainingExpr.Word))
        {
            Fail(Rules.DuplicateName, a.Span, $"'{TrainingExpr.Word}' asks in a condition whether the module is in training; it cannot be assigned.");
            return;
        }

        if (a.Targets.Count == 1)
        {
            if (a.Targets[0] is not { } name)
            {
                Discard(a);
                return;
            }

            var isList = IsList(a.Value);
            if (!isList && !IsTensor(a.Value)) AssignStatic(name, a);
            else if (Mutable(name) is { } fixedPlace && fixedPlace.IsList != isList) WrongKind(name, fixedPlace, a.Span);
            else if (Value(a.Value, name, Mutable(name)) is { } local) _variables[name] = Mutable(name) ?? Settled(local, name, a.Value);
            return;
        }

        if (a.Value is TupleExpr { Items: var items } && items.Count == a.Targets.Count)
        {
            // All are taken before the first is stored: (a, b) = (b, a).
            var values = items.Select((v, i) => Value(v, a.Targets[i]) is { } value ? Settled(value, a.Targets[i] ?? value.Name, v) : null).ToList();
            for (var i = 0; i < values.Count; i++) Store(a.Targets[i], values[i], a.Span);
            return;
        }

        if (a.Value is not CallExpr call)
        {
            Fail(Rules.Type, a.Value.Span, $"{a.Targets.Count} results are expected: a call that has them, or a tuple.");
            return;
        }

        // One list is taken apart by its indices: the count of a tuple is that of the results.
        var lists = Signature(call)?.Lists is { } known && known.Count == a.Targets.Count ? known : default;
        var results = a.Targets.Select((t, i) => NewLocal(t ?? "unused", LocalKind.Result, isList: lists.Count > 0 && lists[i])).ToEquatableArray();
        if (!Call(call, results)) return;
        for (var i = 0; i < results.Count; i++) Store(a.Targets[i], results[i], a.Span);
    }

    // _ = name; says that a module or tensor stands in the state dict alone.
    private void Discard(AssignStatement a)
    {
        if (a.Value is NameExpr module && _names.Modules.Contains(module.Name)) _usedModules.Add(module.Name);
        else if (a.Value is NameExpr state && _names.States.Contains(state.Name)) _usedStates.Add(state.Name);
        else Fail(Rules.Unsupported, a.Span, "The only result is discarded; remove the statement. (Of a module or tensor that only the state dict needs, its name is discarded: '_ = name;'.)");
    }

    // A variable of an outer scope that is assigned in a branch or loop keeps its place: the value must flow out.
    private Local? Mutable(string name) => _variables.TryGetValue(name, out var local) && local.IsMutable ? local : null;

    private void Store(string? name, Local? value, SourceSpan span)
    {
        if (name is null || value is null) return;
        if (Mutable(name) is { } place && place.IsList != value.IsSeveral) WrongKind(name, place, span);
        else if (Mutable(name) is not null) Emit(new Alias(Mutable(name)!, value, span));
        else _variables[name] = value;
    }

    private void AssignStatic(string name, AssignStatement a)
    {
        if (Statics.Bind(a.Value) is { } value) StoreStatic(name, value, a.Span);
    }

    private void StoreStatic(string name, TypedExpr value, SourceSpan span)
    {
        if (_variables.ContainsKey(name) || _names.States.Contains(name))
        {
            var isList = _variables.TryGetValue(name, out var local) && local.IsList;
            Fail(Rules.Type, span, $"'{name}' is {(isList ? "a list of tensors" : "a tensor")}; it cannot become {TypeNames.Of(value.Type)}.");
            return;
        }

        if (_staticVariables.TryGetValue(name, out var before) && before != value.Type) Fail(Rules.Type, span, $"'{name}' was {TypeNames.Of(before)}; it cannot become {TypeNames.Of(value.Type)}.");
        if (_names.Statics.ContainsKey(name)) Fail(Rules.DuplicateName, span, $"'{name}' is a parameter or definition and cannot be assigned.");
        _staticVariables[name] = value.Type;
        _indices[name] = value.Type;
        Emit(new SetStatic(name, value.Expr, span));
    }

    private void If(IfStatement i)
    {
        if (Condition(i.Condition) is not { } condition) return;
        MakeMutable(Assigned(i.Then).Concat(Assigned(i.Else)), i.Span);
        var then = Region(i.Then, out var thenVariables);
        var otherwise = Region(i.Else, out var otherVariables);
        // What both sides make flows out.
        var made = new Dictionary<string, Local>();
        foreach (var name in thenVariables.Keys.Where(n => !_variables.ContainsKey(n) && otherVariables.ContainsKey(n)).ToList())
        {
            var (a, b) = (thenVariables[name], otherVariables[name]);
            if (a.IsSeveral != b.IsSeveral || Returns(then) || Returns(otherwise)) continue;
            var place = made[name] = NewLocal(name, LocalKind.Result, isMutable: true, isList: a.IsSeveral);
            then.Add(new Alias(place, a, i.Span));
            otherwise.Add(new Alias(place, b, i.Span));
        }

        foreach (var m in made) _variables[m.Key] = m.Value;
        Emit(new Branch(condition, then.ToEquatableArray(), otherwise.ToEquatableArray(), i.Span));
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
        var body = Region(f.Body, out _);
        _indices = indices;
        Emit(new Loop(f.Index, from, to, body.ToEquatableArray(), f.Span));
    }

    private Expr? Bound(Expr e) => Statics.BindAs(e, ParamType.Int, "A limit of 'for'") is { } bound && IsStatic(bound) ? bound : null;

    private Expr? Condition(Expr e)
    {
        if (IsTensor(e))
        {
            Fail(Rules.NotStatic, e.Span, "A condition may depend on parameters only, not on tensors.", "Use where(condition, a, b) to choose element by element.");
            return null;
        }

        var statics = new StaticBinder(StaticType, KnownStatics, Reference, _diagnostics, HasMode);
        return statics.BindAs(e, ParamType.Bool, "A condition") is { } bound && IsStatic(bound) ? bound : null;
    }

    // Sizes of the input are integers like any others, but no control flow may hang on them.
    private bool IsStatic(Expr e)
    {
        var dynamic = ExprWalker.Find(e, x => x is AxisExpr || (x is NameExpr n && _names.Axes.Contains(n.Name)));
        if (dynamic is null) return true;
        Fail(Rules.NotStatic, dynamic.Span, "This is a size of the input; control flow may depend on parameters only.");
        return false;
    }

    private List<Instruction> Region(EquatableArray<Statement> statements, out Dictionary<string, Local> final)
    {
        var (output, variables, indices) = (_output, _variables, _indices);
        _output = [];
        _variables = new Dictionary<string, Local>(variables);
        _indices = new Dictionary<string, ParamType>(indices);
        foreach (var s in statements) Statement(s);
        var result = _output;
        final = _variables;
        (_output, _variables, _indices) = (output, variables, indices);
        return result;
    }

    private void MakeMutable(IEnumerable<string> assigned, SourceSpan span)
    {
        foreach (var name in assigned.Distinct().ToList())
        {
            if (!_variables.TryGetValue(name, out var local) || local.IsMutable) continue;
            var place = NewLocal(name, LocalKind.Result, isMutable: true, isList: local.IsSeveral);
            Emit(new Alias(place, local, span));
            _variables[name] = place;
        }
    }

    private static IEnumerable<string> Assigned(IEnumerable<Statement> statements) => statements.SelectMany(s => s switch
    {
        AssignStatement a => a.Targets.Where(t => t is not null).Select(t => t!),
        IfStatement i => Assigned(i.Then).Concat(Assigned(i.Else)),
        ForStatement f => Assigned(f.Body),
        ForEachStatement f => Assigned(f.Body),
        _ => [],
    });
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
