using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Notochord.Guards;

/// <summary>The messages of <see cref="Guard"/>, apart from it so that a check that holds costs its comparison alone.</summary>
internal static class GuardFailure
{
    [DoesNotReturn]
    public static void Rank(Tensor tensor, int rank, string contract, string where) =>
        Fail(where, contract, $"a tensor of {rank} axes", $"{tensor.dim()}", tensor);

    [DoesNotReturn]
    public static void RankAtLeast(Tensor tensor, int rank, string contract, string where) =>
        Fail(where, contract, $"a tensor of at least {rank} axes", $"{tensor.dim()}", tensor);

    [DoesNotReturn]
    public static void Dim(Tensor tensor, int axis, long expected, string name, string contract, string where) =>
        Fail(where, contract, $"{name} = {expected} on axis {axis}", $"{tensor.size(axis)}", tensor);

    [DoesNotReturn]
    public static void Divisible(long value, long divisor, string expression, string where, Tensor? tensor)
    {
        var below = divisor > 0 && value >= 0 ? value / divisor * divisor : -1;
        var near = below < 0 ? string.Empty : $" (the multiples around it are {below} and {below + divisor})";
        Fail(where, null, $"{expression} == 0, a multiple of {divisor}", $"{value}{near}", tensor);
    }

    [DoesNotReturn]
    public static void AtLeast(long value, long least, string expression, string where, Tensor? tensor) =>
        Fail(where, null, $"{expression} >= {least}", $"{value}", tensor);

    [DoesNotReturn]
    public static void Equal(long found, long expected, string expression, string where, Tensor? tensor) =>
        Fail(where, null, $"{expression}, that is {expected}", $"{found}", tensor);

    [DoesNotReturn]
    private static void Fail(string where, string? contract, string expected, string found, Tensor? tensor) =>
        throw new ShapeGuardException(where, contract, expected, found, tensor is null ? default : [.. tensor.shape]);
}
