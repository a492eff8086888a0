using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>A mapping read by the table of its <see cref="Place"/>: unknown and missing keys and wrong kinds of value are reported here, once.</summary>
internal sealed class Fields
{
    // A text that is no declaration at all need not hear it of each line.
    private const int MostUnknown = 20;

    private readonly Dictionary<string, YamlEntry> _entries = [];
    private readonly HashSet<string> _broken = [];
    private readonly Place _place;

    /// <param name="mapping">What is written.</param>
    /// <param name="place">What may be written there.</param>
    /// <param name="diagnostics">Where findings go.</param>
    /// <param name="partial">The document ended early by an error that is reported: what is missing may be behind it.</param>
    public Fields(YamlMapping mapping, Place place, DiagnosticBag diagnostics, bool partial = false)
    {
        (Mapping, _place, Partial) = (mapping, place, partial);
        var unknown = 0;
        foreach (var entry in mapping.Entries)
        {
            var name = entry.Key.Value;
            if (place.Keys.FirstOrDefault(k => k.Name == name) is not { } key)
            {
                if (place.Open) Others.Add(entry);
                else if (++unknown <= MostUnknown)
                {
                    var meant = Suggest.Nearest(name, place.Keys.Select(k => k.Name));
                    _broken.UnionWith(place.Keys.Select(k => k.Name).Where(k => meant?.Contains($"'{k}'") == true));
                    diagnostics.Add(Rules.UnknownKey, entry.Key.Span, $"'{name}' is no key of {place.Name}; expected one of {string.Join(", ", place.Keys.Select(k => k.Name))}.", meant);
                }
            }
            else if (!Fits(entry.Value, key.Kinds))
            {
                _broken.Add(name);
                diagnostics.Add(Rules.WrongNode, entry.Value is YamlScalar { IsEmpty: true } ? entry.Key.Span : entry.Value.Span,
                    $"'{name}' ({key.Meaning}) takes {Words(key.Kinds)}; found {entry.Value.Kind}.",
                    Advice(entry.Value, key.Kinds));
            }
            else
            {
                _entries[name] = entry;
            }
        }

        foreach (var key in place.Keys.Where(k => k.Required)) Require(key, diagnostics);
    }

    /// <summary>Reports that a key is missing, unless it may be behind an error, or something wrong was meant to be it.</summary>
    public void Require(string name, DiagnosticBag diagnostics) => Require(_place.Keys.First(k => k.Name == name), diagnostics);

    private void Require(KeyInfo key, DiagnosticBag diagnostics)
    {
        if (Partial || _entries.ContainsKey(key.Name) || _broken.Contains(key.Name)) return;
        diagnostics.Add(Rules.MissingKey, Mapping.Entries.Count > 0 ? Mapping.Entries[0].Key.Span : Mapping.Span, $"{Capital(_place.Name)} needs '{key.Name}': {key.Meaning}.");
    }

    public YamlMapping Mapping { get; }

    /// <summary>The document ended early: what is missing may be behind the error.</summary>
    public bool Partial { get; }

    /// <summary>Entries under names that the user gave, where the place is open.</summary>
    public List<YamlEntry> Others { get; } = [];

    /// <summary>The value of a key, or null when it is not there or not of its kind.</summary>
    public YamlNode? this[string key] => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>The scalar of a key that takes only scalars.</summary>
    public YamlScalar? Scalar(string key) => this[key] as YamlScalar;

    /// <summary>The mapping of a key that takes only mappings; empty when nothing is written.</summary>
    public EquatableArray<YamlEntry> Entries(string key) => this[key] is YamlMapping mapping ? mapping.Entries : default;

    /// <summary>Whether the key is written, rightly or not.</summary>
    public bool Has(string key) => _entries.ContainsKey(key) || _broken.Contains(key);

    /// <summary>Where the key itself stands.</summary>
    public SourceSpan Span(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Span : Mapping.Span;

    private static bool Fits(YamlNode node, ValueKinds kinds) => node switch
    {
        YamlScalar { IsEmpty: true } => kinds == ValueKinds.Mapping,
        YamlScalar => (kinds & ValueKinds.Scalar) != 0,
        YamlSequence => (kinds & ValueKinds.List) != 0,
        _ => (kinds & ValueKinds.Mapping) != 0,
    };

    private static string? Advice(YamlNode node, ValueKinds kinds) => node switch
    {
        YamlSequence { Flow: true } when (kinds & ValueKinds.Scalar) != 0 => "A value that starts with '[' needs quotes if it is no list.",
        YamlSequence when (kinds & ValueKinds.Mapping) != 0 => "Write 'name: value', without '-' and brackets.",
        YamlSequence when kinds == ValueKinds.Scalar => "Several lines of text follow a '|'.",
        _ => null,
    };

    private static string Words(ValueKinds kinds)
    {
        var words = new List<string>();
        if ((kinds & ValueKinds.Scalar) != 0) words.Add("a value");
        if ((kinds & ValueKinds.List) != 0) words.Add("a list");
        if ((kinds & ValueKinds.Mapping) != 0) words.Add("a mapping");
        return string.Join(" or ", words);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);
}
