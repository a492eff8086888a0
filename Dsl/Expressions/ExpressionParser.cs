using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>Turns C# text into <see cref="Expr"/>; what is outside the language becomes a located diagnostic and null.</summary>
public sealed class ExpressionParser
{
    internal const int DepthLimit = 200;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
    private readonly CodeText _code;
    private readonly int _shift;
    private readonly DiagnosticBag _diagnostics;
    private int _depth;
    private bool _inList;

    /// <param name="code">The code that positions refer to.</param>
    /// <param name="shift">Characters that stand before the code in the text that Roslyn parsed.</param>
    /// <param name="diagnostics">Where findings go.</param>
    internal ExpressionParser(CodeText code, int shift, DiagnosticBag diagnostics) => (_code, _shift, _diagnostics) = (code, shift, diagnostics);

    /// <summary>Parses one expression; null when it is not one (with a diagnostic).</summary>
    public static Expr? Parse(CodeText code, DiagnosticBag diagnostics)
    {
        if (code.Text.Trim().Length == 0)
        {
            diagnostics.Add(Rules.Syntax, code.Locate(0, code.Text.Length), "Expected an expression, found nothing.");
            return null;
        }

        if (SimpleExpression.Parse(code) is { } simple) return simple;
        if (Nesting.TooDeep(code, diagnostics)) return null;
        var node = SyntaxFactory.ParseExpression(code.Text, 0, Options, consumeFullText: true);
        var parser = new ExpressionParser(code, 0, diagnostics);
        return parser.ReportSyntax(node) ? null : parser.Convert(node);
    }

    /// <summary>Parses <c>a[..], b[..]</c>, <c>f(x), g</c>: expressions separated by commas.</summary>
    public static IReadOnlyList<Expr> ParseList(CodeText code, DiagnosticBag diagnostics)
    {
        if (Nesting.TooDeep(code, diagnostics)) return [];
        var list = SyntaxFactory.ParseArgumentList("(" + code.Text + ")", 0, Options);
        var parser = new ExpressionParser(code, 1, diagnostics) { _inList = true };
        if (parser.ReportSyntax(list)) return [];
        return [.. list.Arguments.Select(a => parser.Convert(a.Expression)).OfType<Expr>()];
    }

    /// <summary>Reports the syntax errors that Roslyn found in <paramref name="node"/>; true if there are any.</summary>
    internal bool ReportSyntax(SyntaxNode node)
    {
        var line = 0;
        // C# has no bare '..' in a list; an output contract has: [.., dim].
        var bare = node.DescendantNodesAndSelf().OfType<SpreadElementSyntax>().Where(s => s.Expression.IsMissing)
            .SelectMany(s => s.Expression.GetDiagnostics()).Select(d => d.Location.SourceSpan).ToList();
        // Nor has it c[], which in a contract is a scalar.
        if (_inList) bare.AddRange(node.DescendantNodes().OfType<ElementAccessExpressionSyntax>().Where(IsScalar).SelectMany(e => e.ArgumentList.GetDiagnostics()).Select(d => d.Location.SourceSpan));
        if (Errors(node) is not { } errors)
        {
            _diagnostics.Add(Rules.Syntax, _code.Locate(0, _code.Text.Length), "Expected an expression.");
            return true;
        }

        foreach (var d in errors)
        {
            var span = d.Location.SourceSpan;
            if (bare.Contains(span)) continue;
            // The first of a line; those after it mostly follow from it.
            var place = _code.Locate(span.Start - _shift, span.End - _shift);
            if (place.Line != line) _diagnostics.Add(Rules.Syntax, place, d.GetMessage().TrimEnd('.') + ".");
            line = place.Line;
        }

        return line != 0;
    }

