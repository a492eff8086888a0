using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Lowers <c>stages</c> to a repeated module: each stage a chain of its children, of which <c>blocks</c> repeats the block.</summary>
internal static class StageReader
{
    private const string DefaultName = "stages";
    private const string BlocksName = "blocks";
    private static readonly string[] ChildKeys = ["downsample", "depth", "block"];

    /// <summary>The module that the stages are; null when they cannot be read.</summary>
    public static ModuleDeclaration? Stages(YamlMapping mapping, SourceSpan key, DiagnosticBag diagnostics)
    {
        var fields = new Fields(mapping, Places.Stages, diagnostics);
        var (name, names, nameSpan) = Name(fields, key, diagnostics);
        var index = Read.Index(fields.Scalar("as"), "i", diagnostics);
        var count = fields.Scalar("count") is { } c ? ExpressionParser.Parse(c.Code, diagnostics) : null;
        var children = Children(fields, diagnostics);
        var flat = Flat(fields, diagnostics);
        if (count is null) return null;

        ModuleEntry body = new ChainEntry(children, mapping.Span);
        if (flat)
        {
            if (children.Count == 1 && children[0].Name == BlocksName) body = children[0].Entry;
            else diagnostics.Add(Rules.UnknownKey, fields.Span("flat"), "A flat stage holds its blocks and nothing else: their names 0, 1, ... are the stage's own.", "Remove 'flat' or the other modules.");
        }
        else if (children.Count == 0 && fields.Others.Count == 0 && !ChildKeys.Any(fields.Has))
        {
            diagnostics.Add(Rules.MissingKey, key, "A stage has nothing in it: expected 'depth' and 'block', or modules.");
        }

        return new ModuleDeclaration(name, new RepeatEntry(count, index, body, names, mapping.Span), nameSpan);
    }

    private static (string Name, InterpolationExpr? Names, SourceSpan Span) Name(Fields fields, SourceSpan key, DiagnosticBag diagnostics)
    {
        if (fields.Scalar("name") is not { } name) return (DefaultName, null, key);
        if (name.Value.Contains("{")) return (DefaultName, ModuleReader.Template(name, diagnostics), name.Span);
        return Read.Identifier(name, "The name of the stages", diagnostics) ? (name.Value, null, name.Span) : (DefaultName, null, key);
    }

    // In the order written: what is not a key of stages is a module of the user's name.
    private static EquatableArray<ModuleDeclaration> Children(Fields fields, DiagnosticBag diagnostics)
    {
        var children = new List<ModuleDeclaration>();
        foreach (var entry in fields.Mapping.Entries)
        {
            var child = entry.Key.Value switch
            {
                "downsample" when fields["downsample"] is { } node =>
                    ModuleReader.Entry(node, entry.Key.Span, diagnostics) is { } read ? new ModuleDeclaration("downsample", read, entry.Key.Span) : null,
                "block" when fields["block"] is { } node => Blocks(node, fields, entry.Key.Span, diagnostics),
                _ when fields.Others.Contains(entry) => ModuleReader.Module(entry, diagnostics),
                _ => null,
            };
            if (child is null) continue;
            if (children.Exists(c => c.Name == child.Name)) diagnostics.Add(Rules.DuplicateName, child.Span, $"'{child.Name}' is a child of the stage already.");
            else children.Add(child);
        }

        if (fields.Has("depth") && !fields.Has("block")) diagnostics.Add(Rules.MissingKey, fields.Span("depth"), "'depth' counts the blocks: 'block' is missing.");
        return children.ToEquatableArray();
    }

    private static ModuleDeclaration? Blocks(YamlNode node, Fields fields, SourceSpan key, DiagnosticBag diagnostics)
    {
        var index = Read.Index(fields.Scalar("index"), "j", diagnostics);
        var block = ModuleReader.Entry(node, key, diagnostics);
        if (!fields.Has("depth")) diagnostics.Add(Rules.MissingKey, key, "'block' is repeated 'depth' times: 'depth' is missing.");
        var depth = fields.Scalar("depth") is { } d ? ExpressionParser.Parse(d.Code, diagnostics) : null;
        return block is not null && depth is not null ? new ModuleDeclaration(BlocksName, new RepeatEntry(depth, index, block, null, key.To(node.Span)), key) : null;
    }

    private static bool Flat(Fields fields, DiagnosticBag diagnostics)
    {
        if (fields.Scalar("flat") is not { } flat || flat.Value == "false") return false;
        if (flat.Value == "true") return true;
        diagnostics.Add(Rules.Type, flat.Span, $"'flat' is true or false; found '{Read.Shorten(flat.Value)}'.");
        return false;
    }
}
