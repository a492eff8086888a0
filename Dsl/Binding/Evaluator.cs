using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Binding;

/// <summary>Computes static expressions that the binder has typed.</summary>
/// <param name="names">Value of a name.</param>
/// <param name="facts">What is read off a tensor variable.</param>
/// <param name="training">Whether the module is in training; null where no code can ask.</param>
internal sealed class Evaluator(Func<string, Value> names, Func<TensorFact, Value> facts, Func<bool>? training = null)
{
    /// <summary>The value, converted to <paramref name="type"/>.</summary>
    /// <exception cref="EvaluationException">It has none.</exception>
    public Value Evaluate(Expr expr, ParamType type) => Convert(Evaluate(expr), type);

    /// <summary>The value.</summary>
    /// <exception cref="EvaluationException">It has none.</exception>
    public Value Evaluate(Expr expr)
    {
        try
        {
            Value value = expr switch
            {
                IntLiteral l => new IntValue(l.Value),
                DoubleLiteral l => new DoubleValue(l.Value),
                BoolLiteral l => new BoolValue(l.Value),
                StringLiteral l => new StringValue(l.Value),
                NoneLiteral => new NoneValue(),
                NameExpr n => names(n.Name),
                TensorFact f => facts(f),
                TrainingExpr => new BoolValue(training?.Invoke() ?? throw new EvaluationException("the mode is not known here", Rules.NotStatic)),
                UnaryExpr u => Unary(u),
                BinaryExpr b => Binary(b),
                ConditionalExpr c => Flag(c.Condition) ? Evaluate(c.Then) : Evaluate(c.Else),
                CastExpr c => Cast(Evaluate(c.Operand), c.Type),
                CallExpr c => Call(c),
                IndexExpr i => Index(i),
                ListExpr l => new ListValue(l.Items.SelectMany(i => i is SpreadExpr s ? ((ListValue)Evaluate(s.Operand)).Items : [Evaluate(i)]).ToEquatableArray()),
                InterpolationExpr s => new StringValue(string.Concat(s.Parts.Select(p => Evaluate(p) is var v && v is StringValue t ? t.Text : v.ToString()))),
                _ => throw new EvaluationException($"{expr.GetType().Name} is no static expression"),
            };
            // A sum of known parameters may be too large only as a number: find that out here, where it is an error with a place.
            if (value is IntValue whole) _ = whole.Dim.Value;
            return value;
        }
        catch (DivideByZeroException)
        {
            throw new EvaluationException("division by zero");
        }
        catch (OverflowException)
        {
            throw new EvaluationException("the result does not fit 64 bits");
        }
    }

    /// <summary>A boolean.</summary>
    public bool Flag(Expr expr) => ((BoolValue)Evaluate(expr)).Flag;

    /// <summary>An integer that must be known.</summary>
    public long Known(Expr expr) => StaticFunctions.Int(Evaluate(expr));

    public static Value Convert(Value value, ParamType type) => (value, type) switch
    {
        (IntValue, ParamType.Double) => new DoubleValue(StaticFunctions.Double(value)),
        (IntValue or DoubleValue or StringValue, _) when TypeNames.ElementOf(type) is { } element => new ListValue([Convert(value, element)]),
        (ListValue list, ParamType.DoubleList) => new ListValue(list.Items.Select(i => Convert(i, ParamType.Double)).ToEquatableArray()),
        _ => value,
    };

    private static Value Cast(Value value, string type) => (value, type) switch
    {
        (DoubleValue d, "int" or "long") => new IntValue(StaticFunctions.Rounded(Math.Truncate(d.Number))),
        (IntValue, "double") => new DoubleValue(StaticFunctions.Double(value)),
        _ => value,
    };

    private Value Unary(UnaryExpr u) => Evaluate(u.Operand) switch
    {
        BoolValue b => new BoolValue(!b.Flag),
        IntValue i => new IntValue(i.Dim * -1),
        var d => new DoubleValue(-((DoubleValue)d).Number),
    };

    private Value Binary(BinaryExpr b)
    {
        if (b.Op is "&&") return new BoolValue(Flag(b.Left) && Flag(b.Right));
        if (b.Op is "||") return new BoolValue(Flag(b.Left) || Flag(b.Right));
        var left = Evaluate(b.Left);
        var right = Evaluate(b.Right);
        return (left, right) switch
        {
            (IntValue l, IntValue r) => Whole(b.Op, l.Dim, r.Dim),
            (StringValue l, StringValue r) => b.Op == "+" ? new StringValue(l.Text + r.Text) : new BoolValue(l.Text == r.Text == (b.Op == "==")),
            (BoolValue l, BoolValue r) => new BoolValue(l.Flag == r.Flag == (b.Op == "==")),
            _ => Real(b.Op, StaticFunctions.Double(left), StaticFunctions.Double(right)),
        };
    }

