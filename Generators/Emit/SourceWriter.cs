using System.Text;

namespace Notochord.Generators.Emit;

/// <summary>Writes C# with indentation. Lines end in <c>\n</c>, whatever the machine, so that output is the same everywhere.</summary>
internal sealed class SourceWriter
{
    private const int IndentSize = 4;
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Columns before the text of a line.</summary>
    public int Indentation => _depth * IndentSize;

    /// <summary>Writes a line at the current depth; an empty one stays empty.</summary>
    public void Line(string text = "")
    {
        if (text.Length > 0) _text.Append(' ', Indentation).Append(text);
        _text.Append('\n');
    }

    /// <summary>Writes text that may span lines: the first at the current depth, the others as deep as they are indented beside it.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n')) Line(line);
    }

    /// <summary>Writes a preprocessor directive, at the left margin.</summary>
    public void Directive(string text) => _text.Append(text).Append('\n');

    /// <summary>Writes <c>header</c> and an opening brace; disposing the result closes it.</summary>
    public Scope Block(string? header = null)
    {
        if (header is not null) Lines(header);
        Line("{");
        _depth++;
        return new Scope(this);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>An open brace.</summary>
    internal readonly struct Scope(SourceWriter writer) : IDisposable
    {
        /// <summary>Closes the brace.</summary>
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}");
        }
    }
}
