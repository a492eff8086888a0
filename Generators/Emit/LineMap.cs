using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Generators.Emit;

/// <summary>Writes <c>#line</c>: the first line of each statement maps to the declaration, the others are hidden. A debugger then steps by
/// declared statements, and a stack trace names the last one entered.</summary>
internal sealed class LineMap(SourceWriter writer)
{
    private Statement? _current;
    private bool _isMapped;
    private bool _isHidden;

    /// <summary>Before an instruction's line. True when it begins another statement.</summary>
    public bool Enter(Statement? statement)
    {
        if (statement is not null && !ReferenceEquals(statement, _current))
        {
            _current = statement;
            return true;
        }

        Hide();
        return statement is null;
    }

    /// <summary>The next line is the first of the statement declared here: its text, after the indentation, is what starts there.</summary>
    public void Map(SourceSpan span)
    {
        writer.Directive($"#line ({span.Line},{span.Column})-({span.EndLine},{Math.Max(span.EndColumn, span.Line == span.EndLine ? span.Column + 1 : 1)}) {writer.Indentation + 1} \"{span.File}\"");
        (_isMapped, _isHidden) = (true, false);
    }

    /// <summary>The next lines are of no interest to a debugger.</summary>
    public void Hide()
    {
        if (_isMapped && !_isHidden) writer.Directive("#line hidden");
        if (_isMapped) _isHidden = true;
    }

    /// <summary>The end of the method.</summary>
    public void End()
    {
        if (_isMapped) writer.Directive("#line default");
        (_isMapped, _isHidden, _current) = (false, false, null);
    }
}
