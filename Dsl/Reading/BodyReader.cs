using System.Text.RegularExpressions;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;
using Notochord.Dsl.Yaml;

namespace Notochord.Dsl.Reading;

/// <summary>Reads what blocks and architectures share: contracts, definitions, modules, tensors, forward.</summary>
internal static class BodyReader
{
    private static readonly string[] ModuleSections = ["stem", "stages", "head", "modules"];
    private static readonly Regex Return = new(@"\breturn\b", RegexOptions.CultureInvariant);

    /// <summary>A <c>block:</c> document; null when it has no name.</summary>
    public static Block? Block(Fields fields, DiagnosticBag diagnostics)
    {
        var signature = fields.Scalar("block") is { } scalar ? SignatureParser.Parse(scalar.Code, diagnostics) : null;
        var modules = ModuleReader.Modules(fields.Entries("modules"), diagnostics);
        var block = Body(fields, signature?.Name ?? "", fields.Scalar("block")?.Span ?? fields.Mapping.Span, signature?.Params ?? default, modules, diagnostics);
        return signature is null ? null : block;
    }

    /// <summary>The block of these sections, whose names are checked and whose forward, when absent, calls the modules in order.</summary>
    public static Block Body(Fields fields, string name, SourceSpan span, EquatableArray<Param> parameters, EquatableArray<ModuleDeclaration> modules, DiagnosticBag diagnostics)
    {
        var statics = new HashSet<string>(parameters.Select(p => p.Name).Concat(fields.Entries("define").Select(d => d.Key.Value)));
        var inputs = ContractReader.Read(fields["input"], named: true, statics.Contains, diagnostics);
        var block = new Block(
            name,
            parameters,
            inputs,
            ContractReader.Read(fields["output"], named: false, statics.Contains, diagnostics),
            Read.Definitions(fields.Entries("define"), diagnostics),
            modules,
            Tensors(fields.Entries("parameters"), diagnostics),
            Tensors(fields.Entries("buffers"), diagnostics),
            [
                .. Constants(fields.Entries("parameters").Where(IsComputed), TensorRole.Parameter, diagnostics),
                .. Constants(fields.Entries("buffers").Where(IsComputed), TensorRole.Buffer, diagnostics),
                .. Constants(fields.Entries("constants"), TensorRole.Constant, diagnostics),
            ],
            Forward(fields, inputs, parameters, modules, diagnostics),
            fields.Scalar("inverse") is { } inverse ? StatementParser.Parse(inverse.Code, diagnostics) : default,
            fields.Scalar("doc")?.Value.Trim(),
            fields.Scalar("paper")?.Value.Trim(),
            span);
        Read.CheckNames(block, diagnostics);
        return block;
    }

    private static EquatableArray<TensorDeclaration> Tensors(EquatableArray<YamlEntry> entries, DiagnosticBag diagnostics) =>
        Read.Each(entries.Where(e => !IsComputed(e)).ToEquatableArray(), "an initialiser and axes, such as zeros[dim]", diagnostics,
            e => Tensor(e, diagnostics), key => key.Value.Contains("["));

    private static TensorDeclaration? Tensor(YamlEntry entry, DiagnosticBag diagnostics)
    {
        if (Read.Expression(entry.Value, diagnostics) is not { } value) return null;
        if (!entry.Key.Value.Contains("[")) return new TensorDeclaration(entry.Key.Value, value, entry.Key.Span);
        // A list, as contracts write one: v[n], or v[i < n] whose tensors know their place.
        if (Read.Expression(entry.Key, diagnostics) is not { } key) return null;
        if (key is IndexExpr { Target: NameExpr name, Indices: { Count: 1 } indices })
        {
            return indices[0] is BinaryExpr { Op: "<", Left: NameExpr index } below
                ? new TensorDeclaration(name.Name, value, entry.Key.Span, below.Right, index.Name)
                : new TensorDeclaration(name.Name, value, entry.Key.Span, indices[0]);
        }

        diagnostics.Add(Rules.Type, entry.Key.Span, "A list of tensors is a name and their number: v[n], or v[i < n] where they use their place.");
        return null;
    }

    // Statements, where others have an initialiser.
    private static bool IsComputed(YamlEntry tensor) => tensor.Value is YamlMapping || (tensor.Value is YamlScalar scalar && Return.IsMatch(scalar.Value));

    private static EquatableArray<ConstantDeclaration> Constants(IEnumerable<YamlEntry> entries, TensorRole role, DiagnosticBag diagnostics) =>
        Read.Each(entries.ToEquatableArray(), "an expression or statements", diagnostics, e => Constant(e, role, diagnostics));

    private static ConstantDeclaration? Constant(YamlEntry entry, TensorRole role, DiagnosticBag diagnostics)
    {
        if (entry.Value is YamlMapping choice)
        {
            var fields = new Fields(choice, Places.WhenComputed, diagnostics);
            if (fields.Scalar("when") is not { } when || fields.Scalar("use") is not { } use) return null;
            var code = StatementParser.Parse(use.Code, diagnostics);
            return ExpressionParser.Parse(when.Code, diagnostics) is { } condition ? new ConstantDeclaration(entry.Key.Value, code, role, entry.Key.Span, condition) : null;
        }

        if (entry.Value is YamlScalar scalar) return new ConstantDeclaration(entry.Key.Value, StatementParser.Parse(scalar.Code, diagnostics), role, entry.Key.Span);
        return Read.Expression(entry.Value, diagnostics) is { } value
            ? new ConstantDeclaration(entry.Key.Value, [new ReturnStatement(value, value.Span)], role, entry.Key.Span) : null;
    }

    private static EquatableArray<Statement> Forward(
        Fields fields, EquatableArray<TensorContract> inputs, EquatableArray<Param> parameters, EquatableArray<ModuleDeclaration> modules, DiagnosticBag diagnostics)
    {
        if (fields.Scalar("forward") is { } code) return StatementParser.Parse(code.Code, diagnostics);
        if (fields.Has("forward") || fields.Partial || inputs.Count == 0) return default;
        var place = fields.Mapping.Entries[0].Key.Span;
        if (inputs.Count > 1)
        {
            diagnostics.Add(Rules.MissingKey, place, "Several inputs need a 'forward': only one input can go through the modules in order.");
            return default;
        }

        if (modules.Count == 0)
        {
            // Modules that are written and cannot be read are reported where they stand.
            if (!ModuleSections.Any(fields.Has)) diagnostics.Add(Rules.MissingKey, place, "Nothing is computed: expected 'forward', or modules to call in order.");
            return default;
        }

        return InOrder(inputs[0].Name!, parameters, modules);
    }

    // x = stem(image); x = stages(x); return head(x);
    private static EquatableArray<Statement> InOrder(string input, EquatableArray<Param> parameters, EquatableArray<ModuleDeclaration> modules)
    {
        var variable = modules.Any(m => m.Name == "x") || parameters.Any(p => p.Name == "x") ? input : "x";
        var statements = new List<Statement>();
        for (var i = 0; i < modules.Count; i++)
        {
            var span = modules[i].Span;
            var value = new CallExpr(new NameExpr(modules[i].Name, span), [new Argument(null, new NameExpr(i == 0 ? input : variable, span), span)], span);
            statements.Add(i + 1 < modules.Count ? new AssignStatement([variable], value, span) : new ReturnStatement(value, span));
        }

        return statements.ToEquatableArray();
    }
}
