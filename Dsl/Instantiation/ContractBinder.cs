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
    /// <summary>The contract that a tensor of this rank cannot fit, as text; null when all can.</summary>
    public static string? RankProblem(Block block, IReadOnlyList<Shape> shapes)
    {
        for (var i = 0; i < Math.Min(shapes.Count, block.Inputs.Count); i++)
        {
            var contract = block.Inputs[i];
            var isOpen = contract.Axes.Any(a => a is RangeExpr);
            if (isOpen ? shapes[i].Rank < contract.Axes.Count - 1 : shapes[i].Rank != contract.Axes.Count) return Display(contract);
        }

        return null;
    }

    /// <summary>Tensors of which only the number of axes is known, as the inputs of an architecture have them.</summary>
    public static IReadOnlyList<Shape> Ranks(Block block) => [.. block.Inputs.Select(i => Shape.Of(i.Axes.Select((_, k) => Dim.Symbol($"n{k}"))))];

    /// <summary>Inputs of a block for tensors of these ranks, in the symbols of its contract, which are added to <paramref name="statics"/>. Null after a diagnostic.</summary>
    public static IReadOnlyList<GraphValue>? Inputs(Block block, IReadOnlyList<Shape> shapes, Dictionary<string, Value> statics, InstantiationContext context)
    {
        var evaluator = new Evaluator(n => statics.TryGetValue(n, out var v) ? v : statics[n] = new IntValue(Dim.Symbol(n)), a => throw new EvaluationException(a.Tensor.Name));
        var inputs = new List<GraphValue>();
        for (var i = 0; i < shapes.Count; i++)
        {
            var contract = block.Inputs[i];
            var ellipsis = contract.Axes.ToList().FindIndex(a => a is RangeExpr);
            var free = shapes[i].Rank - contract.Axes.Count + (ellipsis >= 0 ? 1 : 0);
            if (free < 0 || (ellipsis < 0 && free != 0))
            {
                context.Report(Rules.Contract, contract.Span, $"{block.Name} takes {Display(contract)}; found {shapes[i].Describe()}, {shapes[i].Rank} axes.");
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
                    axes.Add(contract.Axes[k] is NameExpr { Name: "_" } ? Dim.Symbol($"_{i}_{k}") : ((IntValue)evaluator.Evaluate(contract.Axes[k], ParamType.Int)).Dim);
                }
                catch (EvaluationException e)
                {
                    context.Report(e.Rule, contract.Axes[k].Span, $"This axis has no value: {e.Message}.");
                    return null;
                }
            }

            inputs.Add(new GraphValue(contract.Name ?? "x", new Shape(axes.ToEquatableArray(), shapes[i].Type), LocalKind.Input));
        }

        return inputs;
    }

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
    public static string? Output(TensorContract contract, Shape shape, Dictionary<string, Value> statics, Facts facts)
    {
        var ellipsis = contract.Axes.ToList().FindIndex(a => a is RangeExpr);
        var free = shape.Rank - contract.Axes.Count + (ellipsis >= 0 ? 1 : 0);
        if (free < 0 || (ellipsis < 0 && free != 0)) return $"the output line has {contract.Axes.Count} axes";
        var fresh = new Dictionary<string, Value>();
        var at = 0;
        for (var k = 0; k < contract.Axes.Count; k++)
        {
            if (k == ellipsis)
            {
                at += free;
                continue;
            }

            var size = shape[at++];
            var axis = contract.Axes[k];
            if (axis is NameExpr { Name: var name } && !statics.ContainsKey(name) && !fresh.ContainsKey(name))
            {
                fresh[name] = new IntValue(size);
                continue;
            }

            Dim expected;
            try
            {
                expected = ((IntValue)new Evaluator(n => statics.TryGetValue(n, out var v) || fresh.TryGetValue(n, out v) ? v : throw new EvaluationException($"'{n}' is not known"), a => throw new EvaluationException(a.Tensor.Name)).Evaluate(axis, ParamType.Int)).Dim;
            }
            catch (EvaluationException e)
            {
                return $"axis {k} of the output line has no value: {e.Message}";
            }

            if (facts.AreEqual(size, expected) != true) return $"axis {at - 1} is {size.Describe()}, the output line says {expected.Describe()}";
        }

        return null;
    }

    private static string Display(TensorContract contract) => $"{contract.Name}[{string.Join(", ", contract.Axes.Select(ExprText.Of))}]";

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
