using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes the record of an architecture's parameters.</summary>
internal sealed class OptionsEmitter(Signatures signatures)
{
    /// <summary>Writes the record, with the declared defaults. It stands beside the class <paramref name="owner"/>, not in it.</summary>
    public void Write(SourceWriter writer, BoundBlock body, string name, string owner)
    {
        var printer = ConstantPrinter();
        writer.Line($"/// <summary>The parameters of <see cref=\"{owner}\"/>, with the defaults of its declaration.</summary>");
        writer.Line(Header.GeneratedCode);
        using var _ = writer.Block($"public sealed record {name}");
        var first = true;
        foreach (var p in body.Block.Params)
        {
            if (!first) writer.Line();
            first = false;
            var type = signatures.Type(body.Block, p);
            var value = p.Type == ParamType.Block
                ? Maker(signatures.Outside(), body, p.Name, body.BlockDefaults[p.Name])
                : printer.Print(p.Default!, StaticKinds.Of(p.Type));
            writer.Line($"public {type} {Naming.Identifier(p.Name)} {{ get; init; }} = {value};");
        }
    }

    /// <summary>The options of a variant: <c>new() { depths = [2, 2, 18, 2] }</c>.</summary>
    public string Variant(BoundBlock body, Variant variant, Func<Expr, BoundArgumentValue?> bind)
    {
        var printer = ConstantPrinter();
        var sets = variant.Overrides.Select(o => $"{Naming.Identifier(o.Name)} = {Value(o)}").ToList();
        return sets.Count == 0 ? "new()" : $"new() {{ {string.Join(", ", sets)} }}";

        string Value(ParamOverride o) => body.StaticTypes[o.Name] is var type && type == ParamType.Block
            ? Maker(signatures, body, o.Name, bind(o.Value) ?? throw new InvalidOperationException($"{o.Span}: '{o.Name}' is no block."))
            : printer.Print(o.Value, StaticKinds.Of(type));
    }

    private static string Maker(Signatures signatures, BoundBlock body, string param, BoundArgumentValue value)
        => new ModulePrinter(signatures, new NameScope()).Function(value, signatures.Slots(body.Block, param), ConstantPrinter());

    private static ExpressionPrinter ConstantPrinter()
        => new(Naming.Identifier, _ => StaticKind.Int64, l => throw new InvalidOperationException($"'{l.Name}' is no constant."));
}
