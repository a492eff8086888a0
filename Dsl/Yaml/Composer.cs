using Notochord.Dsl.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Notochord.Dsl.Yaml;

/// <summary>Makes nodes of the parser's events: aliases and merge keys resolved, duplicate keys reported, depth and size limited.</summary>
/// <param name="file">The file.</param>
/// <param name="offset">Where in it the text starts that the parser reads.</param>
/// <param name="size">Values that the file's documents before it have.</param>
/// <param name="diagnostics">Where findings go.</param>
internal sealed class Composer(SourceFile file, int offset, int size, DiagnosticBag diagnostics)
{
    private const int DepthLimit = 64;
    private const int NodeLimit = 100_000;
    private readonly Dictionary<string, (YamlNode? Node, int Size)> _anchors = [];
    private readonly Stack<List<YamlEntry>> _open = [];
    private readonly Stack<int> _brackets = [];
    private SourceSpan _documentSpan;
    private int _depth;
    private int _size = size;

    /// <summary>How many values the file has so far.</summary>
    public int Size => _size;

    /// <summary>The file is too large to go on with.</summary>
    public bool Full => _size > NodeLimit;

    /// <summary>The last index of the text that an event reached.</summary>
    public int Reached { get; private set; }

    /// <summary>The innermost <c>[</c> or <c>{</c> that was not closed when the parser gave up.</summary>
    public int? OpenBracket => _brackets.Count > 0 ? _brackets.Peek() : null;

    /// <summary>When the parser gave up inside a document: what its top mapping held by then.</summary>
    public YamlMapping? Partial => _open.Count > 0 && _open.Last() is { Count: > 0 } entries ? new YamlMapping(entries.ToEquatableArray(), _documentSpan) : null;

    /// <summary>Reads one document; the parser stands at its start. Null when there is nothing in it.</summary>
    public YamlNode? Document(IParser parser)
    {
        _anchors.Clear();
        _open.Clear();
        Next(parser);
        var (node, _) = Node(parser);
        _open.Clear();
        return node is YamlScalar { IsEmpty: true } ? null : node;
    }

    private ParsingEvent Next(IParser parser)
    {
        if (!parser.MoveNext() || parser.Current is not { } current) throw new YamlException("unexpected end of stream");
        Reached = Math.Max(Reached, (int)current.End.Index);
        return current;
    }

    // The node of the current event; the parser is left at its last event. The second value is where it ends.
    private (YamlNode? Node, int End) Node(IParser parser)
    {
        var e = parser.Current!;
        if (++_size > NodeLimit) throw Refuse(e, $"The file has more than {NodeLimit:N0} values.");
        switch (e)
        {
            case Scalar s:
                var scalar = Scalar(s);
                Keep(s, scalar, 1);
                return (scalar, (int)s.End.Index);
            case AnchorAlias alias:
                return (Alias(alias), (int)alias.End.Index);
            case SequenceStart or MappingStart when _depth >= DepthLimit:
                throw Refuse(e, $"Nested deeper than {DepthLimit}.");
            case SequenceStart s:
                return Collection(parser, s, s.Style == SequenceStyle.Flow, Sequence);
            case MappingStart m:
                return Collection(parser, m, m.Style == MappingStyle.Flow, Mapping);
            default:
                throw new YamlException(e.Start, e.End, "did not find expected node content");
        }
    }

    private (YamlNode? Node, int End) Collection(IParser parser, NodeEvent start, bool flow, Func<IParser, NodeEvent, bool, YamlNode> read)
    {
        var before = _size;
        if (_depth == 0) _documentSpan = Span(start.Start.Index, start.End.Index);
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = (null, 0); // Open: an alias to it now would contain itself.
        Tag(start);
        _depth++;
        if (flow) _brackets.Push((int)start.End.Index);
        var node = read(parser, start, flow);
        if (flow) _brackets.Pop();
        _depth--;
        Keep(start, node, _size - before + 1);
        return (node, (int)parser.Current!.End.Index);
    }

