using Notochord.Dsl.Model;
using Notochord.Generators.Emit;

namespace Notochord.Generators.Pipeline;

/// <summary>Writes the project's <c>Backbones</c>: every variant by its name, without reflection.</summary>
internal static class RegistryEmitter
{
    /// <summary>The text of the file.</summary>
    public static string Write(IEnumerable<RegistryEntry> entries, ProjectOptions options)
    {
        var all = entries.SelectMany(e => e.Variants.Select(v => (v.Name, v.Class, v.Defaults, Entry: e))).OrderBy(v => v.Name, StringComparer.Ordinal).ToList();
        var writer = new SourceWriter();
        Header.Write(writer, "the architectures of the project", []);
        writer.Line($"namespace {options.RootNamespace};");
        writer.Line();
        writer.Line("/// <summary>The backbones of this project by the names of their variants.</summary>");
        writer.Line(Header.GeneratedCode);
        using (writer.Block("public static class Backbones"))
        {
            writer.Line("/// <summary>All names, sorted.</summary>");
            writer.Line("public static IReadOnlyList<string> Names { get; } =");
            writer.Line("[");
            foreach (var v in all) writer.Line($"    {Naming.Literal(v.Name)},");
            writer.Line("];");
            writer.Line();
            writer.Line("/// <summary>A new model with fresh weights.</summary>");
            writer.Line("/// <param name=\"name\">One of <see cref=\"Names\"/>.</param>");
            writer.Line("/// <param name=\"num_classes\">Classes of the classifier; null: as declared.</param>");
            writer.Line("/// <param name=\"in_chans\">Channels of the image; null: as declared.</param>");
            writer.Line("/// <param name=\"img_size\">Height and width in pixels, or one for both; null: as declared.</param>");
            writer.Line("/// <param name=\"features_only\">Whether only the levels are wanted: what runs behind the last of them is left out, and <see cref=\"Backbone.ForwardFeatures\"/> gives them.</param>");
            writer.Line("/// <param name=\"out_indices\">Which levels, from 0 for the finest, or from -1 for the coarsest; null or empty: all.</param>");
            writer.Line("/// <exception cref=\"ArgumentException\">There is no such model, it has no such parameter, or no such level.</exception>");
            using (writer.Block("public static Backbone Create(\n    string name, long? num_classes = null, long? in_chans = null, long[]? img_size = null, bool features_only = false, IReadOnlyList<long>? out_indices = null)"))
            {
                writer.Line("Backbone model = name switch");
                writer.Line("{");
                foreach (var v in all) writer.Line($"    {Naming.Literal(v.Name)} => new {v.Class}({Change(v.Entry)}({v.Defaults})),");
                writer.Line("    _ => throw Creation.Unknown(name, Names),");
                writer.Line("};");
                writer.Line("return Creation.Finish(model, features_only, out_indices);");
                foreach (var entry in entries.GroupBy(e => e.Options).Select(g => g.First())) WriteChange(writer, entry);
            }
        }

        return writer.ToString();
    }

    private static string Change(RegistryEntry entry) => "Change" + entry.Options.Replace("global::", "").Replace('.', '_');

    private static void WriteChange(SourceWriter writer, RegistryEntry entry)
    {
        writer.Line();
        using var _ = writer.Block($"{entry.Options} {Change(entry)}({entry.Options} options)");
        string[] known = [.. entry.ClassCount ? ["num_classes"] : Array.Empty<string>(), .. entry.Channels ? ["in_chans"] : Array.Empty<string>(), .. entry.ImageSize is null ? Array.Empty<string>() : ["img_size"]];
        string Missing(string parameter) => $"throw Creation.Missing(name, nameof({parameter}){string.Concat(known.Select(k => $", nameof({k})"))});";
        writer.Line(entry.ClassCount
            ? "if (num_classes is { } classes) options = options with { num_classes = classes };"
            : "if (num_classes is not null) " + Missing("num_classes"));
        writer.Line(entry.Channels
            ? "if (in_chans is { } channels) options = options with { in_chans = channels };"
            : "if (in_chans is not null) " + Missing("in_chans"));
        writer.Line(entry.ImageSize switch
        {
            ParamType.Int => "if (img_size is { Length: > 0 }) options = options with { img_size = img_size[0] };",
            ParamType.IntList when entry.ImageSizeCount == 2 => "if (img_size is { Length: > 0 }) options = options with { img_size = [img_size[0], img_size[^1]] };",
            ParamType.IntList => "if (img_size is { Length: > 0 }) options = options with { img_size = img_size };",
            _ => "if (img_size is { Length: > 0 }) " + Missing("img_size"),
        });
        writer.Line("return options;");
    }
}
