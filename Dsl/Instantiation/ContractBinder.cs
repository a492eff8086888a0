using Notochord.Dsl.Binding;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Instantiation;

/// <summary>Contracts and shapes: symbols from contracts, symbols bound to sizes, outputs compared.</summary>
internal static class ContractBinder
{
    /// <summary>The contract that an argument cannot fit (a list for a tensor, another number of tensors or axes), as text; null when all can.</summary>
    public static string? Problem(Block block, IReadOnlyList<InputShape> shapes, IReadOnlyDictionary<string, Value> statics)
    {
        for (var i = 0; i < Math.Min(shapes.Count, block.Inputs.Count); i++)
        {
            var (contract, shape) = (block.Inputs[i], shapes[i]);
            var fits = shape.Kind switch
            {
                InputKind.Absent => contract.IsOptional,
                InputKind.List => contract.List is { } list && (list.Count is null || Count(list.Count, statics) is not { } count || count == shape.Shapes.Count),
                _ => contract.List is null,
            };
            if (!fits) return Display(contract);
            var isOpen = Ellipsis(contract) >= 0;
            foreach (var s in shape.Shapes)
            {
                if (isOpen ? s.Rank < contract.Axes.Count - 1 : s.Rank != contract.Axes.Count) return Display(contract);
            }
        }

        return null;
    }

    /// <summary>Tensors of which only the number of axes is known, as the inputs of an architecture have them.</summary>
    public static IReadOnlyList<InputShape> Ranks(Block block) => [.. block.Inputs.Select(i => InputShape.Of(Shape.Of(i.Axes.Select((_, k) => Dim.Symbol($"n{k}")))))];

    // Null when it has no value: its block says so where it is bound.
    private static long? Count(Expr count, IReadOnlyDictionary<string, Value> statics)
    {
        try
        {
            return new Evaluator(n => statics.TryGetValue(n, out var v) ? v : throw new EvaluationException($"'{n}' is not known"), f => throw new EvaluationException(f.Tensor.Name)).Known(count);
        }
        catch (EvaluationException)
        {
            return null;
        }
    }

    /// <summary>Inputs of a block for arguments of these shapes, in the symbols of its contract, which are added to <paramref name="statics"/>: of a list all its
    /// tensors, of an absent one none. Null after a diagnostic.</summary>
    public static IReadOnlyList<IReadOnlyList<GraphValue>>? Inputs(Block block, IReadOnlyList<InputShape> shapes, Dictionary<string, Value> statics, InstantiationContext context)
    {
        var inputs = new List<IReadOnlyList<GraphValue>>();
        for (var i = 0; i < shapes.Count; i++)
        {
            var values = new List<GraphValue>();
            for (var k = 0; k < shapes[i].Shapes.Count; k++)
            {
                if (Input(block, i, k, shapes[i].Shapes[k], statics, context) is not { } value) return null;
                values.Add(value);
            }

            inputs.Add(values);
        }

        return inputs;
    }

    private static GraphValue? Input(Block block, int i, int element, Shape shape, Dictionary<string, Value> statics, InstantiationContext context)
    {
        var contract = block.Inputs[i];
        Value Named(string n) => n == contract.List?.Index ? new IntValue(element) : statics.TryGetValue(n, out var v) ? v : statics[n] = new IntValue(Dim.Symbol(n));
        var evaluator = new Evaluator(Named, a => throw new EvaluationException(a.Tensor.Name));
        var ellipsis = Ellipsis(contract);
        var free = shape.Rank - contract.Axes.Count + (ellipsis >= 0 ? 1 : 0);
        if (free < 0 || (ellipsis < 0 && free != 0))
        {
            context.Report(Rules.Contract, contract.Span, $"{block.Name} takes {Display(contract)}; found {shape.Describe()}, {shape.Rank} axes.");
            return null;
        }

        var axes = new List<Dim>();
        for (var k = 0; k < contract.Axes.Count; k++)
        {
            if (k == ellipsis)
            {
                axes.AddRange(Enumerable.Range(0, free).Select(n => Dim.Symbol($"d{n}")));
                continue;
            }

            try
            {
                axes.Add(contract.Axes[k] is NameExpr { Name: "_" } ? Dim.Symbol(contract.List is null ? $"_{i}_{k}" : $"_{i}_{element}_{k}") : Axis(contract.Axes[k], evaluator, statics));
            }
            catch (EvaluationException e)
            {
                context.Report(e.Rule, contract.Axes[k].Span, $"This axis has no value: {e.Message}.");
                return null;
            }
        }

        return new GraphValue(contract.List is null ? contract.Name ?? "x" : $"{contract.Name}[{element}]", new Shape(axes.ToEquatableArray(), shape.Type), LocalKind.Input);
    }

    // Where any number of axes stands; -1: nowhere.
    private static int Ellipsis(TensorContract contract)
    {
        for (var i = 0; i < contract.Axes.Count; i++)
        {
            if (contract.Axes[i] is RangeExpr) return i;
        }

        return -1;
    }

    // H[i], where H is no list of numbers, is a size of its own for each element.
    private static Dim Axis(Expr axis, Evaluator evaluator, IReadOnlyDictionary<string, Value> statics)
        => ((IntValue)evaluator.Evaluate(axis is NameExpr ? axis : ContractAxes.Unfold(axis, n => statics.TryGetValue(n, out var v) && v is ListValue, e => evaluator.Known(e)), ParamType.Int)).Dim;

