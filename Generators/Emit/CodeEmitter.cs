using System.Globalization;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Writes the body of one method from typed code: an instruction a line, each temporary released after its last use.</summary>
internal sealed class CodeEmitter
{
    /// <summary>The method that turns a level into a map.</summary>
    public const string LevelMap = "LevelMap";

    private readonly BlockContext _context;
    private readonly SourceWriter _writer;
    private readonly StatementMap _statements;
    private readonly LineMap _lines;
    private readonly Code? _levelMap;
    private readonly EquatableArray<Local> _inputs;
    private readonly bool _givesLevels;
    private readonly KnownShapes? _shapes;
    private readonly IEnumerable<TensorContract>? _contract;
    private readonly Dictionary<int, string> _tensors = [];
    private readonly Dictionary<string, string> _statics = [];
    private readonly Dictionary<string, StaticKind> _kinds = [];
    private readonly HashSet<int> _declared = [];
    private readonly HashSet<string> _declaredStatics = [];
    private readonly Placement _placement;
    private readonly OwnedBlock _body;
    private readonly NameScope _names;
    private readonly ExpressionPrinter _printer;

    /// <param name="context">The class.</param>
    /// <param name="code">What to write.</param>
    /// <param name="statements">The statements that it comes from, for comments.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="shapes">Shapes of tensor variables, where an instance tells them.</param>
    /// <param name="givesLevels">Whether the method has a <c>features</c> that levels go to.</param>
    /// <param name="levelMap">What turns a level into a map, given the level and maybe the input; null where levels are maps.</param>
    /// <param name="contract">Contracts of the code's inputs; null: those of the block.</param>
    public CodeEmitter(BlockContext context, Code code, IEnumerable<Statement> statements, SourceWriter writer, KnownShapes? shapes = null, bool givesLevels = false, Code? levelMap = null, IEnumerable<TensorContract>? contract = null)
    {
        (_context, _writer, _inputs, _givesLevels, _levelMap) = (context, writer, code.Inputs, givesLevels, levelMap);
        (_shapes, _contract) = (shapes, contract);
        _statements = new StatementMap(statements);
        _lines = new LineMap(writer);
        _names = context.Members.Inner();
        foreach (var p in context.Stored) _statics[p.Key] = p.Value;
        foreach (var input in code.Inputs) Declare(input);
        _body = Ownership.Analyze(code);
        _placement = new Placement(_body);
        _printer = new ExpressionPrinter(n => _statics.TryGetValue(n, out var text) ? text : TrunkText.Of(context, n) ?? Naming.Identifier(n), n => _kinds.TryGetValue(n, out var kind) ? kind : context.Kind(n), Tensor);
    }

    /// <summary>The method's parameters.</summary>
    public string Parameters(Code code) => string.Join(", ", code.Inputs.Select(i => $"{TensorTypes.Of(i)} {Tensor(i with { IsOptional = false })}"));

    /// <summary>Writes the method's statements.</summary>
    public void Write(Code code)
    {
        WriteAxes(code);
        WriteBlock(_body);
        _lines.End();
    }

    private string Declare(Local local)
    {
        _declared.Add(local.Id);
        return _tensors[local.Id] = _names.Take(local.Name);
    }

    // Code that reads a parameter or input which may be absent stands under the condition that it is there.
    private string Tensor(Local local) => Variable(local) + (local.Part is { } part ? $"[{_printer.Index(part)}]" : local.IsOptional ? "!" : "");

    private string Variable(Local local) => local.Kind == LocalKind.State ? _context.State(local.Name)
        : _tensors.TryGetValue(local.Id, out var text) ? text : _tensors[local.Id] = _names.Take(local.Name);

    // Where an absent one is a value like any other.
    private string Given(Local local) => Tensor(local.IsOptional ? local with { IsOptional = false } : local);

    private void WriteAxes(Code code)
    {
        var read = new HashSet<string>(Reads.Nested(code.Body).SelectMany(Reads.Statics).SelectMany(ExprTree.Names));
        var inputs = code.Inputs.ToDictionary(i => i.Name);
        foreach (var axis in _context.Axes(_contract))
        {
            if (!inputs.TryGetValue(axis.Input.Name ?? "x", out var local)) continue;
            var tensor = Tensor(local) + (local.IsList ? "[0]" : "");
            var size = $"{tensor}.size({axis.Axis.ToString(CultureInfo.InvariantCulture)})";
            if (axis.Factor is { } factor)
            {
                var printer = axis.Input.List?.Index is { } index ? _printer.With(new Dictionary<string, string> { [index] = "0" }, StaticKind.Int32) : _printer;
                var text = $"axis {axis.Axis.ToString(CultureInfo.InvariantCulture)} of {DeclarationText.Of(axis.Input)} % {DeclarationText.Of(factor)}";
                _writer.Line($"Guard.Divisible({size}, {printer.Print(factor)}, {Naming.Literal(text)}, {Naming.Literal(axis.Input.Span.Short)}, {tensor});");
                size += $" / {printer.Primary(factor)}";
            }

            if (!read.Contains(axis.Name)) continue;
            _statics[axis.Name] = _names.Take(axis.Name);
            _writer.Line($"var {_statics[axis.Name]} = {size};");
        }
    }

