using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads a declaration file. Never throws for what the text says: all that is wrong with it is in the result.</summary>
public static class DeclarationReader
{
    /// <summary>How the name of a file with an architecture ends.</summary>
    public const string ArchitectureExtension = ".arch.yaml";

    /// <summary>How the name of a block library ends.</summary>
    public const string LibraryExtension = ".blocks.yaml";

    // More help nobody; the first ones show what the file is.
    private const int MostFindings = 1000;

    // Which key says what a document is.
    private static readonly (string Key, Place Place)[] Documents =
    [
        ("arch", Places.Architecture),
        ("block", Places.Block),
        ("use", Places.Imports),
    ];

    /// <summary>Reads one file.</summary>
    /// <param name="path">Its path; spans repeat it.</param>
    /// <param name="text">Its text.</param>
    public static DeclarationFile Read(string path, string text)
    {
        var diagnostics = new DiagnosticBag();
        var uses = new List<NameExpr>();
        var blocks = new List<Block>();
        Architecture? architecture = null;
        foreach (var document in YamlReader.Read(path, text, diagnostics))
        {
            if (diagnostics.Items.Count > MostFindings) break;
            if (document.Root is not YamlMapping mapping)
            {
                diagnostics.Add(Rules.WrongNode, document.Root.Span, $"A document is a mapping that starts with 'arch:' or 'block:', found {document.Root.Kind}.");
                continue;
            }

            var (key, place) = Documents.FirstOrDefault(d => mapping.Entries.Any(e => e.Key.Value == d.Key));
            if (key is null && document.Partial) continue;
            if (key is null)
            {
                var first = mapping.Entries.Count > 0 ? mapping.Entries[0].Key : null;
                diagnostics.Add(Rules.MissingKey, first?.Span ?? mapping.Span, "A document says what it declares: 'arch: name' or 'block: name(parameters)'.",
                    first is null ? null : Suggest.Nearest(first.Value, Documents.Select(d => d.Key)));
                continue;
            }

            var fields = new Fields(mapping, place, diagnostics, document.Partial);
            switch (key)
            {
                case "arch" when path.EndsWith(LibraryExtension, StringComparison.OrdinalIgnoreCase):
                    diagnostics.Add(Rules.UnknownKey, fields.Span("arch"), $"A block library holds no architecture.", $"Move it to a file NAME{ArchitectureExtension}.");
                    break;
                case "arch" when architecture is not null:
                    diagnostics.Add(Rules.DuplicateKey, fields.Span("arch"), $"A file holds one architecture; '{architecture.Name}' is in line {architecture.Span.Line}.", "Give each a file of its own.");
                    break;
                case "arch":
                    architecture = ArchitectureReader.Read(fields, diagnostics);
                    Import(uses, architecture?.Uses ?? default);
                    break;
                case "use":
                    Import(uses, Reading.Read.Names(fields["use"], "the name of a block library", diagnostics));
                    break;
                case "block" when BodyReader.Block(fields, diagnostics) is { } block:
                    if (blocks.Find(b => b.Name == block.Name) is not { } earlier) blocks.Add(block);
                    else diagnostics.Add(Rules.DuplicateName, block.Span, $"The block '{block.Name}' is declared already, in line {earlier.Span.Line}.", "Rename one of them.");
                    break;
            }
        }

        if (architecture is null && blocks.Count == 0 && uses.Count == 0 && diagnostics.Items.Count == 0)
        {
            diagnostics.Add(Rules.Empty, new SourceSpan(path, 1, 1, 1, 1), "The file declares nothing: expected a document with 'arch: name' or 'block: name(parameters)'.");
        }

        var sorted = diagnostics.Items.Take(MostFindings).OrderBy(d => d.Span.Line).ThenBy(d => d.Span.Column).ToEquatableArray();
        return new DeclarationFile(path, architecture, uses.ToEquatableArray(), blocks.ToEquatableArray(), sorted);
    }

    private static void Import(List<NameExpr> uses, EquatableArray<NameExpr> names)
    {
        foreach (var name in names)
        {
            if (!uses.Exists(u => u.Name == name.Name)) uses.Add(name);
        }
    }
}
