using Notochord.Dsl.Model;
using Notochord.Dsl.Reading;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Attributes;

/// <summary>Reads a class with <c>[Backbone]</c>: the same nodes as those of YAML, so the same reading and the same messages.</summary>
public static class AttributeReader
{
    /// <summary>The declaration that the attributes make. Its path is that of the C# file.</summary>
    public static DeclarationFile Read(AttributedClass source)
    {
        var diagnostics = new DiagnosticBag();
        var document = new SectionBuilder(diagnostics);
        foreach (var attribute in source.Attributes)
        {
            if (AttributeForms.All.TryGetValue(attribute.Name, out var form)) document.Add(attribute, form.Form, form.Section, form.Place);
            else if (attribute.Name == AttributeForms.Architecture) diagnostics.Add(Rules.Attribute, attribute.Span, "[Architecture] and [Backbone] contradict each other: one names an architecture in YAML, the other declares one.", "Remove one of them.");
        }

        Architecture? architecture = null;
        if (source.Attributes.Any(a => a.Name == AttributeForms.Backbone))
        {
            var fields = new Fields(document.Build(source.Span), Places.Architecture, diagnostics);
            architecture = ArchitectureReader.Read(fields, diagnostics);
        }
        else if (source.Attributes.Count > 0)
        {
            diagnostics.Add(Rules.Attribute, source.Attributes[0].Span, $"'{source.Name}' has attributes of a backbone and no [Backbone].", "Add [Backbone(\"name\", Input = \"image[B, 3, H, W]\")].");
        }

        return new DeclarationFile(
            source.Span.File,
            architecture,
            architecture?.Uses ?? default,
            default,
            diagnostics.Items.OrderBy(d => d.Span.Line).ThenBy(d => d.Span.Column).ToEquatableArray());
    }
}
