namespace Notochord.Dsl.Text;

/// <summary>A place in a file. Lines and columns count from 1; the end is exclusive.</summary>
/// <param name="File">Path as the file was given.</param>
/// <param name="Line">First line.</param>
/// <param name="Column">First column.</param>
/// <param name="EndLine">Line of the end.</param>
/// <param name="EndColumn">Column after the last character.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>No place: something the compiler made.</summary>
    public static SourceSpan None { get; } = new("", 0, 0, 0, 0);

    /// <summary>From the start of this to the end of <paramref name="end"/>.</summary>
    public SourceSpan To(SourceSpan end) => this with { EndLine = end.EndLine, EndColumn = end.EndColumn };

    /// <summary><c>swin.arch.yaml(41,12)</c>, with the file's name only.</summary>
    public string Short => $"{FileName}({Line},{Column})";

    /// <summary>The file's name without its folder.</summary>
    public string FileName => File.Substring(File.LastIndexOfAny(['/', '\\']) + 1);

    /// <summary><c>path/swin.arch.yaml(41,12)</c>.</summary>
    public override string ToString() => $"{File}({Line},{Column})";
}
