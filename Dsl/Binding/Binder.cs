using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Resolves names and types of blocks and architectures. One binder serves one project; each block is bound once.</summary>
/// <param name="scopeOf">The scope of a file, by path.</param>
/// <param name="diagnostics">Where findings go.</param>
public sealed class Binder(Func<string, IBlockScope> scopeOf, DiagnosticBag diagnostics)
{
    private readonly Dictionary<(string File, string Name), BoundBlock?> _bound = [];
    private readonly Dictionary<(string File, string Name), HashSet<string>> _opaque = [];
    // What is being bound, outermost first; each with whether it stands under a condition in the one before.
    private readonly List<(Block Block, bool IsConditional)> _path = [];
    private readonly Dictionary<(string File, string Name), Dictionary<string, EquatableArray<BlockSlot>>> _openParams = [];

    /// <summary>Findings so far.</summary>
    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>Another binder, which knows what this one has bound and has findings of its own: for a worker beside this.</summary>
    public Binder Fork(DiagnosticBag findings)
    {
        var fork = new Binder(scopeOf, findings);
        foreach (var bound in _bound) fork._bound.Add(bound.Key, bound.Value);
        return fork;
    }

    /// <summary>The scope of a file.</summary>
    public IBlockScope ScopeOf(string file) => scopeOf(file);

    /// <summary>Parameters of a block on which no shape depends but for their sign.</summary>
    internal HashSet<string> Opaque(BoundBlock block)
    {
        var key = (block.Block.Span.File, block.Block.Name);
        if (_opaque.TryGetValue(key, out var known)) return known;
        // Inside a block that contains itself nothing of it is known to be opaque.
        _opaque[key] = [];
        return _opaque[key] = OpaqueParams.Find(block, (target, param) => Bind(target) is { } bound && Opaque(bound).Contains(param));
    }

    /// <summary>The block, bound; null if its declaration has errors or it contains itself in any case (both reported).</summary>
    public BoundBlock? Bind(Block block) => Bind(block, isConditional: false, out _);

    // A block may contain itself where a condition can end it; it is then not yet bound inside of itself.
    private BoundBlock? Bind(Block block, bool isConditional, out bool isOpen)
    {
        var key = (block.Span.File, block.Name);
        isOpen = false;
        if (_bound.TryGetValue(key, out var known)) return known;
        var at = _path.FindIndex(b => (b.Block.Span.File, b.Block.Name) == key);
        if (at >= 0)
        {
            isOpen = isConditional || _path.Skip(at + 1).Any(b => b.IsConditional);
            if (isOpen) return null;
            var cycle = _path.Skip(at).Select(b => b.Block.Name).Append(block.Name);
            diagnostics.Add(Rules.Cycle, block.Span, $"A block cannot contain itself: {string.Join(" -> ", cycle)}.", "With a condition that ends it, it can: levels > 1 ? tree(levels - 1) : leaf.");
            return null;
        }

        if (_path.Count >= 64)
        {
            diagnostics.Add(Rules.Limit, block.Span, "Blocks within blocks deeper than 64.");
            return null;
        }

        _path.Add((block, isConditional));
        if (block.Applied is { Architecture: { Is: { } whole } isBlock })
        {
            diagnostics.Add(Rules.Unsupported, isBlock.Span, $"{isBlock.Name} is the block {whole.Name}.", $"Apply {whole.Name} itself.");
            _path.RemoveAt(_path.Count - 1);
            return _bound[key] = null;
        }

        var result = block.Applied is { } applied ? Bind(applied.Architecture, block) is { } bound ? bound.Body with { Applied = bound } : null
            : Guarded(block, () => BindBody(block, _ => null, isArchitecture: false, out _));
        _path.RemoveAt(_path.Count - 1);
        return _bound[key] = result;
    }

    /// <summary>The architecture, bound; null if it has errors (reported).</summary>
    public BoundArchitecture? Bind(Architecture architecture)
        => architecture.Is is null ? Bind(architecture, architecture.Body) : Whole(architecture, architecture.Is) is { } whole ? Bind(whole, whole.Body) : null;

