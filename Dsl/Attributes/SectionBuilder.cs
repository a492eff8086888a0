using Notochord.Dsl.Expressions;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Attributes;

/// <summary>Collects attributes into the mapping that an <c>arch:</c> document would be.</summary>
internal sealed class SectionBuilder(DiagnosticBag diagnostics)
{
    private readonly List<YamlEntry> _document = [];
    private readonly Dictionary<string, (YamlScalar Key, List<YamlEntry> Entries)> _sections = [];

    public YamlMapping Build(SourceSpan span)
    {
        var sections = _sections.Select(s => new YamlEntry(s.Value.Key, new YamlMapping(s.Value.Entries.ToEquatableArray(), s.Value.Key.Span)));
        return new YamlMapping([.. _document, .. sections], span);
    }

    public void Add(AttributeText attribute, AttributeForm form, string section, Place place)
    {
        var positional = attribute.Arguments.Where(a => a.Name is null).SelectMany(a => a.Values).ToList();
        switch (form)
        {
            case AttributeForm.Document when Count(attribute, positional, 1, 1):
                Single(new YamlEntry(Key(section, attribute.Span), Pieces.Scalar(positional[0])));
                foreach (var entry in Properties(attribute, place)) Single(entry);
                break;
            case AttributeForm.Entry when Count(attribute, positional, 1, 2):
                if (positional.Count == 2) Put(section, attribute, new YamlEntry(Pieces.Scalar(positional[0]), Pieces.Scalar(positional[1])));
                else Single(new YamlEntry(Key(section, attribute.Span), Pieces.Scalar(positional[0])));
                break;
            case AttributeForm.Declarations when Count(attribute, positional, 1, int.MaxValue):
                foreach (var entry in positional.SelectMany(p => Pieces.Assignments(p, typed: true, diagnostics))) Put(section, attribute, entry);
                break;
            case AttributeForm.Assignments when Count(attribute, positional, 1, 2):
                var values = positional.Skip(1).SelectMany(p => Pieces.Assignments(p, typed: false, diagnostics));
                Put(section, attribute, new YamlEntry(Pieces.Scalar(positional[0]), Mapping(values, attribute)));
                break;
            case AttributeForm.Section when Count(attribute, positional, 0, 0):
                Single(new YamlEntry(Key(section, attribute.Span), Mapping(Properties(attribute, place), attribute)));
                break;
            case AttributeForm.Mapping when Count(attribute, positional, 1, 1):
                Put(section, attribute, new YamlEntry(Pieces.Scalar(positional[0]), Mapping(Properties(attribute, place), attribute)));
                break;
            case AttributeForm.Names when Count(attribute, positional, 1, int.MaxValue):
                var names = Pieces.List(positional, attribute.Span);
                var others = Properties(attribute, place).ToList();
                YamlNode node = others.Count == 0 ? names : Mapping([new YamlEntry(Key("of", attribute.Span), names), .. others], attribute);
                Single(new YamlEntry(Key(section, attribute.Span), node));
                break;
        }
    }

    private static YamlScalar Key(string name, SourceSpan span) => new(CodeText.Inline(name, span), ScalarForm.Plain, span);

    private YamlMapping Mapping(IEnumerable<YamlEntry> entries, AttributeText attribute)
    {
        var found = new List<YamlEntry>();
        foreach (var entry in entries) Once(found, entry);
        return new YamlMapping(found.ToEquatableArray(), attribute.Span);
    }

    // Properties are the keys of the place, with a capital.
    private static IEnumerable<YamlEntry> Properties(AttributeText attribute, Place place)
    {
        foreach (var argument in attribute.Arguments.Where(a => a.Name is not null && a.Values.Count > 0))
        {
            var name = argument.Name!.ToLowerInvariant();
            var list = argument.Values.Count > 1 || place.Keys.Any(k => k.Name == name && k.Kinds == ValueKinds.List);
            yield return new YamlEntry(Key(name, argument.Span), list ? Pieces.List(argument.Values, argument.Span) : Pieces.Scalar(argument.Values[0]));
        }
    }

    private bool Count(AttributeText attribute, List<CodeText> positional, int least, int most)
    {
        if (positional.Count >= least && positional.Count <= most) return true;
        var expected = least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";
        diagnostics.Add(Rules.Attribute, attribute.Span, $"[{attribute.Name}] takes {expected} unnamed argument{(most == 1 ? "" : "s")}; found {positional.Count}.");
        return false;
    }

    // Something that is said once: the document's keys, and sections that are one entry.
    private void Single(YamlEntry entry)
    {
        if (_sections.TryGetValue(entry.Key.Value, out var section)) Report(entry, section.Key.Span);
        else Once(_document, entry);
    }

    private void Put(string name, AttributeText attribute, YamlEntry entry)
    {
        if (_document.Find(e => e.Key.Value == name) is { } single)
        {
            Report(entry, single.Key.Span);
            return;
        }

        if (!_sections.TryGetValue(name, out var section)) _sections.Add(name, section = (Key(name, attribute.Span), []));
        Once(section.Entries, entry);
    }

    private void Once(List<YamlEntry> entries, YamlEntry entry)
    {
        if (entries.Find(e => e.Key.Value == entry.Key.Value) is { } earlier) Report(entry, earlier.Key.Span);
        else entries.Add(entry);
    }

    private void Report(YamlEntry entry, SourceSpan earlier) =>
        diagnostics.Add(Rules.DuplicateKey, entry.Key.Span, $"'{entry.Key.Value}' is there already, in line {earlier.Line}.", "Remove or rename one of them.");
}
