using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Writes the fields of a class and the constructor's statements that fill and register them, in state-dict order.</summary>
internal sealed class ConstructorEmitter
{
    private readonly BlockContext _context;
    private readonly BoundBlock _bound;
    private readonly SourceWriter _writer;
    private readonly NameScope _names = new();
    private readonly Dictionary<string, string> _statics = [];
    private readonly ExpressionPrinter _printer;
    private readonly ModulePrinter _modules;

    public ConstructorEmitter(BlockContext context, Signatures signatures, SourceWriter writer)
    {
        (_context, _bound, _writer) = (context, context.Bound, writer);
        foreach (var name in ReservedNames.Types) _names.Reserve(name);
        // What the constructor of a backbone has beside the parameters of the declaration.
        foreach (var name in context.IsBackbone ? ["options", "variant", "levels"] : Array.Empty<string>()) _names.Reserve(name);
        foreach (var p in _bound.Block.Params) _statics[p.Name] = _names.Take(p.Name);
        foreach (var d in _bound.Block.Definitions) _statics[d.Name] = _names.Take(d.Name);
        _printer = new ExpressionPrinter(
            n => _statics.TryGetValue(n, out var text) ? text : TrunkText.Of(context, n, Field) ?? Naming.Identifier(n), context.Kind, l => throw new InvalidOperationException($"'{l.Name}' is no static value."));
        _modules = new ModulePrinter(signatures, _names);
        Signatures = signatures;
    }

    private Signatures Signatures { get; }

    /// <summary>Prints static expressions over the constructor's parameters and locals.</summary>
    public ExpressionPrinter Printer => _printer;

    /// <summary>The identifier of a parameter or definition in the constructor.</summary>
    public string Static(string name) => _statics[name];

    /// <summary>The definitions, in order, that these expressions need, directly or through other definitions.</summary>
    public IReadOnlyList<Definition> Needed(IEnumerable<string> names)
    {
        var needed = new HashSet<string>(names);
        foreach (var d in _bound.Block.Definitions.Reverse())
        {
            if (needed.Contains(d.Name)) needed.UnionWith(ExprTree.Names(d.Value));
        }

        return [.. _bound.Block.Definitions.Where(d => needed.Contains(d.Name))];
    }

    /// <summary>The static names that the constructor reads.</summary>
    public IEnumerable<string> Names() => _bound.Modules.SelectMany(m => Plans.Names(m.Plan))
        .Concat(_bound.Tensors.SelectMany(t => t.Axes.Concat(t.Arguments.Select(a => a.Size)).Concat(t.Condition is null ? [] : [t.Condition]).Concat(t.Count is null ? [] : [t.Count]).SelectMany(ExprTree.Names)))
        .Concat(_bound.Constants.Where(c => c.Condition is not null).SelectMany(c => ExprTree.Names(c.Condition!)))
        .Concat(_context.Stored.Keys);

    /// <summary>Writes the fields.</summary>
    /// <param name="isReplaceable">Whether a child can be replaced later.</param>
    public void WriteFields(Func<string, bool> isReplaceable)
    {
        foreach (var t in _bound.Tensors)
        {
            var type = (t.Role == TensorRole.Parameter ? "Parameter" : "Tensor") + (t.Count is not null ? "[]" : t.Condition is null ? "" : "?");
            _writer.Line($"public readonly {type} {_context.State(t.Name)};");
        }

        foreach (var c in _bound.Constants) _writer.Line($"{(c.Role == TensorRole.Constant ? "private" : "public")} readonly {(c.Role == TensorRole.Parameter ? "Parameter" : "Tensor")}{(c.Condition is null ? "" : "?")} {_context.State(c.Name)};");
        foreach (var m in _bound.Modules) _writer.Line($"public {(isReplaceable(m.Name) ? "" : "readonly ")}{FieldType(m)} {_context.Module(m.Name)};");
        foreach (var s in _context.Stored) _writer.Line($"private readonly {Type(s.Key)} {s.Value};");
        if (_bound.Tensors.Count + _bound.Constants.Count + _bound.Modules.Count + _context.Stored.Count > 0) _writer.Line();
    }

    /// <summary>Writes locals for definitions, and keeps what methods read.</summary>
    public void WriteStatics()
    {
        foreach (var d in Needed(Names())) _writer.Line(Definition(d));
        foreach (var line in StoredAssignments()) _writer.Line(line);
    }

    /// <summary>The local of a definition.</summary>
    public string Definition(Definition d) => $"{Type(d.Name)} {_statics[d.Name]} = {_printer.Print(d.Value, _context.Kind(d.Name))};";

    /// <summary>What keeps the static values that methods read.</summary>
    public IEnumerable<string> StoredAssignments() => _context.Stored.Select(s => $"{Field(s.Value)} = {_statics[s.Key]};");

    /// <summary>Writes parameters and buffers, constants, then children: each made, filled and registered.</summary>
    public void WriteMembers()
    {
        foreach (var t in _bound.Tensors)
        {
            if (t.Count is null) WriteIf(t.Condition, () => WriteTensor(t));
            else WriteList(t, t.Count);
        }

        foreach (var c in _bound.Constants) WriteIf(c.Condition, () => WriteComputed(c));

        foreach (var m in _bound.Modules) WriteModule(m);
    }

    /// <summary>The expression that makes a child.</summary>
    public string Make(ModulePlanEntry module) => _modules.Print(module.Plan, _printer);

    /// <summary>A function that makes a module, for a parameter of type block.</summary>
    public string Function(BoundArgumentValue value, EquatableArray<BlockSlot> slots) => _modules.Function(value, slots, _printer);