    private YamlSequence Sequence(IParser parser, NodeEvent start, bool flow)
    {
        var items = new List<YamlNode>();
        var joinedTo = 0;
        while (Next(parser) is not SequenceEnd)
        {
            var itemStart = (int)parser.Current!.Start.Index;
            // [c ? a : b] is a mapping of one pair without braces to YAML, and its start is not given.
            var pair = flow && parser.Current is MappingStart && itemStart <= start.End.Index;
            var (item, end) = Node(parser);
            if (pair && item is YamlMapping { Entries: { Count: 1 } entries }) itemStart = file.Offset(entries[0].Key.Span) - offset;
            if (item is null || (flow && end <= joinedTo)) continue;
            if (flow && (pair || item is YamlScalar { Form: ScalarForm.Plain }) && Call.End(file.Text, offset + itemStart) is { } close && (pair || close - offset > end))
            {
                // [f(a, b), g]: YAML's commas do not know about parentheses, a list of applications does.
                item = Raw(itemStart, close - offset);
                joinedTo = close - offset;
            }

            items.Add(item);
        }

        return new YamlSequence(items.ToEquatableArray(), flow, Span(start.Start.Index, flow ? parser.Current!.End.Index + 1 : EndOf(items, start)));
    }

    private YamlNode Mapping(IParser parser, NodeEvent start, bool flow)
    {
        var entries = new List<YamlEntry>();
        var keys = new Dictionary<string, YamlScalar>();
        _open.Push(entries);
        var merges = new List<YamlNode>();
        var joinedTo = 0;
        var first = -1;
        while (Next(parser) is not MappingEnd)
        {
            var keyStart = (int)parser.Current!.Start.Index;
            if (first < 0) first = keyStart;
            var (key, keyEnd) = Node(parser);
            Next(parser);
            var valueStart = (int)parser.Current!.Start.Index;
            var (value, end) = Node(parser);
            if (value is null || (flow && keyEnd <= joinedTo)) continue;
            if (key is not YamlScalar name)
            {
                if (key is not null) diagnostics.Add(Rules.WrongNode, key.Span, $"A key is a word, not {key.Kind}.", "A value that starts with '{' or '[' needs quotes.");
                continue;
            }

            if (flow && value is YamlScalar { Form: ScalarForm.Plain } && Call.End(file.Text, offset + valueStart) is { } close && close - offset > end)
            {
                var whole = Raw(valueStart, close - offset);
                diagnostics.Add(Rules.Yaml, Span(end, end + 1), $"The comma ends the value '{((YamlScalar)value).Value}' inside braces.", $"Put it in quotes: {name.Value}: \"{whole.Value.Replace("\"", "\\\"")}\"");
                value = whole;
                joinedTo = close - offset;
            }

