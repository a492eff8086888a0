namespace Notochord;

/// <summary>
/// Declares a backbone on a <c>partial class</c>, which the compiler completes. The texts are what a <c>.arch.yaml</c> file says under the
/// same keys (see docs/language.md); what is wrong with them is reported at its place in the C# file.
/// </summary>
/// <param name="name">The architecture's name.</param>
/// <example><code>
/// [Backbone("tiny", Input = "image[B, 3, H, W]")]
/// [Param("int dim = 32, int[] depths = [2, 2]")]
/// [Stem("patch_embed", "conv2d(3, dim, 4, stride=4)")]
/// [Stages(Count = "2", Depth = "depths[i]", Block = "residual(dim)")]
/// [Head("head", "pooled_linear(dim, 10)")]
/// public partial class Tiny;
/// </code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BackboneAttribute(string name) : Attribute
{
    /// <summary>The architecture's name.</summary>
    public string Name { get; } = name;

    /// <summary>The contract of the input: <c>image[B, 3, H, W]</c>.</summary>
    public string? Input { get; set; }

    /// <summary>The contract of the output: <c>[B, 1000]</c>.</summary>
    public string? Output { get; set; }

    /// <summary>Block libraries: names of files <c>NAME.blocks.yaml</c>, separated by commas.</summary>
    public string? Use { get; set; }

    /// <summary>C# statements; without them the input goes through the modules in order.</summary>
    public string? Forward { get; set; }

    /// <summary>What it is, for readers.</summary>
    public string? Doc { get; set; }

    /// <summary>Where it comes from.</summary>
    public string? Paper { get; set; }
}

/// <summary>Makes a <c>partial class</c> a model of an architecture that a <c>.arch.yaml</c> file of the project declares.</summary>
/// <param name="name">The architecture's name, as in <c>arch:</c>.</param>
/// <example><code>[Architecture("swin", Variant = "swin_tiny_patch4_window7_224", Params = "dim = 64, num_classes = 10")]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArchitectureAttribute(string name) : Attribute
{
    /// <summary>The architecture's name.</summary>
    public string Name { get; } = name;

    /// <summary>The variant whose parameters are the starting point; the declared defaults when absent.</summary>
    public string? Variant { get; set; }

    /// <summary>Parameters that differ: <c>dim = 64, depths = [2, 2]</c>.</summary>
    public string? Params { get; set; }
}

/// <summary>Declares parameters of a backbone.</summary>
/// <param name="declarations"><c>int dim = 96</c>, or several separated by commas.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ParamAttribute(string declarations) : Attribute
{
    /// <summary>Type, name and value of each.</summary>
    public string Declarations { get; } = declarations;
}

/// <summary>A named piece of a backbone.</summary>
/// <param name="name">Its name: for what holds tensors, the key in the state dict.</param>
/// <param name="code">What it is, as in the file language.</param>
public abstract class DeclarationAttribute(string name, string code) : Attribute
{
    /// <summary>Its name; empty where the section itself is the one module.</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    public string Code { get; } = code;
}

/// <summary>A module before the stages: <c>[Stem("proj", "conv2d(3, 32, 4)")]</c>, or one named <c>stem</c>: <c>[Stem("conv2d(3, 32, 4)")]</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class StemAttribute(string name, string code) : DeclarationAttribute(name, code)
{
    /// <summary>One module named <c>stem</c>.</summary>
    public StemAttribute(string code) : this("", code)
    {
    }
}

/// <summary>A module after the stages, or one named <c>head</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class HeadAttribute(string name, string code) : DeclarationAttribute(name, code)
{
    /// <summary>One module named <c>head</c>.</summary>
    public HeadAttribute(string code) : this("", code)
    {
    }
}

/// <summary>A module beside stem, stages and head: an entry of <c>modules</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ChildAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>A static value derived from the parameters.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class DefineAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>The usual size of an axis of the input, over the parameters: <c>[Size("T", "16")]</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class SizeAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>A trainable tensor: <c>[Parameter("cls_token", "zeros[1, 1, dim]")]</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ParameterAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>A tensor of the state dict that is not trained.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class BufferAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>A tensor computed once from the parameters, in no state dict.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ConstantAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>An initialiser that replaces a block's: <c>[Init("linear.weight", "trunc_normal(std=0.02)")]</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class InitAttribute(string name, string code) : DeclarationAttribute(name, code);

/// <summary>The stages: a chain of blocks, repeated.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StagesAttribute : Attribute
{
    /// <summary>The module that holds the stages, or a template such as <c>layer{i + 1}</c>; <c>stages</c> when absent.</summary>
    public string? Name { get; set; }

    /// <summary>How many stages.</summary>
    public string? Count { get; set; }

    /// <summary>Name of the stage's index; <c>i</c> when absent.</summary>
    public string? As { get; set; }

    /// <summary>What comes before the blocks.</summary>
    public string? Downsample { get; set; }

    /// <summary>How many blocks a stage has.</summary>
    public string? Depth { get; set; }

    /// <summary>Name of the block's index in its stage; <c>j</c> when absent.</summary>
    public string? Index { get; set; }

    /// <summary>The block that is repeated.</summary>
    public string? Block { get; set; }

    /// <summary>The blocks are the stage's own children 0, 1, ....</summary>
    public bool Flat { get; set; }
}

/// <summary>A published set of parameter values: <c>[Variant("tiny_large", "dim = 64, depths = [4, 4]")]</c>.</summary>
/// <param name="name">The variant's name.</param>
/// <param name="values">Parameters that differ from their defaults.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class VariantAttribute(string name, string values = "") : Attribute
{
    /// <summary>The variant's name.</summary>
    public string Name { get; } = name;

    /// <summary>Parameters that differ from their defaults.</summary>
    public string Values { get; } = values;
}

/// <summary>The modules whose outputs are the levels of a feature pyramid.</summary>
/// <param name="modules">Names, separated by commas.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FeaturesAttribute(string modules) : Attribute
{
    /// <summary>Names of modules, separated by commas.</summary>
    public string Modules { get; } = modules;

    /// <summary>Expression in <c>x</c> that makes [B, C, H, W] of an output.</summary>
    public string? As { get; set; }
}

/// <summary>The domain of a parameter in a search: <c>[Search("depths[1]", Choice = "2, 4, 6")]</c>.</summary>
/// <param name="target">A parameter, or an element of one.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class SearchAttribute(string target) : Attribute
{
    /// <summary>What is searched.</summary>
    public string Target { get; } = target;

    /// <summary>The values to choose from, separated by commas.</summary>
    public string? Choice { get; set; }

    /// <summary>The lowest and the highest value, separated by a comma.</summary>
    public string? Range { get; set; }

    /// <summary>Distance of the values of a range.</summary>
    public string? Step { get; set; }

    /// <summary>Uniform in the logarithm.</summary>
    public bool Log { get; set; }
}