    /// <summary>Binds the symbols of <paramref name="pattern"/> to the sizes of <paramref name="actual"/>. Returns what does not fit, or null.
    /// An axis <c>H * p</c> with H new binds H = size / p.</summary>
    /// <param name="undecided">Told of equalities that only the input can decide.</param>
    public static string? Bind(Shape pattern, Shape actual, Dictionary<string, Dim> bindings, Facts facts, Action<Dim, Dim> undecided, Action<Dim, Dim>? multiple = null)
    {
        if (pattern.Rank != actual.Rank) return $"{pattern.Rank} axes are expected, found {actual.Rank}";
        for (var i = 0; i < pattern.Rank; i++)
        {
            if (LoneSymbol(pattern[i]) is { } name && !bindings.ContainsKey(name)) bindings[name] = actual[i];
        }

        for (var i = 0; i < pattern.Rank; i++)
        {
            var unbound = Unbound(pattern[i], bindings);
            if (unbound.Count == 1 && Factor(pattern[i], unbound[0], bindings) is { } factor)
            {
                if (!facts.IsMultiple(actual[i], factor))
                {
                    if (actual[i].Value is not null && factor.Value is not null) return $"axis {i} must be a multiple of {factor.Describe()}, found {actual[i].Describe()}";
                    multiple?.Invoke(actual[i], factor);
                }

                bindings[unbound[0]] = actual[i] / factor;
                continue;
            }

            if (unbound.Count > 0) return $"axis {i} is {pattern[i]}, from which {string.Join(" and ", unbound)} cannot be told";
            var expected = pattern[i].Substitute(s => bindings.TryGetValue(s, out var d) ? d : null);
            switch (facts.AreEqual(expected, actual[i]))
            {
                case true: break;
                case false: return $"axis {i} is {actual[i].Describe()}, not {(expected.Equals(pattern[i]) ? expected.Describe() : $"{pattern[i]} = {expected.Describe()}")}";
                default: undecided(actual[i], expected); break;
            }
        }

        return null;
    }

    /// <summary>Compares a result with its contract. Returns what differs, or null.</summary>
    public static string? Output(TensorContract contract, IReadOnlyList<Shape> shapes, bool isList, Dictionary<string, Value> statics, Facts facts)
    {
        if (contract.List is null == isList) return $"the output line says {(isList ? "one tensor" : "a list of tensors")}";
        if (contract.List?.Count is { } expression && Count(expression, statics) is { } count && count != shapes.Count) return $"the output line says {count} tensors";
        var fresh = new Dictionary<string, Value>();
        for (var i = 0; i < shapes.Count; i++)
        {
            if (contract.List?.Index is { } index) fresh[index] = new IntValue(i);
            if (Output(contract, shapes[i], statics, fresh, facts) is { } problem) return isList ? $"tensor {i}: {problem}" : problem;
        }

        return null;
    }

    private static string? Output(TensorContract contract, Shape shape, Dictionary<string, Value> statics, Dictionary<string, Value> fresh, Facts facts)
    {
        var ellipsis = Ellipsis(contract);
        var free = shape.Rank - contract.Axes.Count + (ellipsis >= 0 ? 1 : 0);
        if (free < 0 || (ellipsis < 0 && free != 0)) return $"the output line has {contract.Axes.Count} axes";
        var evaluator = new Evaluator(n => fresh.TryGetValue(n, out var v) || statics.TryGetValue(n, out v) ? v : throw new EvaluationException($"'{n}' is not known"), a => throw new EvaluationException(a.Tensor.Name));
        var at = 0;
        for (var k = 0; k < contract.Axes.Count; k++)
        {
            if (k == ellipsis)
            {
                at += free;
                continue;
            }

            var size = shape[at++];
            Dim expected;
            try
            {
                var axis = ContractAxes.Unfold(contract.Axes[k], n => statics.TryGetValue(n, out var v) && v is ListValue, evaluator.Known);
                if (axis is NameExpr { Name: var name } && !statics.ContainsKey(name) && !fresh.ContainsKey(name))
                {
                    if (name != "_") fresh[name] = new IntValue(size);
                    continue;
                }

                expected = ((IntValue)evaluator.Evaluate(axis, ParamType.Int)).Dim;
            }
            catch (EvaluationException e)
            {
                return $"axis {k} of the output line has no value: {e.Message}";
            }

            if (facts.AreEqual(size, expected) != true) return $"axis {at - 1} is {size.Describe()}, the output line says {expected.Describe()}";
        }

        return null;
    }

    private static string Display(TensorContract contract) => ContractAxes.Text(contract);

    private static string? LoneSymbol(Dim d) => d.Atom is SymbolAtom { Known: null } s ? s.Name : null;

    private static IReadOnlyList<string> Unbound(Dim d, Dictionary<string, Dim> bindings)
    {
        List<string>? unbound = null;
        foreach (var symbol in d.FreeSymbols)
        {
            if (!bindings.ContainsKey(symbol)) (unbound ??= []).Add(symbol);
        }

        return unbound ?? (IReadOnlyList<string>)[];
    }

    // d = symbol * factor, with everything else in it bound: the factor.
    private static Dim? Factor(Dim d, string symbol, Dictionary<string, Dim> bindings)
    {
        var at = Dim.Symbol(symbol);
        var quotient = d / at;
        return (quotient * at).Equals(d) && !quotient.FreeSymbols.Contains(symbol) ? quotient.Substitute(s => bindings.TryGetValue(s, out var b) ? b : null) : null;
    }
}
