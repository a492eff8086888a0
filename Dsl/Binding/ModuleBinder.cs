using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Resolves how the children of a block are made: entries to <see cref="ModulePlan"/>s.</summary>
internal sealed class ModuleBinder(BlockNames names, IBlockScope scope, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, ParamType> _indices = [];
    private readonly Dictionary<string, EquatableArray<BlockSlot>> _blockParams = [];

    /// <summary>For each parameter of type block, the types of the arguments it is applied to here.</summary>
    public IReadOnlyDictionary<string, EquatableArray<BlockSlot>> BlockParams => _blockParams;

    /// <summary>The children of the block; what a trunk knows of its levels (<c>body.channels</c>) is a name for those after it.</summary>
    public EquatableArray<ModulePlanEntry> BindAll(EquatableArray<ModuleDeclaration> declarations)
    {
        var entries = new List<ModulePlanEntry>();
        foreach (var d in declarations)
        {
            var plan = Bind(d.Entry);
            entries.Add(new ModulePlanEntry(d.Name, plan, d.Span));
            if (!TrunkNames.HasLevels(plan)) continue;
            foreach (var name in TrunkNames.Of(d.Name)) names.Statics[name] = ParamType.IntList;
        }

        return entries.ToEquatableArray();
    }

    private EquatableArray<ModulePlanEntry> Bind(EquatableArray<ModuleDeclaration> declarations)
        => declarations.Select(d => new ModulePlanEntry(d.Name, Bind(d.Entry), d.Span)).ToEquatableArray();

    /// <summary>An argument for a parameter of type block; null after a diagnostic.</summary>
    public BoundArgumentValue? BindBlockValue(Expr value)
    {
        switch (value)
        {
            case NoneLiteral: return new NoBlock();
            case NameExpr n when names.Statics.TryGetValue(n.Name, out var type):
                if (type == ParamType.Block) return new ForwardedBlock(n.Name);
                diagnostics.Add(Rules.Type, n.Span, $"A block is expected; '{n.Name}' is {TypeNames.Of(type)}.");
                return null;
            case NameExpr n:
                return Target(n) is { } block ? new BlockArgument(block, default) : null;
            case CallExpr { Callee: NameExpr n } call:
                return Target(n) is { } target ? new BlockArgument(target, Arguments(target, call, partial: true)) : null;
            case ConditionalExpr c:
                return Condition(c.Condition) is { } condition && BindBlockValue(c.Then) is { } then && BindBlockValue(c.Else) is { } otherwise
                    ? new ChosenBlock(condition, then, otherwise) : null;
            default:
                diagnostics.Add(
                    Rules.Type, value.Span, "A block is expected: a name, or a name with some of its arguments.",
                    AppliedArchitecture.NamesTrunk(value) ? $"A parameter takes the architecture; its levels are chosen where it is applied: param.{AppliedArchitecture.Features}(..)." : null);
                return null;
        }
    }

    private StaticBinder Statics => new(Type, () => names.Statics.Keys.Concat(_indices.Keys), _ => null, diagnostics);

    private ParamType? Type(string name) => _indices.TryGetValue(name, out var index) ? index : names.Statics.TryGetValue(name, out var type) ? type : null;

    private ModulePlan Bind(ModuleEntry entry)
    {
        switch (entry)
        {
            case UseEntry use:
                return Use(use.Value);
            case ChainEntry chain:
                return new ChainPlan(Bind(chain.Children), chain.Span);
            case WhenEntry choice:
                var condition = Condition(choice.Condition);
                var then = Bind(choice.Then);
                var otherwise = choice.Else is null ? new AbsentModule(choice.Span) : Bind(choice.Else);
                return condition is null ? then : new Choose(condition, then, otherwise, choice.Span);
            case RepeatEntry repeat:
                var count = Statics.BindAs(repeat.Count, ParamType.Int, "A count");
                var shadowed = _indices.TryGetValue(repeat.Index, out var outer);
                if (shadowed || names.Statics.ContainsKey(repeat.Index)) diagnostics.Add(Rules.DuplicateName, repeat.Span, $"The index '{repeat.Index}' hides another name; choose one of its own with 'as' or 'index'.");
                _indices[repeat.Index] = ParamType.Int;
                var body = Bind(repeat.Body);
                var template = repeat.Names is null ? null : Statics.Bind(repeat.Names)?.Expr as InterpolationExpr;
                if (shadowed) _indices[repeat.Index] = outer;
                else _indices.Remove(repeat.Index);
                return new RepeatPlan(count ?? new IntLiteral(0, repeat.Span), repeat.Index, body, template, repeat.Span);
            default:
                throw new InvalidOperationException(entry.GetType().Name);
        }
    }

    private Expr? Condition(Expr e) => Statics.BindAs(e, ParamType.Bool, "A condition");

    private ModulePlan Use(Expr value)
    {
        switch (value)
        {
            case NoneLiteral: return new AbsentModule(value.Span);
            case ConditionalExpr c:
                var condition = Condition(c.Condition);
                var then = Use(c.Then);
                var otherwise = Use(c.Else);
                return condition is null ? then : new Choose(condition, then, otherwise, c.Span);
            case NameExpr n: return Apply(n, new CallExpr(n, default, n.Span));
            case CallExpr { Callee: NameExpr n } call: return Apply(n, call);
            case MemberExpr or CallExpr when AppliedArchitecture.NamesTrunk(value):
                var (architecture, levels) = Member(value);
                if (names.Statics.TryGetValue(architecture.Name, out var type) && type == ParamType.Block) return ApplyParam(architecture, levels, isTrunk: true);
                return Trunk(architecture) is { } trunk ? new Construct(trunk, Arguments(trunk, levels, partial: false), value.Span) : new AbsentModule(value.Span);
            default:
                diagnostics.Add(Rules.Type, value.Span, "A module is expected: block(arguments), a conditional of such, or none.");
                return new AbsentModule(value.Span);
        }
    }

    private ModulePlan Apply(NameExpr name, CallExpr call)
    {
        if (names.Statics.TryGetValue(name.Name, out var type))
        {
            if (type == ParamType.Block) return ApplyParam(name, call);
            diagnostics.Add(Rules.Type, name.Span, $"A block is expected; '{name.Name}' is {TypeNames.Of(type)}.");
            return new AbsentModule(name.Span);
        }

        return Target(name) is { } target ? new Construct(target, Arguments(target, call, partial: false), call.Span) : new AbsentModule(name.Span);
    }

    // name.features(args) or name.features: the name, and the call with its arguments.
    private static (NameExpr Name, CallExpr Call) Member(Expr value)
    {
        var member = (MemberExpr)(value is CallExpr c ? c.Callee : value);
        return ((NameExpr)member.Target, value as CallExpr ?? new CallExpr(member, default, value.Span));
    }

    private Block? Trunk(NameExpr name)
    {
        if (Target(name) is not { } block) return null;
        if (block.Applied is not null) return AppliedArchitecture.Trunk(block);
        diagnostics.Add(Rules.Type, name.Span, $"'{name.Name}' is a block; only an architecture has '.{AppliedArchitecture.Features}'.");
        return null;
    }

    private ModulePlan ApplyParam(NameExpr name, CallExpr call, bool isTrunk = false)
    {
        var bound = new List<(BlockSlot Slot, Expr Value)>();
        foreach (var a in call.Arguments)
        {
            if (a.Name is null && bound.Exists(b => b.Slot.Name is not null)) diagnostics.Add(Rules.Arguments, a.Span, "Positional arguments come before named ones.");
            if (Statics.Bind(a.Value) is { } b) bound.Add((new BlockSlot(a.Name, b.Type), b.Expr));
        }

        if (bound.Count < call.Arguments.Count) return new AbsentModule(call.Span);
        if (isTrunk)
        {
            var levels = bound.FindIndex(b => b.Slot.Name == AppliedArchitecture.OutIndices);
            var value = levels < 0 ? new ListExpr(default, call.Span) : bound[levels].Value;
            if (levels >= 0) bound.RemoveAt(levels);
            bound.Add((new BlockSlot(AppliedArchitecture.OutIndices, ParamType.IntList, IsTrunk: true), value));
        }

        var slots = bound.Select(b => b.Slot).ToEquatableArray();
        if (!_blockParams.TryGetValue(name.Name, out var before)) _blockParams[name.Name] = slots;
        else if (before != slots) diagnostics.Add(Rules.Arguments, call.Span, $"'{name.Name}' is applied to ({Display(slots)}) here and to ({Display(before)}) elsewhere; it must be one signature.");
        return new ConstructParam(name.Name, bound.Select(b => b.Value).ToEquatableArray(), call.Span) { IsTrunk = isTrunk };
    }

    private static string Display(EquatableArray<BlockSlot> slots) => string.Join(", ", slots.Select(s => s.Name is null ? TypeNames.Of(s.Type) : $"{s.Name}: {TypeNames.Of(s.Type)}"));

    private Block? Target(NameExpr name)
    {
        if (scope.Find(name.Name) is { } block) return block;
        var known = scope.Names.Concat(names.Block.Params.Where(p => p.Type == ParamType.Block).Select(p => p.Name));
        diagnostics.Add(Rules.UnknownName, name.Span, $"'{name.Name}' is no block in scope.", Suggest.Nearest(name.Name, known) ?? "Is its library or architecture in use:?");
        return null;
    }

    private EquatableArray<BoundArgument> Arguments(Block target, CallExpr call, bool partial)
    {
        var given = new Dictionary<string, BoundArgument>();
        var position = 0;
        foreach (var a in call.Arguments)
        {
            Param? param;
            if (a.Name is null)
            {
                param = position < target.Params.Count ? target.Params[position] : null;
                position++;
                if (param is null)
                {
                    diagnostics.Add(Rules.Arguments, a.Span, $"Too many arguments for {TypeNames.Signature(target)}.");
                    continue;
                }
            }
            else
            {
                param = target.Params.FirstOrDefault(p => p.Name == a.Name);
                if (param is null)
                {
                    diagnostics.Add(Rules.Arguments, a.Span, $"{target.Name} has no parameter '{a.Name}'; it is {TypeNames.Signature(target)}.", Suggest.Nearest(a.Name, target.Params.Select(p => p.Name)));
                    continue;
                }
            }

            if (given.ContainsKey(param.Name))
            {
                diagnostics.Add(Rules.Arguments, a.Span, $"'{param.Name}' of {target.Name} is given twice.");
                continue;
            }

            BoundArgumentValue? value = param.Type == ParamType.Block ? BindBlockValue(a.Value)
                : Statics.BindAs(a.Value, param.Type, $"'{param.Name}' of {target.Name}") is { } e ? new StaticArgument(e) : null;
            // One that is wrong has had its diagnostic; it counts as given.
            given[param.Name] = new BoundArgument(param, value ?? new StaticArgument(a.Value));
        }

        if (!partial)
        {
            var missing = target.Params.Where(p => p.Default is null && !given.ContainsKey(p.Name)).Select(p => $"'{p.Name}'").ToList();
            if (missing.Count > 0) diagnostics.Add(Rules.Arguments, call.Span, $"{target.Name} needs {string.Join(", ", missing)}; it is {TypeNames.Signature(target)}.");
        }

        return target.Params.Where(p => given.ContainsKey(p.Name)).Select(p => given[p.Name]).ToEquatableArray();
    }
}
