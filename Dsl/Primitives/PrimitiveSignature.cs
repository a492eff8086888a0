using Microsoft.CodeAnalysis.CSharp;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Text;

namespace Notochord.Dsl.Primitives;

/// <summary>Reads the signature of a primitive. A signature is ours, so a wrong one is a defect and throws.</summary>
internal static class PrimitiveSignature
{
    private static readonly Dictionary<string, OperandType> Types = new()
    {
        ["tensor"] = OperandType.Tensor,
        ["tensor?"] = OperandType.OptionalTensor,
        ["tensor[]"] = OperandType.Tensors,
        ["number"] = OperandType.TensorOrNumber,
        ["int"] = OperandType.Int,
        ["int[]"] = OperandType.Ints,
        ["double"] = OperandType.Double,
        ["double[]"] = OperandType.Doubles,
        ["bool"] = OperandType.Bool,
        ["string"] = OperandType.String,
    };

    public static (string Name, IReadOnlyList<PrimitiveParameter> Parameters, bool TakesAxes) Parse(string signature)
    {
        var open = signature.IndexOf('(');
        var list = SyntaxFactory.ParseParameterList(signature, open);
        var parameters = new List<PrimitiveParameter>();
        var takesAxes = false;
        foreach (var p in list.Parameters)
        {
            var type = p.Type!.ToString();
            var mark = p.AttributeLists.ToString();
            if (type == "named")
            {
                takesAxes = true;
                continue;
            }

            var bag = new DiagnosticBag();
            var value = p.Default is null ? null : ExpressionParser.Parse(CodeText.Inline(p.Default.Value.ToString(), SourceSpan.None), bag);
            if (bag.HasErrors || !Types.TryGetValue(type, out var operand)) throw new ArgumentException($"Signature '{signature}', parameter '{p}'.", nameof(signature));
            parameters.Add(new PrimitiveParameter(p.Identifier.ValueText, operand, value, mark == "[Literal]", mark == "[State]"));
        }

        return (signature.Substring(0, open), parameters, takesAxes);
    }
}