    // An architecture that is a block: the block's body, with the parameters that the architecture gives as defaults. It keeps its place, in whose scope its names are to be found.
    private Architecture? Whole(Architecture architecture, NameExpr name)
    {
        var scope = scopeOf(architecture.Span.File);
        if (scope.Find(name.Name) is not { Applied: null } block)
        {
            diagnostics.Add(Rules.UnknownName, name.Span, $"'{name.Name}' is no block in scope.", Suggest.Nearest(name.Name, scope.Names));
            return null;
        }

        var bag = new DiagnosticBag();
        var given = architecture.Body.Params;
        foreach (var unknown in given.Where(g => block.Params.All(p => p.Name != g.Name))) ParamReader.Find(unknown.Name, unknown.Span, block.Params, bag);
        var parameters = new List<Param>();
        foreach (var p in block.Params)
        {
            var own = given.FirstOrDefault(g => g.Name == p.Name);
            var value = own?.Default is { } d ? ParamReader.Convert(p.Name, d, p.Type, bag) : p.Default;
            if (value is null && own is null) bag.Add(Rules.Arguments, name.Span, $"'{p.Name}' of {block.Name} has no value.", $"params: {p.Name}: ..");
            parameters.Add(p with { Default = value, Span = own?.Span ?? p.Span });
        }

        diagnostics.AddRange(bag.Items);
        // Several results are outputs in a list, as of every architecture.
        var (forward, isSeveral) = AsList(block.Forward);
        var body = block with
        {
            Name = architecture.Name,
            Params = parameters.ToEquatableArray(),
            Outputs = isSeveral ? default : block.Outputs,
            Forward = forward,
            Inverse = default,
            Doc = architecture.Body.Doc ?? block.Doc,
            Paper = architecture.Body.Paper ?? block.Paper,
        };
        return bag.HasErrors ? null : architecture with { Body = body };
    }

    private static (EquatableArray<Statement> Code, bool IsSeveral) AsList(EquatableArray<Statement> code)
    {
        var isSeveral = false;
        var statements = new List<Statement>();
        foreach (var statement in code)
        {
            switch (statement)
            {
                case ReturnStatement { Value: TupleExpr tuple }:
                    isSeveral = true;
                    statements.Add(new ReturnStatement(new ListExpr(tuple.Items, tuple.Span), statement.Span));
                    break;
                case IfStatement i:
                    var (then, otherwise) = (AsList(i.Then), AsList(i.Else));
                    isSeveral |= then.IsSeveral || otherwise.IsSeveral;
                    statements.Add(i with { Then = then.Code, Else = otherwise.Code });
                    break;
                default:
                    statements.Add(statement);
                    break;
            }
        }

        return (statements.ToEquatableArray(), isSeveral);
    }

    // As it is, or as the block that it is where it is applied.
    private BoundArchitecture? Bind(Architecture architecture, Block block)
    {
        var body = Guarded(block, () => BindBody(block, Levels(architecture), isArchitecture: true, out _));
        if (body is null || !IsBackbone(architecture, body)) return null;
        if (block.Applied is { IsTrunk: true } && !HasLevels(architecture, body)) return null;

        Code? featureAs = null;
        if (architecture.Features?.As is { } expression)
        {
            var bag = new DiagnosticBag();
            var names = new BlockNames(architecture.Body, new DiagnosticBag());
            foreach (var type in body.StaticTypes) names.Statics[type.Key] = type.Value;
            featureAs = new CodeBinder(names, _ => null, bag).Bind([new ReturnStatement(expression, expression.Span)], [new TensorContract("x", default, expression.Span)], expression.Span);
            diagnostics.AddRange(bag.Items);
            if (bag.HasErrors) return null;
        }

        var inits = architecture.Inits.Select(i => BindInit(i, body, architecture)).OfType<BoundInit>().ToEquatableArray();
        var sizes = architecture.Sizes.Select(s => BindSize(s, body, architecture)).OfType<Definition>().ToEquatableArray();
        return diagnostics.HasErrors ? null : new BoundArchitecture(architecture, body, featureAs, inits, sizes);
    }