    private void WriteBlock(OwnedBlock block)
    {
        Release(block.ReleaseFirst);
        for (var i = 0; i < block.Steps.Count; i++)
        {
            var step = block.Steps[i];
            foreach (var local in _placement.DeclaredBefore(block, i))
            {
                _lines.Hide();
                _writer.Line($"{TensorTypes.Of(local)} {Declare(local)};");
            }

            foreach (var name in _placement.StaticsDeclaredBefore(block, i)) DeclareStatic(name);
            var next = i + 1 < block.Steps.Count ? block.Steps[i + 1] : null;
            if (next is not null && ReturnsResult(step, next))
            {
                Source(step.Instruction);
                _writer.Line($"return {Value(step)};");
                return;
            }

            WriteStep(step);
        }
    }

    /// <summary>Whether a step makes exactly what the next one returns, with nothing to do between.</summary>
    private static bool ReturnsResult(OwnedStep step, OwnedStep next)
        => next.Instruction is Return { Values: { Count: 1 } values }
            && step.Instruction is Apply { Results.Count: 1 } or CallModule { Results.Count: 1, Level: null } or MakeList
            && Reads.Results(step.Instruction)[0].Id == values[0].Id
            && step.ReleaseAfter.Count == 0 && step.Replaced.Count == 0;

    private void WriteStep(OwnedStep step)
    {
        switch (step.Instruction)
        {
            case Branch b:
                WriteBranch(b, step);
                return;
            case Loop l:
                WriteLoop(l, step);
                return;
            case Return r:
                WriteReturn(r);
                return;
            case SetStatic s:
                Source(s);
                WriteStatic(s);
                break;
            case Alias a:
                WriteAlias(a, step);
                break;
            default:
                Source(step.Instruction);
                Assign(Reads.Results(step.Instruction), step, Value(step));
                break;
        }

        // Before the releases, so that a level that nobody reads any more can still be given out.
        if (step.Instruction is CallModule { Level: { } level } call) WriteLevel(call, level, step);
        Release(step.ReleaseAfter);
    }

    /// <summary>Offers a level; where it was the last one wanted, releases what is held and ends the run.</summary>
    private void WriteLevel(CallModule call, Expr level, OwnedStep step)
    {
        if (!_givesLevels) return;
        _lines.Hide();
        var tensor = Tensor(call.Results[0]);
        var held = step.LiveAfter.Concat(step.ReleaseAfter).Select(Tensor).Distinct().ToList();
        var offer = $"features.Add({_printer.Int(level)}, ";
        if (_levelMap is null)
        {
            using var _ = _writer.Block($"if (features is not null && {offer}{tensor}))");
            Stop(held);
            return;
        }

        using (_writer.Block("if (features is not null)"))
        {
            var map = _names.Inner().Take("map");
            _writer.Line($"using var {map} = {LevelMap}({string.Join(", ", _levelMap.Inputs.Skip(1).Select(i => Tensor(_inputs.First(own => own.Name == i.Name))).Prepend(tensor))});");
            using (_writer.Block($"if ({offer}{map}))")) Stop(held);
        }
    }

    private void Stop(List<string> held)
    {
        foreach (var name in held) _writer.Line($"{name}.Dispose();");
        _writer.Line("return null;");
    }

    private void WriteBranch(Branch branch, OwnedStep step)
    {
        _lines.Hide();
        using (_writer.Block($"if ({_printer.Print(branch.Condition)})")) WriteBlock(step.First!);
        if (step.Second!.Steps.Count == 0 && step.Second.ReleaseFirst.Count == 0) return;
        _lines.Hide();
        using (_writer.Block("else")) WriteBlock(step.Second);
    }