    /// <summary>How the constructor names a field: a parameter of the same name hides it.</summary>
    public string Field(string field) => _statics.ContainsValue(field) ? "this." + field : field;

    /// <summary>The method that computes a constant.</summary>
    public static string ConstantMethod(BoundConstant constant) => "Make" + Naming.Class(constant.Name);

    private static string Registration(TensorRole role) => role switch
    {
        TensorRole.Parameter => "register_parameter(",
        TensorRole.Buffer => "register_buffer(",
        _ => "TransientBuffers.Register(this, ",
    };

    private string Type(string name) => StaticKinds.CSharp(_context.Kind(name));

    /// <summary>The type of a child's field.</summary>
    public string FieldType(ModulePlanEntry module)
    {
        var call = Reads.Nested(_bound.Forward.Body).OfType<CallModule>().FirstOrDefault(c => c.Module.Name == module.Name && c.Module.Steps.Count == 0);
        var element = Reads.Nested(_bound.Forward.Body).OfType<CallModule>().FirstOrDefault(c => c.Module.Name == module.Name && c.Module.Steps.Count == 1);
        if (Plans.Named(module.Plan) is { Count: > 0 } named)
        {
            var types = named.Select(r => _modules.Type(r.Body, element)).Distinct().ToList();
            return (types.Count == 1 ? types[0] : TensorTypes.Module(element)) + "[]";
        }

        return module.Plan is RepeatPlan repeat ? $"Blocks<{_modules.Type(repeat.Body, element)}>" : _modules.Type(module.Plan, call);
    }

    private void WriteIf(Expr? condition, Action write)
    {
        using SourceWriter.Scope? _ = condition is null ? null : _writer.Block($"if ({_printer.Print(condition)})");
        write();
    }

    private void WriteComputed(BoundConstant c)
    {
        var (field, value) = (Field(_context.State(c.Name)), $"{ConstantMethod(c)}()");
        _writer.Line($"{field} = {(c.Role == TensorRole.Parameter ? $"Init.computed({value})" : value)};");
        _writer.Line($"{Registration(c.Role)}{Naming.Literal(c.Name)}, {field});");
    }

    private void WriteTensor(BoundTensor t)
    {
        var field = Field(_context.State(t.Name));
        WriteMade(t, field, _printer);
        _writer.Line($"{Registration(t.Role)}{Naming.Literal(t.Name)}, {field});");
    }

    // name.0, name.1, ..: as ParameterList has it.
    private void WriteList(BoundTensor t, Expr number)
    {
        var field = Field(_context.State(t.Name));
        var type = t.Role == TensorRole.Parameter ? "Parameter" : "Tensor";
        var count = t.Condition is null ? _printer.Print(number) : $"{_printer.Primary(t.Condition)} ? {_printer.Print(number)} : 0";
        _writer.Line($"{field} = new {type}[{count}];");
        var index = _names.Inner().Take(t.Index ?? "i");
        var printer = t.Index is null ? _printer : _printer.With(new Dictionary<string, string> { [t.Index] = index }, StaticKind.Int32);
        using (_writer.Block($"for (var {index} = 0; {index} < {field}.Length; {index}++)")) WriteMade(t, $"{field}[{index}]", printer);
        _writer.Line($"register_module({Naming.Literal(t.Name)}, new TensorList({field}));");
    }

    private void WriteMade(BoundTensor t, string field, ExpressionPrinter printer)
    {
        var type = t.IsInteger ? ", dtype: torch.int64" : "";
        var empty = $"torch.empty([{string.Join(", ", t.Axes.Select(printer.Print))}]{type})";
        _writer.Line($"{field} = {(t.Role == TensorRole.Parameter ? $"new Parameter({empty})" : empty)};");
        _writer.Line($"Init.{t.Initializer}({field}{string.Concat(t.Arguments.Select(a => $", {Naming.Identifier(a.Name)}: {printer.Print(a.Size)}"))});");
    }

    private void WriteModule(ModulePlanEntry module)
    {
        var field = Field(_context.Module(module.Name));
        if (Plans.Named(module.Plan).Count > 0)
        {
            WriteNamed(module.Plan, field, FieldType(module));
            return;
        }

        _writer.Lines($"{field} = {Make(module)};");
        _writer.Line($"register_module({Naming.Literal(module.Name)}, {field});");
    }

    // Elements that are the parent's own children, by one condition or another.
    private void WriteNamed(ModulePlan plan, string field, string type)
    {
        if (plan is Choose choose)
        {
            using (_writer.Block($"if ({_printer.Print(choose.Condition)})")) WriteNamed(choose.Then, field, type);
            using (_writer.Block("else")) WriteNamed(choose.Else, field, type);
            return;
        }

        var repeat = (RepeatPlan)plan;
        var inner = _names.Inner();
        var index = inner.Take(repeat.Index);
        var printer = _printer.With(new Dictionary<string, string> { [repeat.Index] = index }, StaticKind.Int32);
        // Elements may take or give arrays themselves.
        _writer.Line($"{field} = new {type.Substring(0, type.Length - 2)}[{_printer.Print(repeat.Count)}];");
        using var _ = _writer.Block($"for (var {index} = 0; {index} < {field}.Length; {index}++)");
        _writer.Lines($"{field}[{index}] = {new ModulePrinter(Signatures, inner).Print(repeat.Body, printer)};");
        _writer.Line($"register_module({printer.Print(repeat.Names!)}, {field}[{index}]);");
    }
}
