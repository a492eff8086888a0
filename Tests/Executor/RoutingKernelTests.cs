using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Tests;

public class RoutingKernelTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EachVectorMeetsTheMatrixOfItsExpert(bool shared)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var net = Declarations.Forward(
            "x[B, 11]",
            $"(x, gates) = split(x, [6, 5], 1);\nx = rearrange({(shared ? "x[.., ..3]" : "x")}, \"b (k d) -> b k d\", d=3);\n(values, index) = topk(gates, 2);\nreturn [expert_linear(x, weight, index, bias), expert_linear(x, weight, index), values];",
            "parameters:\n  weight: normal()[5, 3, 4]\n  bias: normal()[5, 4]\n");
        net.to(ScalarType.Float64);
        var x = rand([7, 11], ScalarType.Float64);
        x.select(1, 7).fill_(-1);

        var found = net.ForwardOutputs(x);

        var (vectors, gates) = (shared ? x[.., ..3] : x[.., ..6], x[.., 6..]);
        var index = gates.argsort(-1, true).narrow(1, 0, 2).contiguous().data<long>().ToArray();
        var (weight, bias) = (Numbers(net.get_parameter("weight")!), Numbers(net.get_parameter("bias")!));
        int Of(int i) => shared ? i / 2 : i;
        Near(PlainExperts.Products(Numbers(vectors), Of, weight, bias, index, 3, 4), Numbers(found[0]));
        Near(PlainExperts.Products(Numbers(vectors), Of, weight, null, index, 3, 4), Numbers(found[1]));
        Near(Numbers(gates.sort(-1, true).Item1.narrow(1, 0, 2)), Numbers(found[2]));
    }

    [Fact]
    public void PlacesAreTakenOrAddedTo()
    {
        using var scope = NewDisposeScope();
        using var net = Declarations.Forward(
            "x[B, 5]",
            "(x, source) = split(x, [3, 2], 1);\n(ordered, index) = sort(source, descending=true);\n(smallest, at) = topk(x, 2, largest=false);\nreturn [scatter(x, index, source, 1), scatter_add(x, index, source, -1), ordered, smallest];");
        var found = net.ForwardOutputs(tensor(new double[] { 1, 2, 3, 10, 20, 4, 5, 0, 40, 30 }).reshape(2, 5));
        Near([20, 10, 3, 40, 30, 0], Numbers(found[0]));
        Near([21, 12, 3, 44, 35, 0], Numbers(found[1]));
        Near([20, 10, 40, 30], Numbers(found[2]));
        Near([1, 2, 0, 4], Numbers(found[3]));
    }

    private static double[] Numbers(Tensor x) => x.contiguous().data<double>().ToArray();

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(Math.Abs(expected[i] - found[i]) < 1e-12, $"number {i}: expected {expected[i]}, found {found[i]}");
    }
}