    // Null where Roslyn cannot place its own errors: it puts those of some texts that begin with a keyword, such as 'return x;', before the text.
    private static List<Microsoft.CodeAnalysis.Diagnostic>? Errors(SyntaxNode node)
    {
        try
        {
            return [.. node.GetDiagnostics().Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error)];
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    internal SourceSpan Locate(SyntaxNode node) => _code.Locate(node.Span.Start - _shift, node.Span.End - _shift);

    internal SourceSpan Locate(SyntaxToken token) => _code.Locate(token.Span.Start - _shift, token.Span.End - _shift);

    internal Expr? Unsupported(SyntaxNode node, string what)
    {
        _diagnostics.Add(Rules.Unsupported, Locate(node), $"{what} is not part of the language.");
        return null;
    }

    internal Expr? Convert(ExpressionSyntax node)
    {
        if (++_depth > DepthLimit)
        {
            _diagnostics.Add(Rules.Limit, Locate(node), $"Expression nested deeper than {DepthLimit}.");
            _depth--;
            return null;
        }

        var result = ConvertNode(node);
        _depth--;
        return result;
    }

    private Expr? ConvertNode(ExpressionSyntax node)
    {
        var span = Locate(node);
        switch (node)
        {
            case ParenthesizedExpressionSyntax p: return Convert(p.Expression);
            case LiteralExpressionSyntax l: return Literal(l, span);
            // A keyword of C#, and a name like any other here.
            case BaseExpressionSyntax: return new NameExpr("base", span);
            case IdentifierNameSyntax n: return n.Identifier.ValueText == "none" ? new NoneLiteral(span) : new NameExpr(n.Identifier.ValueText, span);
            case PrefixUnaryExpressionSyntax u: return Unary(u, span);
            case BinaryExpressionSyntax b: return Binary(b, span);
            case ConditionalExpressionSyntax c:
                return Convert(c.Condition) is { } condition && Convert(c.WhenTrue) is { } then && Convert(c.WhenFalse) is { } otherwise
                    ? new ConditionalExpr(condition, then, otherwise, span) : null;
            case CastExpressionSyntax c:
                if (c.Type.ToString() is not ("int" or "long" or "double" or "bool")) return Unsupported(c.Type, $"A cast to '{c.Type}'");
                return Convert(c.Expression) is { } operand ? new CastExpr(c.Type.ToString(), operand, span) : null;
            case InvocationExpressionSyntax i:
                return Convert(i.Expression) is { } callee && Arguments(i.ArgumentList.Arguments) is { } args ? new CallExpr(callee, args, span) : null;
            case MemberAccessExpressionSyntax m:
                return Convert(m.Expression) is { } target ? new MemberExpr(target, m.Name.Identifier.ValueText, span) : null;
            case ElementAccessExpressionSyntax e when IsScalar(e): return Convert(e.Expression) is { } scalar ? new IndexExpr(scalar, default, span) : null;
            case ElementAccessExpressionSyntax e:
                return Convert(e.Expression) is { } indexed && All(e.ArgumentList.Arguments.Select(a => a.Expression)) is { } indices
                    ? new IndexExpr(indexed, indices, span) : null;
            case ConditionalAccessExpressionSyntax { WhenNotNull: ElementBindingExpressionSyntax b } o:
                return Convert(o.Expression) is { } optional && All(b.ArgumentList.Arguments.Select(a => a.Expression)) is { } axes ? new OptionalExpr(optional, axes, span) : null;
            case RangeExpressionSyntax r: return Range(r, span);
            case CollectionExpressionSyntax c: return Collection(c, span);
            case TupleExpressionSyntax t: return All(t.Arguments.Select(a => a.Expression)) is { } items ? new TupleExpr(items, span) : null;
            case InterpolatedStringExpressionSyntax s: return Interpolation(s, span);
            case AssignmentExpressionSyntax a: return Unsupported(a, "An assignment inside an expression");
            default: return Unsupported(node, $"'{Shorten(node)}' ({node.Kind()})");
        }
    }

    private static bool IsScalar(ElementAccessExpressionSyntax access) => access.ArgumentList.Arguments.Count == 1 && access.ArgumentList.Arguments[0].Expression.IsMissing;

    private static string Shorten(SyntaxNode node)
    {
        var text = node.ToString();
        return text.Length <= 40 ? text : text.Substring(0, 37) + "...";
    }

    private Expr? Literal(LiteralExpressionSyntax node, SourceSpan span)
    {
        switch (node.Token.Value)
        {
            case bool b: return new BoolLiteral(b, span);
            case string s: return new StringLiteral(s, span);
            case char c: return new StringLiteral(c.ToString(), span);
            case int i: return new IntLiteral(i, span);
            case long l: return new IntLiteral(l, span);
            case uint u: return new IntLiteral(u, span);
            case double d: return new DoubleLiteral(d, span);
            case float f: return new DoubleLiteral(f, span);
            case null when node.IsKind(SyntaxKind.NullLiteralExpression): return new NoneLiteral(span);
            default: return Unsupported(node, $"The literal '{node}'");
        }
    }

    private Expr? Unary(PrefixUnaryExpressionSyntax node, SourceSpan span)
    {
        if (Convert(node.Operand) is not { } operand) return null;
        return node.OperatorToken.Text switch
        {
            "-" when operand is IntLiteral i => new IntLiteral(-i.Value, span),
            "-" when operand is DoubleLiteral d => new DoubleLiteral(-d.Value, span),
            "-" or "!" => new UnaryExpr(node.OperatorToken.Text, operand, span),
            "+" => operand,
            "^" => new FromEndExpr(operand, span),
            var op => Unsupported(node, $"The operator '{op}'"),
        };
    }

    // A chain a + b + c + ... leans left and may be long; it is taken apart in a loop, not by recursion.
    private Expr? Binary(BinaryExpressionSyntax node, SourceSpan span)
    {
        var chain = new Stack<BinaryExpressionSyntax>();
        ExpressionSyntax leftmost = node;
        while (leftmost is BinaryExpressionSyntax b)
        {
            chain.Push(b);
            leftmost = b.Left;
        }

        if (chain.Count > 10 * DepthLimit)
        {
            _diagnostics.Add(Rules.Limit, span, $"More than {10 * DepthLimit} operators in one expression.");
            return null;
        }

        var left = Convert(leftmost);
        while (chain.Count > 0)
        {
            var b = chain.Pop();
            var op = b.OperatorToken.Text;
            if (op is not ("+" or "-" or "*" or "/" or "%" or "<<" or ">>" or "==" or "!=" or "<" or "<=" or ">" or ">=" or "&&" or "||"))
            {
                return Unsupported(b, $"The operator '{op}'");
            }

            var right = Convert(b.Right);
            left = left is null || right is null ? null : new BinaryExpr(op, left, right, Locate(b));
        }

        return left;
    }

    private EquatableArray<Argument>? Arguments(SeparatedSyntaxList<ArgumentSyntax> nodes)
    {
        var result = new List<Argument>();
        var ok = true;
        foreach (var node in nodes)
        {
            if (!node.RefKindKeyword.IsKind(SyntaxKind.None)) ok = Unsupported(node, "An argument by reference") is not null;
            string? name = node.NameColon?.Name.Identifier.ValueText;
            var value = node.Expression;
            // name = value, as in Python, is an assignment to C#'s parser.
            if (name is null && value is AssignmentExpressionSyntax { Left: IdentifierNameSyntax id } assignment && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression))
            {
                name = id.Identifier.ValueText;
                value = assignment.Right;
            }

            if (Convert(value) is { } converted) result.Add(new Argument(name, converted, Locate(node)));
            else ok = false;
        }

        return ok ? result.ToEquatableArray() : null;
    }

