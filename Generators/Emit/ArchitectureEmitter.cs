using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;

namespace Notochord.Generators.Emit;

/// <summary>Writes the classes of an architecture: its options, the backbone, and one class a variant.</summary>
/// <param name="signatures">Classes and types of blocks.</param>
/// <param name="architecture">The architecture.</param>
/// <param name="names">Its classes.</param>
/// <param name="levels">Feature levels by variant; those of the declared defaults under the architecture's name.</param>
/// <param name="shapes">Shapes of tensor variables of the forward, where an instance tells them.</param>
/// <param name="bind">Resolves a block that a variant gives for a parameter.</param>
internal sealed class ArchitectureEmitter(
    Signatures signatures, BoundArchitecture architecture, ArchitectureNames names, IReadOnlyDictionary<string, IReadOnlyList<LevelInfo>> levels, KnownShapes? shapes, Func<Expr, BoundArgumentValue?> bind)
{
    private const string ClassCount = "num_classes";

    // Whether the forward gives a list of levels.
    private bool IsList => CodeWalker.Results(_body.Forward) is { Count: 1 } results && results[0];

    // What it gives are its levels, where it names no others.
    private bool IsLevels => IsList && architecture.Architecture.Features is null && !_body.Forward.GivesOutputs;

    private readonly ArchitectureNames _names = names;
    private readonly BoundBlock _body = architecture.Body;

    /// <summary>Writes all classes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="header">How the backbone's class begins; null: as a public class of its own.</param>
    public void Write(SourceWriter writer, string? header = null)
    {
        new OptionsEmitter(signatures).Write(writer, _body, _names.Options, _names.Class);
        writer.Line();
        WriteBackbone(writer, header ?? "public partial class " + _names.Class);
        foreach (var variant in architecture.Architecture.Variants)
        {
            writer.Line();
            WriteVariant(writer, variant, "public sealed class " + _names.Variant(variant.Name));
        }
    }

    private void WriteBackbone(SourceWriter writer, string header)
    {
        var context = new BlockContext(_body, _names.Class, isBackbone: true, architecture.FeatureAs);
        var constructor = new ConstructorEmitter(context, signatures, writer);
        Documentation.Write(writer, _body.Block);
        writer.Line(Header.GeneratedCode);
        using var _ = writer.Block($"{header} : Backbone");
        constructor.WriteFields(IsClassifier);
        writer.Line($"private {_names.Options} options;");
        writer.Line("private BackboneInfo info;");
        writer.Line();
        WriteConstructors(writer, constructor);
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override BackboneInfo Info => info;");
        WriteRun(writer, context);
        if (_body.Modules.Any(m => IsClassifier(m.Name))) WriteReset(writer, context, constructor);
        if (architecture.Architecture.Features is not null || IsLevels) new TrunkEmitter(context, writer).Write(HasParam(ClassCount, ParamType.Int));
        if (LevelMap(context) is { } map) WriteLevelMap(writer, context, map);
        if (architecture.Inits.Count > 0) new InitEmitter(signatures, architecture).Write(writer, constructor.Printer, Needed(constructor, InitNames()));
        BlockEmitter.WriteConstants(writer, context, constructor);
    }

    private void WriteConstructors(SourceWriter writer, ConstructorEmitter constructor)
    {
        writer.Line("/// <summary>A model with the declared defaults and fresh weights.</summary>");
        using (writer.Block($"public {_names.Class}()\n    : this(new {_names.Options}())"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>A model with these parameters and fresh weights.</summary>");
        var own = levels.TryGetValue(architecture.Architecture.Name, out var found) ? found : [];
        using (writer.Block($"public {_names.Class}({_names.Options} options)\n    : this(options, {Naming.Literal(architecture.Architecture.Name)}, {Levels(own)})"))
        {
        }

        writer.Line();
        using var _ = writer.Block($"private protected {_names.Class}({_names.Options} options, string variant, FeatureInfo[] levels)\n    : base(variant)");
        writer.Line("ArgumentNullException.ThrowIfNull(options);");
        writer.Line("this.options = options;");
        foreach (var local in Needed(constructor, constructor.Names().Concat(InputNames()))) writer.Line(local);
        foreach (var stored in constructor.StoredAssignments()) writer.Line(stored);
        constructor.WriteMembers();
        if (architecture.Inits.Count > 0) writer.Line("Initialize(this);");
        WriteInfo(writer, constructor.Printer);
    }

    /// <summary>Locals for the parameters and definitions that some code reads.</summary>
    private List<string> Needed(ConstructorEmitter constructor, IEnumerable<string> names)
    {
        var read = new HashSet<string>(names);
        var definitions = constructor.Needed(read);
        read.UnionWith(definitions.SelectMany(d => ExprTree.Names(d.Value)));
        return [
            .. _body.Block.Params.Where(p => read.Contains(p.Name)).Select(p => $"var {constructor.Static(p.Name)} = options.{Naming.Identifier(p.Name)};"),
            .. definitions.Select(constructor.Definition)];
    }

    private IEnumerable<string> InitNames() => architecture.Inits.SelectMany(i => i.Arguments).SelectMany(a => ExprTree.Names(a.Size));

    private void WriteInfo(SourceWriter writer, ExpressionPrinter printer)
    {
        writer.Line("info = new BackboneInfo");
        writer.Line("{");
        writer.Line($"    Architecture = {Naming.Literal(architecture.Architecture.Name)},");
        writer.Line("    Variant = variant,");
        if (!string.IsNullOrWhiteSpace(_body.Block.Paper)) writer.Line($"    Paper = {Naming.Literal(_body.Block.Paper!.Trim())},");
        writer.Line($"    Input = [{string.Join(", ", _body.Block.Inputs[0].Axes.Select(a => InputAxis(a, printer)))}],");
        if (architecture.Sizes.Count > 0)
        {
            var sizes = architecture.Sizes.Select(s => $"[{Naming.Literal(s.Name)}] = {printer.Print(s.Value)}");
            writer.Line($"    Sizes = new SortedDictionary<string, long> {{ {string.Join(", ", sizes)} }},");
        }

        if (ImageSize() is { } size) writer.Line($"    ImageSize = {size},");
        writer.Line("    Features = [.. levels],");
        if (HasParam(ClassCount, ParamType.Int)) writer.Line($"    NumClasses = (int)options.{ClassCount},");
        writer.Line("};");
    }

    // What the parameters decide is given with its value, what the input decides by its name; of a product each factor.
    private string InputAxis(Expr axis, ExpressionPrinter printer)
    {
        if (axis is NameExpr n && HasParam(n.Name, ParamType.Int)) return $"options.{Naming.Identifier(n.Name)}.ToString(CultureInfo.InvariantCulture)";
        if (!ExprTree.Names(axis).Any(IsStatic)) return Naming.Literal(DeclarationText.Of(axis));
        if (ExprTree.Names(axis).All(IsStatic)) return $"{printer.Primary(axis)}.ToString(CultureInfo.InvariantCulture)";
        return axis is BinaryExpr { Op: "*" } product
            ? $"{InputAxis(product.Left, printer)} + \" * \" + {InputAxis(product.Right, printer)}"
            : Naming.Literal(DeclarationText.Of(axis));
    }

    private IEnumerable<string> InputNames() => _body.Block.Inputs[0].Axes.Where(a => a is not NameExpr n || !HasParam(n.Name, ParamType.Int)).Concat(architecture.Sizes.Select(s => s.Value)).SelectMany(ExprTree.Names).Where(IsStatic);

    private bool IsStatic(string name) => _body.Block.Params.Any(p => p.Name == name) || _body.Block.Definitions.Any(d => d.Name == name);

    private string? ImageSize() => HasParam("img_size", ParamType.Int) ? "((int)options.img_size, (int)options.img_size)"
        : HasParam("img_size", ParamType.IntList) ? "((int)options.img_size[0], (int)options.img_size[^1])" : null;

    private bool HasParam(string name, ParamType type) => _body.Block.Params.Any(p => p.Name == name && p.Type == type);

    private void WriteRun(SourceWriter writer, BlockContext context)
    {
        var input = Naming.Identifier(_body.Block.Inputs[0].Name ?? "image");
        var emitter = new CodeEmitter(context, _body.Forward, _body.Block.Forward, writer, shapes, givesLevels: !IsLevels, LevelMap(context));
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        var whole = IsLevels ? $"Run(Whole({input}))" : $"Run(Whole({input}), null)!";
        writer.Line($"public override Tensor forward(Tensor {input}) => {(IsList ? $"Op.last({whole})" : whole)};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"protected override void forward_features(Tensor {input}, FeatureSink features) => {(IsLevels ? $"features.AddAll(Run({input}))" : $"Run({input}, features)?.Dispose()")};");
        writer.Line();
        if (IsList)
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line($"protected override Tensor[] forward_outputs(Tensor {input}) => {whole};");
            writer.Line();
        }

        writer.Line(IsLevels ? "// The whole model: its levels." : "// The whole model; null where features had all that it wants before the end.");
        using var _ = writer.Block(IsLevels
            ? $"private Tensor[] Run({emitter.Parameters(_body.Forward)})"
            : $"private Tensor{(IsList ? "[]" : "")}? Run({emitter.Parameters(_body.Forward)}, FeatureSink? features)");
        foreach (var contract in _body.Block.Inputs) Guards.Write(writer, context, contract);
        emitter.Write(_body.Forward);
    }

    private void WriteReset(SourceWriter writer, BlockContext context, ConstructorEmitter constructor)
    {
        var replaced = _body.Modules.Where(m => IsClassifier(m.Name)).ToList();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using var _ = writer.Block("public override void ResetClassifier(int numClasses)");
        writer.Line($"options = options with {{ {ClassCount} = numClasses }};");
        foreach (var local in Needed(constructor, replaced.SelectMany(m => Plans.Names(m.Plan)))) writer.Line(local);
        foreach (var module in replaced)
        {
            var field = constructor.Field(context.Module(module.Name));
            writer.Lines($"{field} = Replace<{constructor.FieldType(module)}>({Naming.Literal(module.Name)}, {field}, {constructor.Make(module)});");
            if (architecture.Inits.Count > 0) writer.Line($"Initialize({field});");
        }

        writer.Line("info = info with { NumClasses = numClasses, ParameterCount = null };");
    }

    // Sizes of the input that it reads are those of the input, which is then an argument as well.
    private Code? LevelMap(BlockContext context)
    {
        if (architecture.FeatureAs is not { } map) return null;
        var read = new HashSet<string>(Reads.Nested(map.Body).SelectMany(Reads.Statics).SelectMany(ExprTree.Names));
        var isSized = context.Axes().Any(a => read.Contains(a.Name));
        return isSized ? map with { Inputs = [.. map.Inputs, .. _body.Forward.Inputs.Take(1).Select(i => i with { Id = int.MinValue })] } : map;
    }

    private static void WriteLevelMap(SourceWriter writer, BlockContext context, Code map)
    {
        var emitter = new CodeEmitter(context, map, [], writer);
        writer.Line();
        writer.Line("// How a level is given out: [B, C, H, W].");
        using var _ = writer.Block($"private Tensor {CodeEmitter.LevelMap}({emitter.Parameters(map)})");
        emitter.Write(map);
    }

    /// <summary>Writes the class of a variant.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="header">How the class begins; its name is the last word.</param>
    public void WriteVariant(SourceWriter writer, Variant variant, string header)
    {
        var name = header.Substring(header.LastIndexOf(' ') + 1);
        var own = levels.TryGetValue(variant.Name, out var found) ? found : [];
        Documentation.Element(writer, "summary", $"{variant.Name}{(variant.Overrides.Count == 0 ? "" : ": " + string.Join(", ", variant.Overrides.Select(o => $"{o.Name} {DeclarationText.Of(o.Value)}")))}.");
        writer.Line(Header.GeneratedCode);
        using var _ = writer.Block($"{header} : {_names.Class}");
        writer.Line("/// <summary>The parameters of the variant.</summary>");
        writer.Line($"public static {_names.Options} Defaults {{ get; }} = {new OptionsEmitter(signatures).Variant(_body, variant, bind)};");
        writer.Line();
        writer.Line("/// <summary>The variant as published, with fresh weights.</summary>");
        using (writer.Block($"public {name}()\n    : this(Defaults)"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>The variant with some parameters changed: <c>Defaults with { ... }</c>.</summary>");
        using (writer.Block($"public {name}({_names.Options} options)\n    : base(options, {Naming.Literal(variant.Name)}, {Levels(own)})"))
        {
        }
    }

    private static string Levels(IReadOnlyList<LevelInfo> levels) => $"[{string.Join(", ", levels.Select(l => l.CSharp()))}]";

    /// <summary>Whether a child's arguments use the number of classes, directly or through definitions.</summary>
    private bool IsClassifier(string module)
    {
        if (!HasParam(ClassCount, ParamType.Int)) return false;
        var plan = _body.Modules.First(m => m.Name == module).Plan;
        if (Plans.Named(plan).Count > 0) return false;
        var names = new HashSet<string>(Plans.Names(plan));
        foreach (var d in _body.Block.Definitions.Reverse())
        {
            if (names.Contains(d.Name)) names.UnionWith(ExprTree.Names(d.Value));
        }

        return names.Contains(ClassCount);
    }
}
