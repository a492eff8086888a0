using Notochord.Dsl.Expressions;
using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives;

/// <summary>The type of a primitive's parameter.</summary>
public enum OperandType
{
    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A tensor or none.</summary>
    OptionalTensor,

    /// <summary>A list of tensors.</summary>
    Tensors,

    /// <summary>An integer; may depend on the input's sizes.</summary>
    Int,

    /// <summary>A list of integers; one integer stands for a list of one, which broadcasts.</summary>
    Ints,

    /// <summary>A double; an integer converts.</summary>
    Double,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>A string.</summary>
    String,

    /// <summary>A tensor or a number.</summary>
    TensorOrNumber,
}

/// <summary>A parameter of a primitive.</summary>
public sealed record PrimitiveParameter(string Name, OperandType Type, Expr? Default);

/// <summary>An operation of the language: the only thing that is written in C#. One entry holds all that is known of it; binding, inference, cost, emission,
/// the executor's arguments, the schema and the reference page read this entry.</summary>
public sealed class Primitive
{
    /// <param name="signature">C# signature: <c>conv2d(tensor x, tensor weight, tensor? bias = none, int[] stride = 1)</c>. A last parameter
    /// <c>axes</c> of type <c>named</c> takes any further named integers (sizes of a pattern's axes).</param>
    /// <param name="doc">What it computes, with source.</param>
    /// <param name="infer">Shapes of the results.</param>
    /// <param name="emit">C# expression over TorchSharp of the result (a tuple if several). Placeholders <c>{x}</c> are the arguments as C#.</param>
    internal Primitive(string signature, string doc, Func<CallSite, Shape[]> infer, Func<EmitSite, string> emit)
    {
        (Name, Parameters, TakesAxes) = PrimitiveSignature.Parse(signature);
        Signature = signature;
        Doc = doc;
        Infer = infer;
        Emit = emit;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>As declared.</summary>
    public string Signature { get; }

    /// <summary>Parameters in order.</summary>
    public IReadOnlyList<PrimitiveParameter> Parameters { get; }

    /// <summary>Whether further named integers are axis sizes.</summary>
    public bool TakesAxes { get; }

    /// <summary>What it computes.</summary>
    public string Doc { get; }

    /// <summary>Shapes of the results.</summary>
    public Func<CallSite, Shape[]> Infer { get; }

    /// <summary>Its C# over TorchSharp.</summary>
    public Func<EmitSite, string> Emit { get; }

    /// <summary>Multiply-adds of matrix products and convolutions; 0 for the rest.</summary>
    public Func<CallSite, Dim> Macs { get; init; } = _ => Dim.Zero;

    /// <summary>How many results a call has: 1, or a number from the call's static arguments (unbind, split), or null when only the shapes tell.</summary>
    public Func<CallSite, int>? ResultCount { get; init; }

    /// <summary>Whether a result shares memory with the first argument (a view), so that it costs no activation memory.</summary>
    public bool IsView { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
