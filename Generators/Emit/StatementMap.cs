using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Finds the statement of a declaration that an instruction comes from.</summary>
internal sealed class StatementMap
{
    private readonly List<Statement> _leaves = [];

    public StatementMap(IEnumerable<Statement> statements) => Collect(statements);

    /// <summary>The statement that holds this place, or null: compiler-made code has none.</summary>
    public Statement? Find(SourceSpan span) => span.Line == 0 ? null : _leaves.Find(s => Contains(s.Span, span));

    private void Collect(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case IfStatement s:
                    Collect(s.Then);
                    Collect(s.Else);
                    break;
                case ForStatement s:
                    Collect(s.Body);
                    break;
                case ForEachStatement s:
                    Collect(s.Body);
                    break;
                default:
                    if (statement.Span.Line > 0) _leaves.Add(statement);
                    break;
            }
        }
    }

    private static bool Contains(SourceSpan outer, SourceSpan inner)
        => outer.File == inner.File
            && (outer.Line, outer.Column).CompareTo((inner.Line, inner.Column)) <= 0
            && (outer.EndLine, outer.EndColumn).CompareTo((inner.EndLine, inner.EndColumn)) >= 0;
}
