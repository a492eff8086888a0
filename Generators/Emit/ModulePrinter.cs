using System.Text;
using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Prints how children are made: <c>new SwinBlock(dim, heads, window, shift: 0)</c>.</summary>
/// <param name="signatures">Classes and types of blocks.</param>
/// <param name="names">Identifiers of the scope, which the parameters of lambdas must not hide.</param>
internal sealed class ModulePrinter(Signatures signatures, NameScope names)
{
    private const string Indent = "    ";
    private const int LineWidth = 110;

    // What create(..) sets: no channels and no strides of levels depend on it.
    private static readonly string[] KeepsLevels = ["in_chans", "num_classes", "img_size"];

    /// <summary>The type of the field that holds a child.</summary>
    /// <param name="plan">How it is made.</param>
    /// <param name="call">A call of it, or null: tells the type where the plan does not.</param>
    public string Type(ModulePlan plan, CallModule? call) => plan switch
    {
        Construct c => signatures.Classes.Reference(c.Target),
        ChainPlan => "Chain",
        RepeatPlan r => $"Blocks<{Type(r.Body, null)}>",
        AbsentModule => "Identity",
        ConstructParam { IsTrunk: true } => "Backbone",
        Choose c => Type(c.Then, call) is var then && then == Type(c.Else, call) ? then : TrunkNames.IsTrunk(c) ? "Backbone" : Common(c, call),
        _ => TensorTypes.Module(call),
    };

    /// <summary>The expression that makes it.</summary>
    /// <param name="plan">How.</param>
    /// <param name="printer">Prints static expressions in this scope.</param>
    public string Print(ModulePlan plan, ExpressionPrinter printer) => plan switch
    {
        Construct { Target.Applied: not null } c => Architecture(c.Target, c.Arguments, printer),
        Construct c => $"new {signatures.Classes.Reference(c.Target)}({Wrapped(Arguments(c.Target, c.Arguments, printer))})",
        ConstructParam c => $"{printer.Print(new NameExpr(c.Param, c.Span))}({string.Join(", ", c.Arguments.Select(printer.Print))})",
        AbsentModule => "new Identity()",
        Choose c => $"{Condition(c.Condition, printer)} ? {Side(c.Then, c, printer)} : {Side(c.Else, c, printer)}",
        ChainPlan c => Chain(c, printer),
        RepeatPlan r => Repeat(r, printer),
        _ => throw new InvalidOperationException($"Unknown plan {plan.GetType().Name}."),
    };

    // new Resnet50(Resnet50.Defaults with { in_chans = in_chans }).FeaturesOnly([1, 2, 3, 4])
    private string Architecture(Block target, IEnumerable<BoundArgument> arguments, ExpressionPrinter printer)
    {
        var given = arguments.ToList();
        var levels = target.Applied!.IsTrunk ? given.Find(a => a.Param.Name == AppliedArchitecture.OutIndices) : null;
        var sets = given.Where(a => a != levels).Select(a => $"{Naming.Identifier(a.Param.Name)} = {Value(target, a, printer)}").ToList();
        var name = signatures.Classes.Reference(target);
        var options = sets.Count == 0 ? "" : $"{signatures.Classes.Defaults(target)} {{ {string.Join(", ", sets)} }}";
        var trunk = !target.Applied.IsTrunk ? "" : $".FeaturesOnly({(levels is null || levels.Value is StaticArgument { Value: ListExpr { Items.Count: 0 } } ? "" : Value(target, levels, printer))})";
        // What a variant says of its levels was found with its own values.
        if (trunk.Length > 0 && given.Exists(a => a != levels && !KeepsLevels.Contains(a.Param.Name))) trunk += ".Measured()";
        return $"new {name}({options}){trunk}";
    }

    // Only what maps a tensor to a tensor has an identity; what does not is never called where it is absent.
    private string Side(ModulePlan side, Choose choose, ExpressionPrinter printer)
        => side is AbsentModule && Plans.Constructs(choose).Any(c => signatures.Base(c.Target) != TensorTypes.Module(null)) ? "null!" : Print(side, printer);

    /// <summary>Arguments in the order of the constructor's parameters: those without a default first.</summary>
    public IReadOnlyList<string> Arguments(Block target, IEnumerable<BoundArgument> arguments, ExpressionPrinter printer)
    {
        var order = ConstructorParams.Ordered(target).Select((p, i) => (p.Name, i)).ToDictionary(p => p.Name, p => p.i);
        var texts = new List<string>();
        foreach (var argument in arguments.OrderBy(a => order[a.Param.Name]))
        {
            // Positional as long as none is left out before it.
            var label = order[argument.Param.Name] == texts.Count ? "" : Naming.Identifier(argument.Param.Name) + ": ";
            texts.Add(label + Value(target, argument, printer));
        }

        return texts;
    }

    /// <summary>Arguments on one line, or filled into lines of their own where they are long.</summary>
    private static string Wrapped(IReadOnlyList<string> arguments)
    {
        var oneLine = string.Join(", ", arguments);
        if (oneLine.Length <= LineWidth) return oneLine;
        var text = new StringBuilder();
        var width = LineWidth;
        foreach (var argument in arguments)
        {
            if (text.Length > 0) text.Append(',');
            if (width + argument.Length > LineWidth)
            {
                text.Append('\n').Append(Indent);
                width = 0;
            }
            else
            {
                text.Append(' ');
            }

            text.Append(argument);
            width += argument.Length + 2;
        }

        return text.ToString();
    }

