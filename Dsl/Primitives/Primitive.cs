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

    /// <summary>A list of doubles; integers convert.</summary>
    Doubles,
}

/// <summary>A parameter of a primitive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Default">Its default; null: required.</param>
/// <param name="IsLiteral">Whether the argument must be written out at the call, since the emission depends on it: a pattern, an element type, an axis count.</param>
/// <param name="IsState">Whether the argument must be a parameter or buffer of the block itself, since it is changed.</param>
public sealed record PrimitiveParameter(string Name, OperandType Type, Expr? Default, bool IsLiteral = false, bool IsState = false);

/// <summary>An operation of the language: the only thing that is written in C#. One entry holds all that is known of it; binding, inference, cost, emission,
/// the executor's arguments, the schema and the reference page read this entry.</summary>
public sealed class Primitive
{
    /// <param name="signature">C# signature: <c>conv2d(tensor x, tensor weight, tensor? bias = none, int[] stride = 1)</c>. A last parameter
    /// <c>axes</c> of type <c>named</c> takes any further named integers (sizes of a pattern's axes). A parameter marked <c>[Literal]</c> must be a literal at the call,
    /// one marked <c>[State]</c> a parameter or buffer of the block.</param>
    /// <param name="doc">What it computes, with source.</param>
    /// <param name="infer">Shapes of the results.</param>
    /// <param name="emit">C# expression over TorchSharp of the result, a new handle that the caller owns; of type <c>Tensor[]</c> when
    /// <see cref="ResultCount"/> is set (an array deconstructs: <c>var (q, k) = x.chunk(2, -1)</c>, by <c>Notochord.Ops</c>).</param>
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

    /// <summary>How many results a call has (unbind, split); null: a single one that is no array.</summary>
    public Func<CallSite, int>? ResultCount { get; init; }

    /// <summary>Whether a result shares memory with the first argument (a view), so that it costs no activation memory.</summary>
    public bool IsView { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