    // A trunk has levels: those that are named, or the list that the architecture gives.
    private bool HasLevels(Architecture architecture, BoundBlock body)
    {
        if (architecture.Features is not null || (CodeWalker.Results(body.Forward)[0] && !body.Forward.GivesOutputs)) return true;
        diagnostics.Add(Rules.MissingKey, architecture.Span, $"{architecture.Name} has no 'features', so it has no trunk.", "Say which modules' outputs are the levels: features: stages.");
        return false;
    }

    // What every model is called as.
    private bool IsBackbone(Architecture architecture, BoundBlock body)
    {
        var inputs = architecture.Body.Inputs;
        if (inputs.Count != 1 || inputs[0].List is not null || inputs[0].IsOptional)
        {
            diagnostics.Add(Rules.Contract, inputs[0].Span, "An architecture takes one tensor, such as image[B, in_chans, H, W].");
            return false;
        }

        var returned = CodeWalker.Returns(body.Forward.Body).First().Span;
        if (CodeWalker.Results(body.Forward) is not { Count: 1 })
        {
            diagnostics.Add(Rules.Contract, returned, "An architecture gives one tensor, or a list of levels or outputs.", "features: names modules whose outputs are given as well.");
            return false;
        }

        return true;
    }

    /// <summary>A value for a parameter of type <c>block</c> of an architecture, as a variant gives it; null after a diagnostic.</summary>
    public BoundArgumentValue? BindBlockValue(Architecture architecture, Expr value)
        => new ModuleBinder(new BlockNames(architecture.Body with { Params = default }, new DiagnosticBag()), scopeOf(architecture.Span.File), diagnostics).BindBlockValue(value);

    private BoundInit? BindInit(InitOverride init, BoundBlock body, Architecture architecture)
    {
        var names = new BlockNames(architecture.Body, new DiagnosticBag());
        foreach (var type in body.StaticTypes) names.Statics[type.Key] = type.Value;
        if (scopeOf(architecture.Span.File).Find(init.Block) is not { } block && init.Block != architecture.Name)
        {
            diagnostics.Add(Rules.UnknownName, init.Span, $"'{init.Block}' is no block in scope.", Suggest.Nearest(init.Block, scopeOf(architecture.Span.File).Names));
            return null;
        }

        return new TensorBinder(names, diagnostics).Initializer(init.Initializer) is { } bound ? new BoundInit(init.Block, init.Tensor, bound.Name, bound.Arguments, init.Span) : null;
    }

    // Functions are no names of sizes; '..' is one axis in the input of an architecture.
    private static IEnumerable<string> Names(Expr axis) => axis switch
    {
        NameExpr n => [n.Name],
        RangeExpr { From: null, To: null } => ["d0"],
        CallExpr c => c.Arguments.SelectMany(a => Names(a.Value)),
        _ => ExprWalker.Children(axis).SelectMany(Names),
    };

    private Definition? BindSize(Definition size, BoundBlock body, Architecture architecture)
    {
        var block = architecture.Body;
        var statics = body.StaticTypes.Where(t => block.Params.Any(p => p.Name == t.Key) || block.Definitions.Any(d => d.Name == t.Key)).ToDictionary(t => t.Key, t => t.Value);
        var symbols = block.Inputs[0].Axes.SelectMany(Names).Where(n => n != "_" && !statics.ContainsKey(n)).Distinct().ToList();
        if (!symbols.Contains(size.Name))
        {
            var known = symbols.Count > 0 ? $"; they are {string.Join(", ", symbols)}" : "; it has none, since the parameters decide all";
            diagnostics.Add(Rules.UnknownName, size.Span, $"'{size.Name}' is no size that the input brings{known}.", Suggest.Nearest(size.Name, symbols));
            return null;
        }

        if (architecture.Sizes.First(s => s.Name == size.Name) != size)
        {
            diagnostics.Add(Rules.DuplicateName, size.Span, $"'{size.Name}' has a size already.");
            return null;
        }

        var bag = new DiagnosticBag();
        var bound = new StaticBinder(n => statics.TryGetValue(n, out var type) ? type : null, () => statics.Keys, _ => null, bag).BindAs(size.Value, ParamType.Int, $"The size of '{size.Name}'");
        diagnostics.AddRange(bag.Items);
        return bound is null ? null : size with { Value = bound };
    }

