using System.Runtime.CompilerServices;
using System.Text;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives;

/// <summary>The words of a <see cref="CallSite.RequireEqual(Dim, Dim, ref EqualityText)"/>: an interpolated string that is put together only where the
/// sizes are not known to be equal. Nearly all are, and describing two shapes takes longer than comparing them.</summary>
[InterpolatedStringHandler]
public readonly ref struct EqualityText
{
    private readonly StringBuilder? _text;

    /// <summary>Called by the compiler.</summary>
    public EqualityText(int literalLength, int formattedCount, CallSite call, Dim a, Dim b, out bool isWanted)
    {
        AreEqual = call.AreEqual(a, b);
        isWanted = AreEqual != true;
        _text = isWanted ? new StringBuilder(literalLength + (formattedCount * 16)) : null;
    }

    /// <summary>What is known of the two sizes.</summary>
    internal bool? AreEqual { get; }

    /// <summary>A piece as written.</summary>
    public void AppendLiteral(string text) => _text!.Append(text);

    /// <summary>A piece that is a value.</summary>
    public void AppendFormatted<T>(T value) => _text!.Append(value);

    /// <inheritdoc/>
    public override string ToString() => _text?.ToString() ?? "";
}