    private void WriteLoop(Loop loop, OwnedStep step)
    {
        _lines.Hide();
        var from = _printer.Print(loop.From);
        // A conditional binds weaker than the comparison.
        var to = loop.To is ConditionalExpr ? _printer.Primary(loop.To) : _printer.Print(loop.To);
        var index = _names.Take(loop.Index);
        var had = _statics.TryGetValue(loop.Index, out var outer);
        (_statics[loop.Index], _kinds[loop.Index]) = (index, StaticKind.Int32);
        var type = _printer.Kind(loop.From) == StaticKind.Int32 ? "int" : "long";
        if (type == "long") _kinds[loop.Index] = StaticKind.Int64;
        using (_writer.Block($"for ({type} {index} = {from}; {index} < {to}; {index}++)")) WriteBlock(step.First!);
        if (had) _statics[loop.Index] = outer!;
        else _statics.Remove(loop.Index);
        _kinds.Remove(loop.Index);
        Release(step.ReleaseAfter);
    }

    private void WriteReturn(Return instruction)
    {
        Source(instruction);
        var moved = new HashSet<int>();
        var values = instruction.Values.Select(v => v.Kind == LocalKind.Result && moved.Add(v.Id) ? Tensor(v) : $"{Tensor(v)}.alias()").ToList();
        _writer.Line(values.Count == 1 ? $"return {values[0]};" : $"return ({string.Join(", ", values)});");
    }

    private void WriteStatic(SetStatic set)
    {
        var value = _printer.Print(set.Value, _context.Kind(set.Name));
        if (_declaredStatics.Contains(set.Name))
        {
            _writer.Line($"{_statics[set.Name]} = {value};");
            return;
        }

        _declaredStatics.Add(set.Name);
        _statics[set.Name] = _names.Take(set.Name);
        _writer.Line($"{StaticKinds.CSharp(_context.Kind(set.Name))} {_statics[set.Name]} = {value};");
    }

    private void DeclareStatic(string name)
    {
        _declaredStatics.Add(name);
        _statics[name] = _names.Take(name);
        _lines.Hide();
        _writer.Line($"{StaticKinds.CSharp(_context.Kind(name))} {_statics[name]};");
    }

    private void WriteAlias(Alias alias, OwnedStep step)
    {
        if (alias.Target.Id == alias.Source.Id) return;
        Source(alias);
        Assign([alias.Target], step, step.Moves ? Tensor(alias.Source) : $"{Tensor(alias.Source)}.alias()");
    }

    private void Assign(IReadOnlyList<Local> results, OwnedStep step, string value)
    {
        // Where the old value of a variable is an argument, it can go only when the new one is there.
        if (results.Count == 1 && step.Replaced.Count == 1)
        {
            _writer.Line($"Op.replace(ref {Tensor(results[0])}, {value});");
            return;
        }

        var isNew = results.All(r => !_declared.Contains(r.Id));
        var replaced = new List<(Local Target, string Fresh)>();
        var targets = results.Select(r =>
        {
            if (!_declared.Contains(r.Id)) return (isNew ? "" : "var ") + Declare(r);
            if (!step.Replaced.Any(x => x.Id == r.Id)) return Tensor(r);
            replaced.Add((r, _names.Take("new_" + r.Name)));
            return "var " + replaced[replaced.Count - 1].Fresh;
        }).ToList();
        var left = targets.Count == 1 ? targets[0] : $"({string.Join(", ", targets)})";
        // A list has no type but its variable's.
        _writer.Line($"{(isNew ? step.Instruction is MakeList ? TensorTypes.List + " " : "var " : "")}{left} = {value};");
        foreach (var (target, fresh) in replaced)
        {
            _lines.Hide();
            _writer.Line($"Op.replace(ref {Tensor(target)}, {fresh});");
        }
    }

    private void Release(IReadOnlyList<Local> locals)
    {
        if (locals.Count > 0) _lines.Hide();
        foreach (var local in locals) _writer.Line($"{Tensor(local)}.Dispose();");
    }

    private string Value(OwnedStep step) => step.Instruction switch
    {
        Apply a => Emit(a),
        CallModule c when _context.Piece(c.Module) is var (trunk, level) => $"{_context.ModuleText(trunk, _printer, "Backbone")}.Level({_printer.Int(level)}, {string.Join(", ", c.Arguments.Select(Argument))})",
        CallModule c when _context.IsTrunk(c.Module) => $"{_context.ModuleText(c.Module, _printer, "Backbone")}.Levels({string.Join(", ", c.Arguments.Select(Argument))})",
        CallModule c => $"{_context.ModuleText(c.Module, _printer, TensorTypes.Module(c))}.call({string.Join(", ", c.Arguments.Select(Argument))})",
        MakeList m => $"[{string.Join(", ", m.Items.Select((item, i) => (item.IsSeveral ? ".." : "") + Tensor(item) + (step.ItemMoves![i] ? "" : ".alias()")))}]",
        _ => throw new InvalidOperationException($"{step.Instruction.GetType().Name} has no value."),
    };