    // A defect of ours in one block is an error at that block, not the end of the compilation.
    private BoundBlock? Guarded(Block block, Func<BoundBlock?> bind)
    {
        try
        {
            return bind();
        }
        catch (InvalidOperationException e)
        {
            diagnostics.Add(Rules.Internal, block.Span, $"{block.Name}: {e.Message}");
            return null;
        }
    }

    private BoundBlock? BindBody(Block block, Func<string, LevelPlan?> levels, bool isArchitecture, out bool ok)
    {
        var bag = new DiagnosticBag();
        var names = new BlockNames(block, bag);
        foreach (var d in block.Definitions)
        {
            var statics = new StaticBinder(n => names.Statics.TryGetValue(n, out var t) ? t : null, () => names.Statics.Keys, _ => null, bag);
            if (names.Statics.ContainsKey(d.Name)) bag.Add(Rules.DuplicateName, d.Span, $"'{d.Name}' is declared twice in {block.Name}.");
            else if (statics.Bind(d.Value) is { } value) names.Statics[d.Name] = value.Type;
            // So that what uses it does not complain as well.
            else names.Statics[d.Name] = ParamType.Int;
        }

        var scope = scopeOf(block.Span.File);
        var modules = new ModuleBinder(names, scope, bag);
        var plans = modules.BindAll(block.Modules);
        var tensors = new TensorBinder(names, bag);
        var bound = block.Parameters.Select(t => tensors.Bind(t, TensorRole.Parameter)).Concat(block.Buffers.Select(t => tensors.Bind(t, TensorRole.Buffer))).OfType<BoundTensor>().ToEquatableArray();
        var defaults = block.Params.Where(p => p.Type == ParamType.Block && p.Default is not null)
            .Select(p => (p.Name, Value: modules.BindBlockValue(p.Default!))).Where(d => d.Value is not null).ToDictionary(d => d.Name, d => d.Value!);
        CheckDefaults(block, bag);
        CheckContracts(block, names, bag);

        var constants = block.Constants.Select(c => new BoundConstant(c.Name, new CodeBinder(ConstantNames(names, c), _ => null, bag).Bind(c.Code, [], c.Span), c.Role, c.Span, tensors.Condition(c.Condition))).ToEquatableArray();
        // What it contains is bound first: what a child gives decides what its name means here.
        ok = true;
        var blockParams = _openParams[(block.Span.File, block.Name)] = modules.BlockParams.ToDictionary(p => p.Key, p => p.Value);
        foreach (var plan in plans) Visit(plan.Plan, blockParams, false, ref ok);

        var forward = new CodeBinder(names, levels, bag, path => Signature(plans, path)) { HasMode = true, GivesOutputs = isArchitecture };
        var code = forward.Bind(block.Forward, block.Inputs, block.Span);
        var variables = new Dictionary<string, ParamType>();
        var inverse = InverseBinder.Bind(names, variables, bag);
        if (!bag.HasErrors) ReportUnused(block, bound, forward, bag);
        diagnostics.AddRange(bag.Items);
        ok &= !bag.HasErrors;
        foreach (var p in block.Params.Where(p => p.Type == ParamType.Block && !blockParams.ContainsKey(p.Name)))
        {
            // Nobody says what it would be applied to, so nothing could be generated for it.
            diagnostics.Add(Rules.Arguments, p.Span, $"'{p.Name}' of {block.Name} is a block that none of its modules uses.", "Remove it, or use it in modules:.");
            ok = false;
        }

        var types = new Dictionary<string, ParamType>(names.Statics);
        foreach (var v in forward.StaticVariables.Concat(variables)) types[v.Key] = v.Value;
        return ok ? new BoundBlock(block, plans, bound, constants, code, types, blockParams, defaults, inverse) : null;
    }

