namespace Notochord.Dsl.Yaml;

/// <summary>Finds where an expression ends that YAML cut at a comma.</summary>
internal static class Call
{
    /// <summary>The end of the expression at <paramref name="start"/> when its brackets close before the collection it stands in does; else null.</summary>
    public static int? End(string text, int start, bool trim = true)
    {
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}' when depth > 0:
                    depth--;
                    break;
                case ')' or ']' or '}' or ',' when depth == 0:
                    return trim ? TrimEnd(text, start, i) : i;
                case '"':
                    i = Quote(text, i);
                    break;
            }
        }

        return null;
    }

    private static int Quote(string text, int i)
    {
        for (var j = i + 1; j < text.Length && !SourceFile.IsBreak(text[j]); j++)
        {
            if (text[j] == '\\') j++;
            else if (text[j] == '"') return j;
        }

        return i;
    }

    private static int TrimEnd(string text, int start, int end)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return end;
    }
}
