using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads an <c>arch:</c> document.</summary>
internal static class ArchitectureReader
{
    /// <summary>The architecture; null when it has no name.</summary>
    public static Architecture? Read(Fields fields, DiagnosticBag diagnostics)
    {
        var name = fields.Scalar("arch");
        var named = name is not null && Reading.Read.Identifier(name, "The name of an architecture", diagnostics);
        var parameters = Reading.Read.Each(fields.Entries("params"), "a value", diagnostics, e => ParamReader.Declared(e, diagnostics));
        var body = BodyReader.Body(fields, name?.Value ?? "", name?.Span ?? fields.Mapping.Span, parameters, Modules(fields, diagnostics), diagnostics);
        var architecture = new Architecture(
            body.Name,
            Reading.Read.Names(fields["use"], "the name of a block library", diagnostics),
            body,
            Variants(fields.Entries("variants"), parameters, diagnostics),
            fields["features"] is { } features ? Features(features, body, fields, diagnostics) : null,
            Inits(fields.Entries("init"), diagnostics),
            SearchReader.Domains(fields.Entries("search"), parameters, diagnostics),
            Reading.Read.Definitions(fields.Entries("sizes"), diagnostics),
            body.Span)
        {
            Is = Is(fields, diagnostics),
        };
        return named ? architecture : null;
    }

    // A block is named alone: its parameters are those of 'params'.
    private static NameExpr? Is(Fields fields, DiagnosticBag diagnostics)
    {
        if (fields.Scalar("is") is not { } block)
        {
            fields.Require("input", diagnostics);
            return null;
        }

        foreach (var key in new[] { "input", "output", "stem", "stages", "head", "define", "modules", "parameters", "buffers", "constants", "forward" }.Where(fields.Has))
        {
            diagnostics.Add(Rules.Unsupported, fields.Span(key), $"An architecture that is a block has no '{key}' of its own.", "Write it in the block, or apply the block in modules:.");
        }

        if (ExpressionParser.Parse(block.Code, diagnostics) is NameExpr name) return name;
        diagnostics.Add(Rules.Syntax, block.Span, $"Expected the name of a block; found '{Reading.Read.Shorten(block.Value)}'.", "Its parameters are set by params:.");
        return null;
    }

    private static EquatableArray<ModuleDeclaration> Modules(Fields fields, DiagnosticBag diagnostics)
    {
        var modules = new List<ModuleDeclaration>();
        Section(fields, "stem", modules, diagnostics);
        if (fields["stages"] is YamlMapping stages && StageReader.Stages(stages, fields.Span("stages"), diagnostics) is { } repeated) modules.Add(repeated);
        Section(fields, "head", modules, diagnostics);
        modules.AddRange(ModuleReader.Modules(fields.Entries("modules"), diagnostics));
        return modules.ToEquatableArray();
    }

    // A mapping names its modules; anything else is one module that bears the section's name.
    private static void Section(Fields fields, string key, List<ModuleDeclaration> modules, DiagnosticBag diagnostics)
    {
        if (fields[key] is not { } node) return;
        if (node is YamlMapping mapping && !ModuleReader.IsControl(node)) modules.AddRange(ModuleReader.Modules(mapping.Entries, diagnostics));
        else if (ModuleReader.Entry(node, fields.Span(key), diagnostics) is { } entry) modules.Add(new ModuleDeclaration(key, entry, fields.Span(key)));
    }

    private static EquatableArray<Variant> Variants(EquatableArray<YamlEntry> entries, EquatableArray<Param> parameters, DiagnosticBag diagnostics)
    {
        var variants = new List<Variant>();
        foreach (var entry in entries)
        {
            if (!Reading.Read.Identifier(entry.Key, "The name of a variant", diagnostics)) continue;
            if (entry.Value is YamlMapping or YamlScalar { IsEmpty: true })
            {
                var overrides = entry.Value is YamlMapping mapping ? mapping.Entries : default;
                variants.Add(new Variant(entry.Key.Value, ParamReader.Overrides(overrides, parameters, diagnostics), entry.Key.Span));
            }
            else
            {
                diagnostics.Add(Rules.WrongNode, entry.Value.Span, $"A variant is a mapping of parameters, found {entry.Value.Kind}.", $"{entry.Key.Value}: {{ dim: 96 }}");
            }
        }

        return variants.ToEquatableArray();
    }

    private static FeatureSection? Features(YamlNode node, Block body, Fields architecture, DiagnosticBag diagnostics) =>
        Features(node, diagnostics) is { } features ? features with { Modules = features.Modules.Select(n => Stages(n, body, architecture)).ToEquatableArray() } : null;

    // 'stages' are the stages whatever their name is.
    private static Expr Stages(Expr module, Block body, Fields architecture) => module switch
    {
        IndexExpr element => element with { Target = Stages(element.Target, body, architecture) },
        NameExpr { Name: "stages" } name when architecture["stages"] is { } stages && body.Modules.All(m => m.Name != name.Name)
            && body.Modules.FirstOrDefault(m => m.Entry.Span == stages.Span) is { } named => name with { Name = named.Name },
        _ => module,
    };

    private static FeatureSection? Features(YamlNode node, DiagnosticBag diagnostics)
    {
        if (node is not YamlMapping mapping) return new FeatureSection(FeatureModules(node, diagnostics), null, node.Span);
        var fields = new Fields(mapping, Places.Features, diagnostics);
        var modules = FeatureModules(fields["of"], diagnostics);
        var shape = fields.Scalar("as") is { } code ? ExpressionParser.Parse(code.Code, diagnostics) : null;
        return modules.Count > 0 ? new FeatureSection(modules, shape, node.Span) : null;
    }

    private static EquatableArray<Expr> FeatureModules(YamlNode? node, DiagnosticBag diagnostics)
    {
        var modules = new List<Expr>();
        foreach (var item in node is YamlSequence sequence ? sequence.Items : node is null ? default : [node])
        {
            if (item is not YamlScalar scalar)
            {
                diagnostics.Add(Rules.WrongNode, item.Span, $"Expected the name of a module, found {item.Kind}.");
                continue;
            }

            foreach (var module in ExpressionParser.ParseList(scalar.Code, diagnostics))
            {
                if (module is NameExpr or MemberExpr { Target: NameExpr } or IndexExpr { Target: NameExpr, Indices: { Count: 1 } }) modules.Add(module);
                else diagnostics.Add(Rules.Syntax, module.Span, "Expected the name of a module, an element of a repetition, blocks[2], or a child of a chain, features.norm0.");
            }
        }

        return modules.ToEquatableArray();
    }

    private static EquatableArray<InitOverride> Inits(EquatableArray<YamlEntry> entries, DiagnosticBag diagnostics)
    {
        var inits = new List<InitOverride>();
        foreach (var entry in entries)
        {
            // bottleneck.bn3.weight: the tensor weight of the child bn3 of every bottleneck.
            var parts = entry.Key.Value.Split(['.'], 2);
            if (parts.Length != 2 || entry.Key.Value.Split('.').Any(p => p.Length == 0))
            {
                diagnostics.Add(Rules.Syntax, entry.Key.Span, $"Expected block.tensor, such as linear.weight; found '{Reading.Read.Shorten(entry.Key.Value)}'.");
            }
            else if (Reading.Read.Expression(entry.Value, diagnostics) is { } initializer)
            {
                inits.Add(new InitOverride(parts[0], parts[1], initializer, entry.Key.Span));
            }
        }

        return inits.ToEquatableArray();
    }
}
