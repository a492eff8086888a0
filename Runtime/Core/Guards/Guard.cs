using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Notochord.Guards;

/// <summary>
/// Checks of what only a call can show. Each is one comparison of host numbers (no tensor is read, no device waited for); the message is
/// made when it fails.
/// </summary>
public static class Guard
{
    /// <summary>The tensor has <paramref name="rank"/> axes.</summary>
    /// <param name="tensor">The input.</param>
    /// <param name="rank">The number of axes.</param>
    /// <param name="contract">The contract, as <c>x[B, H, W, dim]</c>.</param>
    /// <param name="where">The contract's place, as <c>swin.arch.yaml(41,12)</c>.</param>
    /// <exception cref="ShapeGuardException">It has another number.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rank(Tensor tensor, int rank, string contract, string where)
    {
        if (tensor.dim() != rank)
        {
            GuardFailure.Rank(tensor, rank, contract, where);
        }
    }

    /// <summary>The tensor has <paramref name="rank"/> axes or more.</summary>
    /// <inheritdoc cref="Rank"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RankAtLeast(Tensor tensor, int rank, string contract, string where)
    {
        if (tensor.dim() < rank)
        {
            GuardFailure.RankAtLeast(tensor, rank, contract, where);
        }
    }

    /// <summary>Axis <paramref name="axis"/> has the size <paramref name="expected"/>.</summary>
    /// <param name="tensor">The input.</param>
    /// <param name="axis">Which axis; negative from the end.</param>
    /// <param name="expected">Its size.</param>
    /// <param name="name">What the contract calls the size, as <c>dim</c>.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="where">The contract's place.</param>
    /// <exception cref="ShapeGuardException">It has another size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dim(Tensor tensor, int axis, long expected, string name, string contract, string where)
    {
        if (tensor.size(axis) != expected)
        {
            GuardFailure.Dim(tensor, axis, expected, name, contract, where);
        }
    }

    /// <summary><paramref name="divisor"/> divides <paramref name="value"/>.</summary>
    /// <param name="value">The size.</param>
    /// <param name="divisor">What must divide it.</param>
    /// <param name="expression">Both as declared, as <c>H % window</c>.</param>
    /// <param name="where">The place of the expression.</param>
    /// <param name="tensor">The tensor that the size is of, for the message.</param>
    /// <exception cref="ShapeGuardException">It does not, or is 0.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Divisible(long value, long divisor, string expression, string where, Tensor? tensor = null)
    {
        if (divisor == 0 || value % divisor != 0)
        {
            GuardFailure.Divisible(value, divisor, expression, where, tensor);
        }
    }

    /// <summary><paramref name="value"/> is above 0.</summary>
    /// <param name="value">The size.</param>
    /// <param name="expression">It as declared.</param>
    /// <param name="where">The place of the expression.</param>
    /// <param name="tensor">The tensor that the size is of, for the message.</param>
    /// <exception cref="ShapeGuardException">It is not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positive(long value, string expression, string where, Tensor? tensor = null)
    {
        if (value <= 0)
        {
            GuardFailure.AtLeast(value, 1, expression, where, tensor);
        }
    }

    /// <summary><paramref name="value"/> is <paramref name="least"/> or more.</summary>
    /// <param name="value">The size.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="expression">The size as declared.</param>
    /// <param name="where">The place of the expression.</param>
    /// <param name="tensor">The tensor that the size is of, for the message.</param>
    /// <exception cref="ShapeGuardException">It is less.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AtLeast(long value, long least, string expression, string where, Tensor? tensor = null)
    {
        if (value < least)
        {
            GuardFailure.AtLeast(value, least, expression, where, tensor);
        }
    }

    /// <summary>Two sizes are the same.</summary>
    /// <param name="found">The size that came.</param>
    /// <param name="expected">The size that it must have.</param>
    /// <param name="expression">Both as declared, as <c>N == H * W</c>.</param>
    /// <param name="where">The place of the expression.</param>
    /// <param name="tensor">The tensor that the size is of, for the message.</param>
    /// <exception cref="ShapeGuardException">They differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Equal(long found, long expected, string expression, string where, Tensor? tensor = null)
    {
        if (found != expected)
        {
            GuardFailure.Equal(found, expected, expression, where, tensor);
        }
    }
}
