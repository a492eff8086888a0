using Notochord.Guards;

namespace Notochord.Tests.Runtime.Core.Guards;

public sealed class GuardTests
{
    private const string Where = "swin.arch.yaml(41,12)";
    private const string Contract = "x[B, H, W, dim]";

    [Fact]
    public void What_fits_passes()
    {
        using var x = Tensors.Count(2, 14, 7, 3);
        Guard.Rank(x, 4, Contract, Where);
        Guard.RankAtLeast(x, 2, Contract, Where);
        Guard.Dim(x, -1, 3, "dim", Contract, Where);
        Guard.Divisible(14, 7, "H % window", Where);
        Guard.Positive(1, "H", Where);
        Guard.AtLeast(7, 7, "H", Where);
        Guard.Equal(98, 98, "N == H * W", Where);
    }

    [Fact]
    public void A_failure_says_where_what_was_expected_and_what_came()
    {
        using var x = Tensors.Count(1, 15, 7, 3);

        Fails(() => Guard.Rank(x, 3, "x[B, N, dim]", Where), $"{Where}: expected a tensor of 3 axes, found 4. The tensor has shape [1, 15, 7, 3]. The contract is x[B, N, dim].");
        Fails(() => Guard.RankAtLeast(x, 5, Contract, Where), "expected a tensor of at least 5 axes, found 4");
        Fails(() => Guard.Dim(x, -1, 96, "dim", Contract, Where), "expected dim = 96 on axis -1, found 3");
        Fails(
            () => Guard.Divisible(15, 7, "H % window", Where, x),
            $"{Where}: expected H % window == 0, a multiple of 7, found 15 (the multiples around it are 14 and 21). The tensor has shape [1, 15, 7, 3].");
        Fails(() => Guard.Divisible(15, 0, "H % window", Where), "a multiple of 0, found 15.");
        Fails(() => Guard.Positive(0, "H / 32", Where), "expected H / 32 >= 1, found 0.");
        Fails(() => Guard.AtLeast(6, 7, "H", Where), "expected H >= 7, found 6.");
        Fails(() => Guard.Equal(97, 98, "N == H * W", Where), "expected N == H * W, that is 98, found 97.");
    }

    [Fact]
    public void A_failure_carries_its_parts()
    {
        using var x = Tensors.Count(1, 2);

        var failure = Assert.Throws<ShapeGuardException>(() => Guard.Dim(x, 1, 3, "dim", "x[B, dim]", Where));

        Assert.Equal(Where, failure.Where);
        Assert.Equal("x[B, dim]", failure.Contract);
        Assert.Equal("dim = 3 on axis 1", failure.Expected);
        Assert.Equal("2", failure.Found);
        Assert.Equal([1L, 2L], failure.TensorShape.AsEnumerable());
    }

    private static void Fails(Action check, string expected) =>
        Assert.Contains(expected, Assert.Throws<ShapeGuardException>(check).Message, StringComparison.Ordinal);
}
