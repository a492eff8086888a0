using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Expressions;

/// <summary>Turns the C# statements of a forward into <see cref="Statement"/>s. Everything wrong is reported, not only the first.</summary>
public sealed class StatementParser
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
    private readonly ExpressionParser _expressions;
    private readonly DiagnosticBag _diagnostics;

    private StatementParser(ExpressionParser expressions, DiagnosticBag diagnostics) => (_expressions, _diagnostics) = (expressions, diagnostics);

    /// <summary>Parses statements; a lone expression without <c>;</c> is its own return.</summary>
    public static EquatableArray<Statement> Parse(CodeText code, DiagnosticBag diagnostics)
    {
        if (code.Text.Trim().Length == 0)
        {
            diagnostics.Add(Rules.Syntax, code.Locate(0, code.Text.Length), "Expected statements that end with a return, found nothing.");
            return default;
        }

        if (!code.Text.Contains(";") && !code.Text.Contains("{") && !code.Text.TrimStart().StartsWith("return ", StringComparison.Ordinal))
        {
            return ExpressionParser.Parse(code, diagnostics) is { } value ? [new ReturnStatement(value, value.Span)] : default;
        }

        if (Nesting.TooDeep(code, diagnostics)) return default;
        var block = SyntaxFactory.ParseStatement("{" + code.Text + "\n}", 0, Options, consumeFullText: true);
        var parser = new ExpressionParser(code, 1, diagnostics);
        if (parser.ReportSyntax(block)) return default;
        return block is BlockSyntax b ? new StatementParser(parser, diagnostics).Convert(b.Statements) : default;
    }

    private EquatableArray<Statement> Convert(IEnumerable<StatementSyntax> nodes)
    {
        var result = new List<Statement>();
        foreach (var node in nodes) Convert(node, result);
        return result.ToEquatableArray();
    }

    // Spelt as an array: a collection expression would become a SyntaxList, whose Add returns another list.
    private EquatableArray<Statement> Body(StatementSyntax node) => Convert(node is BlockSyntax b ? b.Statements : new[] { node });

    private void Convert(StatementSyntax node, List<Statement> result)
    {
        var span = _expressions.Locate(node);
        switch (node)
        {
            case ReturnStatementSyntax { Expression: { } value }:
                if (_expressions.Convert(value) is { } returned) result.Add(new ReturnStatement(returned, span));
                return;
            case IfStatementSyntax i:
                var condition = _expressions.Convert(i.Condition);
                var then = Body(i.Statement);
                var otherwise = i.Else is null ? default : Body(i.Else.Statement);
                if (condition is not null) result.Add(new IfStatement(condition, then, otherwise, span));
                return;
            case ForStatementSyntax f:
                For(f, span, result);
                return;
            case ForEachStatementSyntax f:
                var list = _expressions.Convert(f.Expression);
                var each = Body(f.Statement);
                if (list is not null) result.Add(new ForEachStatement(f.Identifier.ValueText, list, each, span));
                return;
            case LocalDeclarationStatementSyntax l:
                foreach (var v in l.Declaration.Variables)
                {
                    if (v.Initializer is null) Unsupported(v, $"'{v.Identifier.ValueText}' without a value");
                    else if (_expressions.Convert(v.Initializer.Value) is { } initial) result.Add(new AssignStatement([v.Identifier.ValueText], initial, span));
                }

                return;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax a }:
                Assign(a, span, result);
                return;
            case BlockSyntax b:
                foreach (var inner in b.Statements) Convert(inner, result);
                return;
            case EmptyStatementSyntax:
                return;
            case ExpressionStatementSyntax e:
                Unsupported(e, $"'{e.Expression}' as a statement, whose result is lost,");
                return;
            default:
                Unsupported(node, $"A '{node.GetFirstToken().ValueText}' statement");
                return;
        }
    }

    private void Unsupported(Microsoft.CodeAnalysis.SyntaxNode node, string what) => _expressions.Unsupported(node, what);

    private void Assign(AssignmentExpressionSyntax node, SourceSpan span, List<Statement> result)
    {
        if (Targets(node.Left) is not { } targets || _expressions.Convert(node.Right) is not { } value) return;
        var op = node.OperatorToken.Text;
        if (op != "=")
        {
            if (targets.Count != 1 || targets[0] is not { } name || op is not ("+=" or "-=" or "*=" or "/="))
            {
                Unsupported(node, $"The assignment '{op}'");
                return;
            }

            value = new BinaryExpr(op.Substring(0, 1), new NameExpr(name, _expressions.Locate(node.Left)), value, span);
        }

        result.Add(new AssignStatement(targets, value, span));
    }

    private EquatableArray<string?>? Targets(ExpressionSyntax left)
    {
        switch (left)
        {
            case IdentifierNameSyntax id:
                return [Discard(id.Identifier.ValueText)];
            case TupleExpressionSyntax tuple:
                var names = new List<string?>();
                foreach (var a in tuple.Arguments)
                {
                    if (a.Expression is IdentifierNameSyntax n) names.Add(Discard(n.Identifier.ValueText));
                    else if (a.Expression is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax d }) names.Add(Discard(d.Identifier.ValueText));
                    else
                    {
                        Unsupported(a, $"'{a}' on the left of '='");
                        return null;
                    }
                }

                return names.ToEquatableArray();
            case DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax p }:
                return p.Variables.Select(v => Discard(v.ToString())).ToEquatableArray();
            default:
                Unsupported(left, $"'{left}' on the left of '='");
                return null;
        }
    }

    private static string? Discard(string name) => name == "_" ? null : name;

    private void For(ForStatementSyntax f, SourceSpan span, List<Statement> result)
    {
        if (f.Declaration is { Variables: { Count: 1 } variables }
            && variables.First() is { Initializer.Value: { } first } variable
            && f.Condition is BinaryExpressionSyntax { Left: IdentifierNameSyntax tested } condition
            && f.Incrementors.Count == 1 && f.Incrementors.First() is PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax stepped, OperatorToken.Text: "++" }
            && tested.Identifier.ValueText == variable.Identifier.ValueText
            && stepped.Identifier.ValueText == variable.Identifier.ValueText
            && condition.OperatorToken.Text is "<" or "<=")
        {
            var from = _expressions.Convert(first);
            var to = _expressions.Convert(condition.Right);
            var body = Body(f.Statement);
            if (from is null || to is null) return;
            if (condition.OperatorToken.Text == "<=") to = new BinaryExpr("+", to, new IntLiteral(1, to.Span), to.Span);
            result.Add(new ForStatement(variable.Identifier.ValueText, from, to, body, span));
            return;
        }

        Unsupported(f, "This form of 'for'; write 'for (int i = a; i < b; i++)', anything else");
    }
}