    /// <summary>What is known of a child; null where a parameter brings it.</summary>
    private ChildSignature? Signature(EquatableArray<ModulePlanEntry> plans, ModulePath path)
    {
        var plan = plans.FirstOrDefault(p => p.Name == path.Name)?.Plan;
        foreach (var step in path.Steps) plan = plan is null ? null : TrunkNames.Inside(plan, step);
        return plan is null ? null : Signature(plan);
    }

    private ChildSignature? Signature(ModulePlan plan) => plan switch
    {
        Construct { Target.Applied.IsTrunk: true } c => new ChildSignature(c.Target.Inputs, [true]),
        ConstructParam { IsTrunk: true } => new ChildSignature(default, [true]),
        Construct c => new ChildSignature(c.Target.Inputs, Results(c.Target)),
        Choose c => Signature(c.Then) ?? Signature(c.Else),
        _ => null,
    };

    // As declared; else as bound. A block that contains itself is not yet bound where it calls itself.
    private EquatableArray<bool>? Results(Block block)
    {
        // A whole architecture gives its output, the last where it has others for losses.
        if (block.Applied is { IsTrunk: false }) return [false];
        if (block.Outputs.Count > 0) return block.Outputs.Select(o => o.List is not null).ToEquatableArray();
        return _bound.TryGetValue((block.Span.File, block.Name), out var bound) && bound is not null ? CodeWalker.Results(bound.Forward) : null;
    }

    private void Visit(ModulePlan plan, Dictionary<string, EquatableArray<BlockSlot>> blockParams, bool isConditional, ref bool ok)
    {
        switch (plan)
        {
            case Construct c:
                VisitArguments(c.Target, c.Arguments, c.Span, blockParams, isConditional, ref ok);
                break;
            case Choose c:
                Visit(c.Then, blockParams, true, ref ok);
                Visit(c.Else, blockParams, true, ref ok);
                break;
            case ChainPlan c:
                foreach (var child in c.Children) Visit(child.Plan, blockParams, isConditional, ref ok);
                break;
            case RepeatPlan r:
                // A count may be 0.
                Visit(r.Body, blockParams, true, ref ok);
                break;
        }
    }

    private void VisitArguments(Block block, EquatableArray<BoundArgument> arguments, SourceSpan at, Dictionary<string, EquatableArray<BlockSlot>> blockParams, bool isConditional, ref bool ok)
    {
        var target = Bind(block, isConditional, out var isOpen);
        ok &= target is not null || isOpen;
        // Of a block that contains itself it is known so far how it applies its parameters in its own modules.
        IReadOnlyDictionary<string, EquatableArray<BlockSlot>>? applied = isOpen ? _openParams[(block.Span.File, block.Name)] : target?.BlockParams;
        foreach (var a in arguments)
        {
            EquatableArray<BlockSlot>? slots = applied is not null && applied.TryGetValue(a.Param.Name, out var types) ? types : isOpen ? null : default(EquatableArray<BlockSlot>);
            VisitArgument(a.Value, at, slots, blockParams, ref ok);
        }
    }

    private void VisitArgument(BoundArgumentValue value, SourceSpan at, EquatableArray<BlockSlot>? slots, Dictionary<string, EquatableArray<BlockSlot>> blockParams, ref bool ok)
    {
        switch (value)
        {
            case BlockArgument b:
                // It is made only where it is applied.
                VisitArguments(b.Target, b.Arguments, at, blockParams, true, ref ok);
                break;
            case ForwardedBlock f:
                // A parameter that is only handed on is applied as the receiver applies it.
                if (slots is not { } applied) break;
                if (!blockParams.TryGetValue(f.Param, out var before)) blockParams[f.Param] = applied;
                else if (before != applied)
                {
                    diagnostics.Add(Rules.Arguments, at, $"'{f.Param}' is applied to ({Display(before)}) in one place and handed to a block that applies it to ({Display(applied)}); it must be one signature.");
                    ok = false;
                }

                break;
            case ChosenBlock c:
                VisitArgument(c.Then, at, slots, blockParams, ref ok);
                VisitArgument(c.Else, at, slots, blockParams, ref ok);
                break;
        }
    }

