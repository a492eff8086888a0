using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Primitives;
using Notochord.Dsl.Shapes;
using Notochord.Dsl.Text;

namespace Notochord.Tests.Primitives;

/// <summary>Calls of primitives written as text: shapes <c>[B, 3, H, W]</c> and C# literals, in the order of the signature.</summary>
internal sealed class Calls
{
    public List<Guard> Guards { get; } = [];

    public Facts Facts { get; } = new();

    public CallSite? Site { get; private set; }

    /// <summary>Shapes of the results of <c>name(args)</c>: a tensor is <c>f[B, 3]</c>, <c>i[..]</c> or <c>b[..]</c>, tensors <c>{f[2], f[3]}</c>, nothing <c>none</c>.</summary>
    public Shape[] Infer(string call)
    {
        var (primitive, arguments, axes) = Parse(call);
        Site = new CallSite(primitive, arguments, axes, Facts, Guards.Add, SourceSpan.None);
        var results = primitive.Infer(Site);
        Site.Results = results;
        return results;
    }

    private static (Primitive Primitive, IReadOnlyList<CallArgument> Arguments, IReadOnlyDictionary<string, Dim> Axes) Parse(string call)
    {
        var open = call.IndexOf('(');
        var primitive = PrimitiveTable.Find(call[..open]) ?? throw new ArgumentException(call);
        var texts = Split(call[(open + 1)..^1]);
        var axes = new Dictionary<string, Dim>();
        var named = new Dictionary<string, string>();
        var positional = new List<string>();
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0) positional.Add(text);
            else if (primitive.Parameters.Any(p => p.Name == text[..equals])) named[text[..equals]] = text[(equals + 1)..];
            else axes[text[..equals]] = Size(text[(equals + 1)..]);
        }

        var arguments = primitive.Parameters.Select((p, i) => i < positional.Count ? Argument(positional[i]) : named.TryGetValue(p.Name, out var text) ? Argument(text) : Default(p));
        return (primitive, [.. arguments], axes);
    }

    private static CallArgument Default(PrimitiveParameter p) => p.Default is null ? throw new ArgumentException($"No argument for {p.Name}.") : Argument(p.Default);

    private static CallArgument Argument(string text)
    {
        if (text.StartsWith('{')) return new CallArgument(null, [.. Split(text[1..^1]).Select(t => Tensor(t)!)], null);
        if (Tensor(text) is { } tensor) return new CallArgument(tensor, null, null);
        return Argument(ExpressionParser.Parse(CodeText.Inline(text, SourceSpan.None), new DiagnosticBag())!);
    }

    private static CallArgument Argument(Expr expression) => expression is NoneLiteral ? new CallArgument(null, null, null) : new CallArgument(null, null, Evaluate(expression));

    private static Value Evaluate(Expr e) => e switch
    {
        IntLiteral i => new IntValue(i.Value),
        DoubleLiteral d => new DoubleValue(d.Value),
        BoolLiteral b => new BoolValue(b.Value),
        StringLiteral s => new StringValue(s.Value),
        NameExpr n => new IntValue(Dim.Symbol(n.Name)),
        ListExpr l => new ListValue(l.Items.Select(Evaluate).ToEquatableArray()),
        UnaryExpr { Op: "-" } u => Evaluate(u.Operand) switch { IntValue i => new IntValue(Dim.Zero - i.Dim), DoubleValue d => new DoubleValue(-d.Number), var v => v },
        BinaryExpr b => new IntValue(Combine(b.Op, ((IntValue)Evaluate(b.Left)).Dim, ((IntValue)Evaluate(b.Right)).Dim)),
        _ => throw new ArgumentException(e.ToString()),
    };

    private static Dim Combine(string op, Dim a, Dim b) => op switch { "+" => a + b, "-" => a - b, "*" => a * b, "/" => a / b, _ => a % b };

    private static Dim Size(string text) => ((IntValue)Evaluate(ExpressionParser.Parse(CodeText.Inline(text, SourceSpan.None), new DiagnosticBag())!)).Dim;

    private static Shape? Tensor(string text)
    {
        if (text.Length < 3 || text[1] != '[') return null;
        var type = text[0] switch { 'f' => ElementType.Float, 'i' => ElementType.Int, 'b' => ElementType.Bool, _ => (ElementType?)null };
        if (type is null) return null;
        return new Shape(Split(text[2..^1]).Select(Size).ToEquatableArray(), type.Value);
    }

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var depth = 0;
        var quoted = false;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length)
            {
                if (text[i] == '"') quoted = !quoted;
                if (quoted) continue;
                if (text[i] is '(' or '[' or '{') depth++;
                if (text[i] is ')' or ']' or '}') depth--;
                if (text[i] != ',' || depth > 0) continue;
            }

            var part = text[start..i].Trim();
            if (part.Length > 0) parts.Add(part);
            start = i + 1;
        }

        return parts;
    }
}