            if (name is { Value: "<<", Form: ScalarForm.Plain }) merges.Add(value);
            else Add(entries, keys, new YamlEntry(name, value), report: true);
        }

        foreach (var merge in merges) Merge(entries, keys, merge);
        _open.Pop();
        if (!flow && entries.Count == 1 && Cut(entries[0]) is { } cut) return cut;
        // A mapping in block style starts at its first key; the parser does not always say so.
        var from = flow || first < 0 ? start.Start.Index : first;
        return new YamlMapping(entries.ToEquatableArray(), Span(from, flow ? parser.Current!.End.Index + 1 : EndOf([.. entries.Select(e => e.Value)], start)));
    }

    // - f(a: 1): as an item of a list it is a mapping to YAML, whose key is f(a.
    private YamlScalar? Cut(YamlEntry entry)
    {
        if (entry is not { Key: { Form: ScalarForm.Plain } key, Value: YamlScalar { Form: ScalarForm.Plain } value } || !key.Value.Contains("(") && !key.Value.Contains("?")) return null;
        var (start, end) = (file.Offset(key.Span), file.Offset(value.Span) + file.Length(value.Span));
        if (start >= end || file.Offset(value.Span) < start) return null;
        var colon = file.Text.IndexOf(':', start + file.Length(key.Span));
        diagnostics.Add(Rules.Yaml, file.Span(colon, colon + 1), "': ' ends a plain value in YAML.", Repair.ColonFix(key.Value, value.Value));
        return Raw(start - offset, end - offset);
    }

    private long EndOf(List<YamlNode> items, NodeEvent start) =>
        Math.Max(start.End.Index, items.Count == 0 ? 0 : LastEnd);

    // A block collection's own end mark is the start of what follows; its last scalar's is where it ends.
    private int LastEnd { get; set; }

    private void Add(List<YamlEntry> entries, Dictionary<string, YamlScalar> keys, YamlEntry entry, bool report)
    {
        if (!keys.TryGetValue(entry.Key.Value, out var earlier))
        {
            keys.Add(entry.Key.Value, entry.Key);
            entries.Add(entry);
        }
        else if (report)
        {
            diagnostics.Add(Rules.DuplicateKey, entry.Key.Span, $"The key '{entry.Key.Value}' is there already, in line {earlier.Span.Line}.", "Remove or rename one of them.");
        }
    }

    private void Merge(List<YamlEntry> entries, Dictionary<string, YamlScalar> keys, YamlNode merge)
    {
        switch (merge)
        {
            case YamlMapping mapping:
                foreach (var entry in mapping.Entries) Add(entries, keys, entry, report: false);
                break;
            case YamlSequence sequence when sequence.Items.All(i => i is YamlMapping):
                foreach (var item in sequence.Items) Merge(entries, keys, item);
                break;
            default:
                diagnostics.Add(Rules.WrongNode, merge.Span, $"'<<' merges a mapping or a list of mappings; found {merge.Kind}.");
                break;
        }
    }

    private YamlScalar Scalar(Scalar s)
    {
        Tag(s);
        LastEnd = Math.Max(LastEnd, (int)s.End.Index);
        var (quoting, form) = s.Style switch
        {
            ScalarStyle.SingleQuoted => (Quoting.Single, ScalarForm.Quoted),
            ScalarStyle.DoubleQuoted => (Quoting.Double, ScalarForm.Quoted),
            ScalarStyle.Literal or ScalarStyle.Folded => (Quoting.Lines, ScalarForm.Lines),
            _ => (Quoting.None, ScalarForm.Plain),
        };
        var code = ScalarMap.Map(file, Repair.Restore(s.Value), offset + (int)s.Start.Index, offset + (int)s.End.Index, quoting);
        return new YamlScalar(code, form, s.Value.Length == 0 ? Span(s.Start.Index, s.Start.Index) : Span(s.Start.Index, s.End.Index));
    }

    // The text as it stands in the file, folded as a plain scalar.
    private YamlScalar Raw(int start, int end)
    {
        var value = string.Join(" ", file.Text.Substring(offset + start, end - start).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()));
        return new YamlScalar(ScalarMap.Map(file, value, offset + start, offset + end, Quoting.None), ScalarForm.Plain, Span(start, end));
    }

    private YamlNode? Alias(AnchorAlias alias)
    {
        var span = Span(alias.Start.Index, alias.End.Index);
        LastEnd = Math.Max(LastEnd, (int)alias.End.Index);
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchor))
        {
            diagnostics.Add(Rules.UnknownName, span, $"No anchor '&{alias.Value.Value}' above.", Suggest.Nearest(alias.Value.Value, _anchors.Keys) ?? "A value that starts with '*' needs quotes.");
            return null;
        }

        if (anchor.Node is null)
        {
            diagnostics.Add(Rules.Cycle, span, $"The anchor '&{alias.Value.Value}' contains itself.");
            return null;
        }

        if (_size + anchor.Size > NodeLimit)
        {
            diagnostics.Add(Rules.Limit, span, $"With what this alias repeats, the document has more than {NodeLimit:N0} values.");
            return null;
        }

        _size += anchor.Size;
        return anchor.Node;
    }

    private void Keep(NodeEvent e, YamlNode node, int size)
    {
        if (!e.Anchor.IsEmpty) _anchors[e.Anchor.Value] = (node, Math.Max(1, size));
    }

    private void Tag(NodeEvent e)
    {
        if (e.Tag.IsEmpty || e.Tag.IsNonSpecific) return;
        diagnostics.Add(Rules.WrongNode, Span(e.Start.Index, e.Start.Index + 1), "A tag '!...' is not part of the language.", "A value that starts with '!' needs quotes.");
    }

    // No further: the parser's own work grows with the square of the depth.
    private YamlException Refuse(ParsingEvent e, string message)
    {
        diagnostics.Add(Rules.Limit, Span(e.Start.Index, e.Start.Index + 1), message);
        return new YamlException(YamlErrors.Reported);
    }

    private SourceSpan Span(long start, long end) => file.Span(offset + (int)start, offset + (int)end);
}
