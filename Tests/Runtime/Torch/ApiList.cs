using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Notochord.Tests.Torch;

/// <summary>A parameter as a list writes it: "params long[] sizes", "bool keepdim = false".</summary>
internal sealed record ApiParameter(string Type, string Name, string? Default, bool Params)
{
    internal bool Optional => Default is not null || Params;
}

/// <summary>A member as a list writes it. Properties, fields and constructors have kinds of their own.</summary>
internal sealed record ApiMember(string Kind, string Result, string Name, IReadOnlyList<ApiParameter> Parameters);

/// <summary>The public signatures of one version of TorchSharp.</summary>
internal sealed partial class ApiList
{
    private readonly Dictionary<string, List<ApiMember>> _members = [];
    private readonly Dictionary<string, string> _types = [];

    internal ApiList(string version)
    {
        Version = version;
        using var packed = typeof(ApiList).Assembly.GetManifestResourceStream($"torchsharp-{version}.txt.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            // A default may be a text with a line's end in it.
            while (line.Count(c => c == '"') % 2 != 0 && reader.ReadLine() is { } more) line += more;
            if (line.StartsWith("TYPE ", StringComparison.Ordinal))
            {
                var parts = TypeLine().Match(line);
                _types[parts.Groups[1].Value] = parts.Groups[2].Value;
                continue;
            }
            var split = line.Split(" :: ", 2);
            if (split.Length < 2) continue;
            if (!_members.TryGetValue(split[0], out var list)) _members[split[0]] = list = [];
            list.Add(Parse(split[1]));
        }
    }

    internal string Version { get; }

    internal bool Has(string type) => _types.ContainsKey(type) || _members.ContainsKey(type);

    /// <summary>The values of an enumeration, in order.</summary>
    internal string[] Values(string type) => _types.TryGetValue(type, out var rest) && rest.Contains('{', StringComparison.Ordinal)
        ? [.. rest[(rest.IndexOf('{', StringComparison.Ordinal) + 1)..].TrimEnd('}', ' ').Split(',').Select(v => v.Trim())]
        : [];

    /// <summary>Members of the type and of the types it derives from.</summary>
    internal IEnumerable<ApiMember> Members(string type)
    {
        for (var current = type; current is not null; current = Base(current))
        {
            foreach (var member in _members.GetValueOrDefault(current, [])) yield return member;
        }
    }

    private string? Base(string type)
    {
        if (!_types.TryGetValue(type, out var rest)) return null;
        var first = CutAtComma(rest.Trim());
        var generic = first.IndexOf('<', StringComparison.Ordinal);
        var arity = generic < 0 ? "" : "`" + SplitTop(first[(generic + 1)..^1]).Count;
        var name = (generic < 0 ? first : first[..generic]) + arity;
        return new[] { "torch." + name, "Modules." + name, name }.FirstOrDefault(n => n != type && _types.ContainsKey(n));
    }

    private static string CutAtComma(string text) => SplitTop(text).FirstOrDefault() ?? "";

    private static ApiMember Parse(string text)
    {
        text = text.Replace(" [Obsolete]", "", StringComparison.Ordinal);
        text = Modifiers().Replace(text, "");
        if (text.StartsWith("field ", StringComparison.Ordinal)) return Named("field", text[6..]);
        if (text.StartsWith("prop ", StringComparison.Ordinal))
        {
            var property = text[5..(text.LastIndexOf('{') - 1)];
            if (property.StartsWith("static ", StringComparison.Ordinal)) property = property[7..];
            var bracket = property.EndsWith(']') && IndexBracket(property) is var at && at > 0 ? at : -1;
            return bracket < 0 ? Named("prop", property) : Named("prop", property[..bracket]) with { Parameters = Parameters(property[(bracket + 1)..^1]) };
        }
        var open = ParameterStart(text);
        var parameters = Parameters(text[(open + 1)..^1]);
        var head = text[..open];
        if (head == "ctor") return new ApiMember("ctor", "", "ctor", parameters);
        return Named("method", GenericSuffix().Replace(head, "")) with { Parameters = parameters };
    }

    private static ApiMember Named(string kind, string head)
    {
        if (head.StartsWith("static ", StringComparison.Ordinal)) head = head[7..];
        var space = head.LastIndexOf(' ');
        return new ApiMember(kind, head[..space], head[(space + 1)..], []);
    }

    private static int IndexBracket(string property)
    {
        var depth = 0;
        for (var i = property.Length - 1; i >= 0; i--)
        {
            if (property[i] == ']') depth++;
            if (property[i] == '[' && --depth == 0) return i > 0 && char.IsLetterOrDigit(property[i - 1]) && property[..i].Contains(' ', StringComparison.Ordinal) ? i : -1;
        }
        return -1;
    }

    /// <summary>The parenthesis that opens the parameters: the one that the last character closes.</summary>
    private static int ParameterStart(string text)
    {
        var depth = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == ')') depth++;
            if (text[i] == '(' && --depth == 0) return i;
        }
        throw new FormatException(text);
    }

    private static List<ApiParameter> Parameters(string text) => [.. SplitTop(text).Select(Parameter)];

    private static ApiParameter Parameter(string text)
    {
        string? value = null;
        var equals = text.IndexOf(" = ", StringComparison.Ordinal);
        if (equals >= 0) (text, value) = (text[..equals], text[(equals + 3)..]);
        var isParams = text.StartsWith("params ", StringComparison.Ordinal);
        if (isParams) text = text[7..];
        if (text.StartsWith("this ", StringComparison.Ordinal)) text = text[5..];
        var space = text.LastIndexOf(' ');
        return new ApiParameter(text[..space], text[(space + 1)..], value, isParams);
    }

    private static List<string> SplitTop(string text)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '(' or '<' or '[') depth++;
            if (text[i] is ')' or '>' or ']') depth--;
            if (text[i] != ',' || depth != 0) continue;
            parts.Add(text[start..i].Trim());
            start = i + 1;
        }
        if (text[start..].Trim() is { Length: > 0 } last) parts.Add(last);
        return parts;
    }

    [GeneratedRegex(@"^TYPE (\S+) \[[^\]]*\] : (.*)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^((static|protected|virtual|override|abstract) (?!\())*(?<!\w)((static|protected|virtual|override|abstract) )*")]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"(?<=\w)<[\w, ]+>$")]
    private static partial Regex GenericSuffix();
}
