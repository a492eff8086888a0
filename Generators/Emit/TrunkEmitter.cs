using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Writes how a backbone is cut to its features: the modules that run up to a level, by the control flow of its forward.</summary>
internal sealed class TrunkEmitter
{
    private readonly BlockContext _context;
    private readonly SourceWriter _writer;
    private readonly NameScope _names;
    private readonly string _last;
    private readonly Dictionary<string, string> _statics = [];
    private readonly Dictionary<string, StaticKind> _kinds = [];
    private readonly ExpressionPrinter _printer;
    private readonly HashSet<string> _read;
    // Inside of what only one mode does.
    private bool _isModal;

    public TrunkEmitter(BlockContext context, SourceWriter writer)
    {
        (_context, _writer) = (context, writer);
        _names = context.Members.Inner();
        _last = _names.Take("last");
        foreach (var p in context.Stored) _statics[p.Key] = p.Value;
        _printer = new ExpressionPrinter(
            n => _statics.TryGetValue(n, out var text) ? text : TrunkText.Of(context, n) ?? Naming.Identifier(n),
            n => _kinds.TryGetValue(n, out var kind) ? kind : context.Kind(n),
            l => throw new InvalidOperationException($"'{l.Name}' is no static value."));
        _read = Read(context.Bound.Forward.Body);
    }

    /// <summary>Writes the override and the list of modules.</summary>
    public void Write(bool hasClasses)
    {
        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        using (_writer.Block("protected override void KeepFeatures(IReadOnlyList<FeatureInfo> levels, int last)"))
        {
            _writer.Line($"info = info with {{ Features = [.. levels],{(hasClasses ? " NumClasses = 0," : "")} ParameterCount = null }};");
            if (CanPrune()) _writer.Line("Prune(Used(last));");
        }

        if (!CanPrune()) return;

        _writer.Line();
        _writer.Line("/// <inheritdoc/>");
        using var _ = _writer.Block($"protected override IEnumerable<Module> Used(int {_last})");
        WriteBody(ToLastLevel(_context.Bound.Forward.Body));
    }

    // Whether there are calls behind levels, and none before hangs on a size of the input.
    private bool CanPrune()
    {
        var body = _context.Bound.Forward.Body;
        if (!Reads.Nested(body).Any(IsLevel)) return false;
        var axes = new HashSet<string>(_context.Axes().Select(a => a.Name));
        return !_read.Any(axes.Contains) && !Reads.Nested(body).OfType<SetStatic>().Any(s => _read.Contains(s.Name) && ExprTree.All(s.Value).Any(e => e is AxisExpr));
    }

    // The static names that decide which modules are called, also by way of variables.
    private static HashSet<string> Read(EquatableArray<Instruction> body)
    {
        var all = Reads.Nested(body).ToList();
        var read = new HashSet<string>(all.Where(i => i is not Apply and not SetStatic).SelectMany(Reads.Statics).SelectMany(ExprTree.Names));
        foreach (var set in all.OfType<SetStatic>().Reverse())
        {
            if (read.Contains(set.Name)) read.UnionWith(ExprTree.Names(set.Value));
        }

        return read;
    }

    private static bool IsLevel(Instruction i) => i is CallModule { Level: not null };

    private static List<Instruction> ToLastLevel(EquatableArray<Instruction> body)
    {
        var all = body.ToList();
        return all.GetRange(0, all.FindLastIndex(i => Reads.Nested([i]).Any(IsLevel)) + 1);
    }

