using System.Collections.Immutable;

namespace Notochord.Guards;

/// <summary>A tensor that a block cannot take: what its contract expects, what came, and where the contract is written.</summary>
public sealed class ShapeGuardException : ArgumentException
{
    /// <summary>Says what does not fit.</summary>
    /// <param name="where">The contract's place, as <c>swin.arch.yaml(41,12)</c>.</param>
    /// <param name="contract">The contract, as <c>x[B, H, W, dim]</c>; null where one expression is checked.</param>
    /// <param name="expected">What it asks for.</param>
    /// <param name="found">What is there.</param>
    /// <param name="tensorShape">The shape of the tensor that came; default where the check is not of one tensor.</param>
    public ShapeGuardException(string where, string? contract, string expected, string found, ImmutableArray<long> tensorShape)
        : base(Text(where, contract, expected, found, tensorShape))
    {
        Where = where;
        Contract = contract;
        Expected = expected;
        Found = found;
        TensorShape = tensorShape;
    }

    /// <summary>The contract's place in the declaration.</summary>
    public string Where { get; }

    /// <summary>The contract as declared, or null where one expression is checked.</summary>
    public string? Contract { get; }

    /// <summary>What was asked for.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Found { get; }

    /// <summary>The shape of the tensor that came; default where the check is not of one tensor.</summary>
    public ImmutableArray<long> TensorShape { get; }

    private static string Text(string where, string? contract, string expected, string found, ImmutableArray<long> shape)
    {
        var tensor = shape.IsDefault ? string.Empty : $" The tensor has shape [{string.Join(", ", shape)}].";
        var declared = contract is null ? string.Empty : $" The contract is {contract}.";
        return $"{where}: expected {expected}, found {found}.{tensor}{declared}";
    }
}