    private static string Display(EquatableArray<BlockSlot> slots) => string.Join(", ", slots.Select(s => s.Name is null ? TypeNames.Of(s.Type) : $"{s.Name}: {TypeNames.Of(s.Type)}"));

    // A constant is computed before the module lives: it sees parameters and definitions only, and constants declared before it.
    private static BlockNames ConstantNames(BlockNames names, ConstantDeclaration constant)
    {
        var own = new BlockNames(names.Block with { Inputs = default, Modules = default, Parameters = default, Buffers = default, Constants = names.Block.Constants.TakeWhile(c => c.Name != constant.Name).ToEquatableArray() }, new DiagnosticBag());
        foreach (var s in names.Statics) own.Statics[s.Key] = s.Value;
        return own;
    }

    private static void CheckDefaults(Block block, DiagnosticBag bag)
    {
        var statics = new StaticBinder(_ => null, () => [], _ => null, bag);
        foreach (var p in block.Params.Where(p => p.Default is not null && p.Type != ParamType.Block)) statics.BindAs(p.Default!, p.Type, $"The default of '{p.Name}'");
    }

    private static void CheckContracts(Block block, BlockNames names, DiagnosticBag bag)
    {
        if (block.Inputs.Count == 0) bag.Add(Rules.MissingKey, block.Span, $"{block.Name} needs an input line: its tensors and their axes, such as x[B, N, dim].");
        foreach (var contract in block.Inputs.Concat(block.Outputs))
        {
            var ellipses = contract.Axes.Where(a => a is RangeExpr).ToList();
            if (ellipses.Count > 1 || ellipses.Exists(e => e is not RangeExpr { From: null, To: null })) bag.Add(Rules.Contract, contract.Span, "A contract has '..' (any number of axes) at most once.");
            var index = contract.List?.Index;
            if (index is not null && names.Statics.ContainsKey(index)) bag.Add(Rules.DuplicateName, contract.Span, $"The index '{index}' hides another name.");
            if (contract.List?.Count is { } count) new StaticBinder(n => names.Statics.TryGetValue(n, out var t) ? t : null, () => names.Statics.Keys, _ => null, bag).BindAs(count, ParamType.Int, "The length of a list");
            foreach (var written in contract.Axes.Where(a => a is not RangeExpr and not NameExpr))
            {
                var axis = ContractAxes.Unfold(written, n => names.Statics.TryGetValue(n, out var t) && TypeNames.ElementOf(t) is not null, _ => 0);
                // New names inside an expression are symbols as well; what they are is solved at instantiation.
                var symbols = Symbols(axis).Where(n => !names.Statics.ContainsKey(n)).ToList();
                foreach (var s in symbols.Where(s => block.Inputs.Contains(contract) && !contract.IsOptional && s != index)) names.Axes.Add(s);
                new StaticBinder(n => names.Statics.TryGetValue(n, out var t) ? t : symbols.Contains(n) ? ParamType.Int : null, () => names.Statics.Keys, _ => null, bag).BindAs(axis, ParamType.Int, "An axis");
            }
        }
    }

    private static IEnumerable<string> Symbols(Expr e) => e switch
    {
        NameExpr n => [n.Name],
        CallExpr c => c.Arguments.SelectMany(a => Symbols(a.Value)),
        _ => ExprWalker.Children(e).SelectMany(Symbols),
    };