    private void WriteBody(IEnumerable<Instruction> body)
    {
        foreach (var instruction in body)
        {
            switch (instruction)
            {
                case CallModule call:
                    _writer.Line($"yield return {(_context.Piece(call.Module) is var (trunk, _) ? _context.ModuleText(trunk, _printer, "Backbone") : _context.ModuleText(call.Module, _printer, TensorTypes.Module(call)))};");
                    if (!_isModal && call.Level is { } level) _writer.Line($"if ({_printer.Primary(level)} == {_last}) yield break;");
                    break;
                case SetStatic set when _read.Contains(set.Name):
                    var isNew = !_statics.ContainsKey(set.Name);
                    if (isNew) _statics[set.Name] = _names.Take(set.Name);
                    _writer.Line($"{(isNew ? StaticKinds.CSharp(_context.Kind(set.Name)) + " " : "")}{_statics[set.Name]} = {_printer.Print(set.Value, _context.Kind(set.Name))};");
                    break;
                case Branch branch when Calls(branch):
                    WriteBranch(branch);
                    break;
                case Loop loop when Calls(loop):
                    WriteLoop(loop);
                    break;
            }
        }
    }

    private static bool Calls(Instruction i) => Reads.Nested([i]).Any(x => x is CallModule);

    private void WriteBranch(Branch branch)
    {
        if (TrainingExpr.IsIn(branch.Condition))
        {
            // A trunk runs in both modes: it keeps what either needs, and ends in neither alone.
            var outer = _isModal;
            _isModal = true;
            foreach (var isTraining in new[] { true, false })
            {
                var mode = Under(branch.Condition, isTraining);
                if (mode is BoolLiteral { Value: var holds }) WriteBody(holds ? branch.Then : branch.Else);
                else WriteSides(branch, mode);
            }

            _isModal = outer;
            return;
        }

        WriteSides(branch, branch.Condition);
    }

    // A condition in a mode, as far as that decides it.
    private static Expr Under(Expr e, bool isTraining) => e switch
    {
        TrainingExpr t => new BoolLiteral(isTraining, t.Span),
        UnaryExpr { Op: "!" } u => Under(u.Operand, isTraining) is BoolLiteral b ? b with { Value = !b.Value } : u with { Operand = Under(u.Operand, isTraining) },
        BinaryExpr { Op: "&&" or "||" } b => Under(b.Left, isTraining) is var left && Under(b.Right, isTraining) is var right
            && (left as BoolLiteral ?? right as BoolLiteral) is { } known
                ? known.Value == (b.Op == "||") ? known : ReferenceEquals(known, left) ? right : left
                : b with { Left = left, Right = right },
        _ => e,
    };

    private void WriteSides(Branch branch, Expr condition)
    {
        using (_writer.Block($"if ({_printer.Print(condition)})")) WriteBody(branch.Then);
        if (!branch.Else.Any(Calls)) return;
        using (_writer.Block("else")) WriteBody(branch.Else);
    }

    private void WriteLoop(Loop loop)
    {
        var index = _names.Take(loop.Index);
        var isInt = _printer.Kind(loop.From) == StaticKind.Int32;
        (_statics[loop.Index], _kinds[loop.Index]) = (index, isInt ? StaticKind.Int32 : StaticKind.Int64);
        using (_writer.Block($"for ({(isInt ? "int" : "long")} {index} = {_printer.Print(loop.From)}; {index} < {_printer.Print(loop.To)}; {index}++)")) WriteBody(loop.Body);
        _statics.Remove(loop.Index);
        _kinds.Remove(loop.Index);
    }
}

/// <summary>What code reads of a trunk.</summary>
internal static class TrunkText
{
    /// <summary>The C# of <c>body.channels</c>: a property of the child; null for another name.</summary>
    /// <param name="context">The class.</param>
    /// <param name="name">The static name.</param>
    /// <param name="field">How a field is named here; as it is where null.</param>
    public static string? Of(BlockContext context, string name, Func<string, string>? field = null)
        => TrunkNames.Parse(name) is var (module, list) ? $"{(field is null ? context.Module(module) : field(context.Module(module)))}{(context.IsTrunk(new ModulePath(module, default)) ? "" : "[0]")}.{(list == TrunkNames.Channels ? "Channels" : "Reductions")}" : null;
}