    private string Argument(Operand operand) => operand switch
    {
        // The class of a module does not say whether a tensor of the block's own may be absent.
        TensorOperand { Local.Kind: LocalKind.State } t => Tensor(t.Local),
        TensorOperand t => Given(t.Local),
        TensorsOperand t => Tensors(t),
        _ => "null",
    };

    // What only reads its tensors borrows them: a list as it stands, or a new array of the same handles.
    private string Tensors(TensorsOperand several) => several.Locals is { Count: 1 } only && only[0].IsSeveral ? Tensor(only[0])
        : $"[{string.Join(", ", several.Locals.Select(l => (l.IsSeveral ? ".." : "") + Tensor(l)))}]";

    // A guard stands on the line before the call that needs it; where every instance has proved it, it is left out.
    private string Emit(Apply apply)
    {
        var site = Site(apply);
        var text = apply.Primitive.Emit(site);
        if (_shapes?.IsGuarded(apply.Span) == false) return text;
        foreach (var (size, divisor, tensor) in site.Multiples)
        {
            _writer.Line($"Guard.Divisible({size}, {divisor}, {Naming.Literal($"{size} % {(divisor.Contains(" ") ? $"({divisor})" : divisor)}")}, {Naming.Literal(apply.Span.Short)}, {tensor});");
        }

        return text;
    }

    private EmitSite Site(Apply apply)
    {
        var parameters = apply.Primitive.Parameters;
        var texts = new List<string?>();
        var statics = new List<Expr?>();
        for (var i = 0; i < parameters.Count; i++)
        {
            var operand = apply.Arguments[i];
            statics.Add((operand as StaticOperand)?.Value);
            texts.Add(operand switch
            {
                TensorOperand t => parameters[i].Type == OperandType.OptionalTensor ? Given(t.Local) : Tensor(t.Local),
                TensorsOperand t => Tensors(t),
                StaticOperand s => Static(s.Value, parameters[i].Type),
                _ => null,
            });
        }

        return new EmitSite(apply.Primitive, texts, statics, apply.Axes.ToDictionary(a => a.Name, a => _printer.Print(a.Size)), (name, axis) => Axis(apply, name, axis), name => Rank(apply, name), MayBeNull);

        bool MayBeNull(string name)
        {
            for (var i = 0; i < parameters.Count; i++)
            {
                if (parameters[i].Name == name) return parameters[i].Type == OperandType.OptionalTensor && apply.Arguments[i] is TensorOperand { Local.IsOptional: true };
            }

            return false;
        }
    }

    private string Static(Expr value, OperandType type) => type switch
    {
        OperandType.Ints => _printer.Print(value, StaticKind.Int64List),
        OperandType.Doubles => _printer.Print(value, StaticKind.DoubleList),
        _ => _printer.Print(value),
    };

    private string Axis(Apply apply, string name, int axis)
    {
        var tensor = Position(apply, name) is var i and >= 0 && apply.Arguments[i] is TensorOperand t ? t.Local : throw new InvalidOperationException($"{apply.Primitive} has no tensor '{name}'.");
        return $"{Tensor(tensor)}.size({axis.ToString(CultureInfo.InvariantCulture)})";
    }

    private int Rank(Apply apply, string name) => _shapes?.Rank(apply.Span, Position(apply, name))
        ?? throw new InvalidOperationException($"{apply.Span}: the number of axes of '{name}' of {apply.Primitive} is not known.");

    private static int Position(Apply apply, string name)
    {
        for (var i = 0; i < apply.Primitive.Parameters.Count; i++)
        {
            if (apply.Primitive.Parameters[i].Name == name) return i;
        }

        return -1;
    }

    /// <summary>Before the first instruction of a statement: what the author wrote, the shape it makes, and where.</summary>
    private void Source(Instruction instruction)
    {
        var statement = _statements.Find(instruction.Span);
        if (!_lines.Enter(statement)) return;
        if (statement is null) return;
        var shape = Shape(statement);
        _writer.Line($"// {DeclarationText.Of(statement)};{(shape is null ? "" : "   " + shape)}   {statement.Span.FileName}:{statement.Span.Line.ToString(CultureInfo.InvariantCulture)}");
        _lines.Map(statement.Span);
    }

    private string? Shape(Statement statement)
    {
        string? shape = null;
        foreach (var instruction in Reads.Nested(_body.Steps.Select(s => s.Instruction)))
        {
            if (!ReferenceEquals(_statements.Find(instruction.Span), statement)) continue;
            var results = Reads.Results(instruction);
            var shapes = results.Select(l => _shapes?.At(l, instruction.Span)).ToList();
            if (shapes.Count > 0 && shapes.TrueForAll(s => s is not null)) shape = string.Join(", ", shapes);
        }

        return shape;
    }
}