    private static void ReportUnused(Block block, IEnumerable<BoundTensor> tensors, CodeBinder forward, DiagnosticBag bag)
    {
        foreach (var m in block.Modules.Where(m => !forward.UsedModules.Contains(m.Name))) bag.Add(Rules.Unused, m.Span, $"Module '{m.Name}' of {block.Name} is never called by its forward.");
        // An integer is data for whoever loads the state dict: a size, a counter.
        foreach (var t in tensors.Where(t => !t.IsInteger && !forward.UsedStates.Contains(t.Name))) bag.Add(Rules.Unused, t.Span, $"'{t.Name}' of {block.Name} is never read by its forward.");
    }

    private Func<string, LevelPlan?> Levels(Architecture architecture)
    {
        if (architecture.Features is not { } features) return _ => null;
        var plans = new Dictionary<string, LevelPlan>();
        var offset = (Expr)new IntLiteral(0, features.Span);
        foreach (var reference in features.Modules)
        {
            var (name, child, element) = Referenced(reference);
            var module = architecture.Body.Modules.FirstOrDefault(m => m.Name == name);
            if (name is null || module is null)
            {
                diagnostics.Add(Rules.UnknownName, reference.Span, $"features names modules of the architecture; there is no '{name ?? "?"}'.", name is null ? null : Suggest.Nearest(name, architecture.Body.Modules.Select(m => m.Name)));
                continue;
            }

            var at = offset;
            var plan = plans.TryGetValue(name, out var before) ? before : null;
            switch (module.Entry)
            {
                case RepeatEntry repeat when child is null && element is null:
                    plans[name] = new LevelPlan(i => Sum(at, i)) { Count = repeat.Count };
                    offset = Sum(at, repeat.Count);
                    continue;
                case RepeatEntry repeat when element is not null:
                    var index = element is FromEndExpr end ? new BinaryExpr("-", repeat.Count, end.Operand, end.Span) : element;
                    plans[name] = new LevelPlan(i => new ConditionalExpr(new BinaryExpr("==", i, index, index.Span), at, plan?.Level(i) ?? new IntLiteral(-1, features.Span), index.Span)) { Count = repeat.Count };
                    break;
                case ChainEntry chain when (child ?? (element as IntLiteral)?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { } key:
                    if (!chain.Children.Any(c => c.Name == key))
                    {
                        diagnostics.Add(Rules.UnknownName, reference.Span, $"'{name}' has no child '{key}'.", Suggest.Nearest(key, chain.Children.Select(c => c.Name)));
                        continue;
                    }

                    plans[name] = new LevelPlan(_ => new IntLiteral(-1, features.Span)) { Chain = chain, Children = new Dictionary<string, Expr>(plan?.Children ?? []) { [key] = at } };
                    break;
                case var _ when child is null && element is null:
                    plans[name] = new LevelPlan(_ => at);
                    break;
                default:
                    diagnostics.Add(Rules.Unsupported, reference.Span, $"'{name}' is neither a repetition nor a chain written here: its parts cannot be levels.");
                    continue;
            }

            offset = Sum(at, new IntLiteral(1, features.Span));
        }

        return name => plans.TryGetValue(name, out var plan) ? plan : null;
    }

    // blocks, blocks[2], blocks[^1], features[2], features.norm0: a module, a child by name, a child by index.
    private static (string? Name, string? Child, Expr? Element) Referenced(Expr reference) => reference switch
    {
        NameExpr n => (n.Name, null, null),
        MemberExpr { Target: NameExpr n } m => (n.Name, m.Name, null),
        IndexExpr { Target: NameExpr n, Indices: { Count: 1 } indices } when indices[0] is not RangeExpr => (n.Name, null, indices[0]),
        _ => default,
    };

    private static Expr Sum(Expr a, Expr b) => (a, b) switch
    {
        (IntLiteral x, IntLiteral y) => new IntLiteral(x.Value + y.Value, a.Span),
        (IntLiteral { Value: 0 }, _) => b,
        _ => new BinaryExpr("+", a, b, a.Span),
    };
}