    private EquatableArray<Expr>? All(IEnumerable<ExpressionSyntax> nodes)
    {
        var items = nodes.Select(Convert).ToArray();
        return Array.TrueForAll(items, i => i is not null) ? items.Select(i => i!).ToEquatableArray() : null;
    }

    private Expr? Range(RangeExpressionSyntax node, SourceSpan span)
    {
        Expr? from = null, to = null;
        if (node.LeftOperand is not null && (from = Convert(node.LeftOperand)) is null) return null;
        if (node.RightOperand is not null && (to = Convert(node.RightOperand)) is null) return null;
        return new RangeExpr(from, to, span);
    }

    private Expr? Collection(CollectionExpressionSyntax node, SourceSpan span)
    {
        var elements = new List<Expr>();
        foreach (var element in node.Elements)
        {
            switch (element)
            {
                case SpreadElementSyntax { Expression.IsMissing: true }:
                    elements.Add(new RangeExpr(null, null, Locate(element)));
                    break;
                case ExpressionElementSyntax e:
                    if (Convert(e.Expression) is not { } item) return null;
                    elements.Add(item);
                    break;
                case SpreadElementSyntax s:
                    if (Convert(s.Expression) is not { } list) return null;
                    elements.Add(new SpreadExpr(list, Locate(s)));
                    break;
                default:
                    return Unsupported(element, "This element");
            }
        }

        return new ListExpr(elements.ToEquatableArray(), span);
    }

    private Expr? Interpolation(InterpolatedStringExpressionSyntax node, SourceSpan span)
    {
        var parts = new List<Expr>();
        foreach (var content in node.Contents)
        {
            if (content is InterpolatedStringTextSyntax text) parts.Add(new StringLiteral(text.TextToken.ValueText, Locate(text)));
            else if (content is InterpolationSyntax { FormatClause: null, AlignmentClause: null } hole && Convert(hole.Expression) is { } value) parts.Add(value);
            else return Unsupported(content, "This interpolation");
        }

        return new InterpolationExpr(parts.ToEquatableArray(), span);
    }
}
