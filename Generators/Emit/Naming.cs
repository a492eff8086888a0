using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Notochord.Generators.Emit;

/// <summary>How names of a declaration become names of C#.</summary>
internal static class Naming
{
    /// <summary>Words that C# reads as something else in some places of a method or class.</summary>
    private static readonly HashSet<string> Contextual = ["var", "dynamic", "await", "yield", "field", "nameof", "record", "scoped", "required", "file"];

    /// <summary>The name of a class: <c>swin_block</c> is <c>SwinBlock</c>, <c>window7_224</c> is <c>Window7_224</c> (digits stay apart).</summary>
    public static string Class(string name)
    {
        var text = new StringBuilder(name.Length);
        var start = true;
        foreach (var c in name)
        {
            if (!SyntaxFacts.IsIdentifierPartCharacter(c) || c == '_')
            {
                start = true;
                continue;
            }

            if (start && char.IsDigit(c) && (text.Length == 0 || char.IsDigit(text[text.Length - 1]))) text.Append('_');
            text.Append(start ? char.ToUpperInvariant(c) : c);
            start = false;
        }

        return text.Length == 0 ? "_" : text.ToString();
    }

    /// <summary>The name of a field, parameter or local: the name itself where C# allows it.</summary>
    public static string Identifier(string name)
    {
        if (SyntaxFacts.IsValidIdentifier(name))
        {
            return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || Contextual.Contains(name) ? "@" + name : name;
        }

        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name) text.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        if (text.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(text[0])) text.Insert(0, '_');
        return text.ToString();
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, true);

    /// <summary>Text inside an XML documentation comment.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