    /// <summary>A value for a parameter of a block.</summary>
    public string Value(Block target, BoundArgument argument, ExpressionPrinter printer) => argument.Value is StaticArgument s
        ? printer.Print(s.Value, StaticKinds.Of(argument.Param.Type))
        : argument.Value is NoBlock && !signatures.Type(target, argument.Param).EndsWith($"{TensorTypes.Module(null)}>", StringComparison.Ordinal)
            ? $"{Discards(signatures.Slots(target, argument.Param.Name).Count)} => null!"
        : Function(argument.Value, signatures.Slots(target, argument.Param.Name), printer);

    /// <summary>A function that makes a module from these arguments.</summary>
    public string Function(BoundArgumentValue value, EquatableArray<BlockSlot> slots, ExpressionPrinter printer) => value switch
    {
        ForwardedBlock f => printer.Print(new NameExpr(f.Param, SourceSpan.None)),
        ChosenBlock c => $"{Condition(c.Condition, printer)} ? {Function(c.Then, slots, printer)} : {Function(c.Else, slots, printer)}",
        BlockArgument b => Lambda(b, slots, printer),
        NoBlock => $"{Discards(slots.Count)} => new Identity()",
        _ => throw new InvalidOperationException($"{value.GetType().Name} makes no module."),
    };

    private string Lambda(BlockArgument block, EquatableArray<BlockSlot> slots, ExpressionPrinter printer)
    {
        // A positional slot is the open parameter in its place, a named one the parameter of that name.
        var given = new HashSet<string>(block.Arguments.Select(a => a.Param.Name));
        var open = block.Target.Params.Where(p => !given.Contains(p.Name)).ToList();
        // The parameter is an architecture whose trunk is made.
        var target = slots.Any(s => s.IsTrunk) ? AppliedArchitecture.Trunk(block.Target) : block.Target;
        if (slots.Any(s => s.IsTrunk)) open.Add(target.Params[target.Params.Count - 1]);
        var filled = slots.Select((s, i) => s.Name is null ? open[i] : open.Find(p => p.Name == s.Name)!).ToList();
        var inner = names.Inner();
        var lambda = filled.Select(p => inner.Take(p.Name.Substring(0, 1))).ToList();
        var scoped = new ModulePrinter(signatures, inner);
        var nested = printer;
        for (var i = 0; i < lambda.Count; i++) nested = nested.With(new Dictionary<string, string> { [LambdaName + lambda[i]] = lambda[i] }, StaticKinds.Of(slots[i].Type));
        var arguments = block.Arguments.Concat(filled.Select((p, i) => new BoundArgument(p, new StaticArgument(new NameExpr(LambdaName + lambda[i], SourceSpan.None)))));
        var parameters = lambda.Count == 1 ? lambda[0] : $"({string.Join(", ", lambda)})";
        if (target.Applied is not null) return $"{parameters} => {scoped.Architecture(target, arguments, nested)}";
        return $"{parameters} => new {signatures.Classes.Reference(block.Target)}({string.Join(", ", scoped.Arguments(block.Target, arguments, nested))})";
    }

    private static string Discards(int count) => count == 1 ? "_" : $"({string.Join(", ", Enumerable.Repeat("_", count))})";

    /// <summary>Marks the parameters of a lambda among the names of the declaration; no declaration can hold it.</summary>
    private const string LambdaName = "=>";

    private string Chain(ChainPlan chain, ExpressionPrinter printer)
    {
        var children = chain.Children.Select(c => $"({Naming.Literal(c.Name)}, {Deeper(Untyped(c.Plan, printer))})").ToList();
        return children.Count == 0 ? "new Chain()" : $"new Chain(\n{Indent}{string.Join($",\n{Indent}", children)})";
    }

    // Inside a tuple a conditional has no type to convert to, so one of its sides says it.
    private string Untyped(ModulePlan plan, ExpressionPrinter printer)
    {
        if (plan is not Choose choose || !Type(choose, null).StartsWith("Module<", StringComparison.Ordinal)) return Print(plan, printer);
        var otherwise = Print(choose.Else, printer);
        return $"{Condition(choose.Condition, printer)} ? {Print(choose.Then, printer)} : ({Type(choose, null)}){(choose.Else is Choose ? $"({otherwise})" : otherwise)}";
    }

    private string Repeat(RepeatPlan repeat, ExpressionPrinter printer)
    {
        var inner = names.Inner();
        var index = inner.Take(repeat.Index);
        var scoped = new ModulePrinter(signatures, inner);
        var nested = printer.With(new Dictionary<string, string> { [repeat.Index] = index }, StaticKind.Int32);
        return $"new {Type(repeat, null)}({printer.Print(repeat.Count)}, {index} => {scoped.Print(repeat.Body, nested)})";
    }

    private static string Condition(Expr condition, ExpressionPrinter printer) => printer.Print(condition) is var text && condition is ConditionalExpr ? $"({text})" : text;

    private static string Deeper(string text) => text.Replace("\n", "\n" + Indent);

    private string Common(Choose choose, CallModule? call)
    {
        // What does not map a tensor to a tensor is never called where it is absent, so it needs no type that an identity has.
        if ((choose.Then is AbsentModule ? choose.Else : choose.Else is AbsentModule ? choose.Then : null) is Construct one && signatures.Base(one.Target) != TensorTypes.Module(null)) return Type(one, call);
        if (call is not null) return TensorTypes.Module(call);
        var block = Plans.Constructs(choose).Select(c => c.Target).FirstOrDefault();
        return block is null ? TensorTypes.Module(null) : signatures.Base(block);
    }
}