    private static Value Whole(string op, Dim a, Dim b)
    {
        switch (op)
        {
            case "+": return new IntValue(a + b);
            case "-": return new IntValue(a - b);
            case "*": return new IntValue(a * b);
            // C# cuts towards zero, floor does not: they differ only where a negative number is involved.
            case "/": return new IntValue(a.Value is < 0 || b.Value is < 0 ? StaticFunctions.Int(new IntValue(a)) / StaticFunctions.Int(new IntValue(b)) : a / b);
            case "%": return new IntValue(a.Value is < 0 || b.Value is < 0 ? StaticFunctions.Int(new IntValue(a)) % StaticFunctions.Int(new IntValue(b)) : a % b);
            case "<<" or ">>":
                var bits = StaticFunctions.Int(new IntValue(b));
                if (bits is < 0 or > 62) throw new EvaluationException($"a shift by {bits}");
                return new IntValue(op == "<<" ? a * (1L << (int)bits) : a / (1L << (int)bits));
        }

        if ((a - b).Concrete().Literal is not { } difference) throw new EvaluationException($"{a} {op} {b} depends on the size of the input", Rules.NotStatic);
        return new BoolValue(Compare(op, difference.CompareTo(0)));
    }

    private static Value Real(string op, double a, double b) => op switch
    {
        "+" => new DoubleValue(a + b),
        "-" => new DoubleValue(a - b),
        "*" => new DoubleValue(a * b),
        "/" => new DoubleValue(a / b),
        "%" => new DoubleValue(a % b),
        _ => new BoolValue(Compare(op, a.CompareTo(b))),
    };

    private static bool Compare(string op, int sign) => op switch
    {
        "<" => sign < 0,
        "<=" => sign <= 0,
        ">" => sign > 0,
        ">=" => sign >= 0,
        "==" => sign == 0,
        _ => sign != 0,
    };

    private Value Call(CallExpr c)
    {
        var name = ((NameExpr)c.Callee).Name;
        var arguments = new Value[c.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Evaluate(c.Arguments[i].Value);
        foreach (var f in StaticFunctions.Find(name))
        {
            if (!Takes(f, arguments)) continue;
            for (var i = 0; i < arguments.Length; i++) arguments[i] = Convert(arguments[i], f.Parameters[i]);
            return f.Evaluate(arguments);
        }

        throw new EvaluationException($"no {name} takes ({string.Join(", ", arguments.Select(a => a.TypeName))})");
    }

    private static bool Takes(StaticFunction f, Value[] arguments)
    {
        if (arguments.Length < f.Required || arguments.Length > f.Parameters.Length) return false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (TypeOf(arguments[i]) is not { } type || !(StaticBinder.Converts(type, f.Parameters[i]) || arguments[i] is ListValue { Items.Count: 0 })) return false;
        }

        return true;
    }

    private static ParamType? TypeOf(Value value) => value switch
    {
        IntValue => ParamType.Int,
        DoubleValue => ParamType.Double,
        BoolValue => ParamType.Bool,
        StringValue => ParamType.String,
        ListValue { Items.Count: 0 } => ParamType.IntList,
        ListValue l when TypeOf(l.Items[0]) is { } element => TypeNames.ListOf(element),
        _ => null,
    };

    private Value Index(IndexExpr i)
    {
        var items = ((ListValue)Evaluate(i.Target)).Items;
        if (i.Indices[0] is RangeExpr range)
        {
            var (from, to) = Bounds(range, items.Count);
            return new ListValue(items.Skip(from).Take(to - from).ToEquatableArray());
        }

        return items[At(i.Indices[0], items.Count)];
    }

    /// <summary>First and last (exclusive) element of a range of a list of that many.</summary>
    public (int From, int To) Bounds(RangeExpr range, int count)
    {
        var from = range.From is null ? 0 : Position(range.From, count);
        var to = range.To is null ? count : Position(range.To, count);
        return from < 0 || to > count || from > to ? throw new EvaluationException($"elements {from} to {to} of a list of {count}") : ((int)from, (int)to);
    }

    /// <summary>The place of an element of a list of that many.</summary>
    public int At(Expr index, int count)
    {
        var at = Position(index, count);
        return at >= 0 && at < count ? (int)at : throw new EvaluationException($"element {at} of a list of {count}");
    }

    private long Position(Expr e, int count) => e is FromEndExpr end ? count - Known(end.Operand) : Known(e);
}
