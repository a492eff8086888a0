using static TorchSharp.torch;

namespace Notochord.Tests.Torch;

public class SmokeTests
{
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _a = nn.Linear(4, 8);
        private readonly TorchSharp.Modules.Linear _b = nn.Linear(8, 2);

        internal Net() : base("net")
        {
            register_module("a", _a);
            register_module("b", _b);
        }

        public override Tensor forward(Tensor input)
        {
            using var hidden = _a.call(input);
            using var active = hidden.gelu();
            return _b.call(active);
        }
    }

    [Fact]
    public void A_small_net_gives_gradients()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        var x = randn(3, 4);
        var loss = (net.call(x) * 2.0).pow(2).sum();
        loss.backward();
        foreach (var (name, parameter) in net.named_parameters())
        {
            Assert.True(parameter.grad is not null, name);
            Assert.Equal(parameter.shape, parameter.grad!.shape);
        }
        Assert.Equal(["a.weight", "a.bias", "b.weight", "b.bias"], net.state_dict().Keys);
    }

    [Fact]
    public void Indexing_reads_as_in_python()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal(new long[] { 3, 4 }, x[1].shape);
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal(new long[] { 2, 2, 4 }, x[TensorIndex.Colon, 1..].shape);
        Assert.Equal(new long[] { 2, 3, 1, 2 }, x[TensorIndex.Ellipsis, TensorIndex.None, TensorIndex.Slice(0, null, 2)].shape);
        Assert.Equal(new long[] { 12, 12, 13 }, (x[TensorIndex.Tensor(tensor(new long[] { 1, 1, 1 })), 0, TensorIndex.Tensor(tensor(new long[] { 0, 0, 1 }))]).data<long>().ToArray());
        x[0] = 7L;
        Assert.Equal(7 * 12, x[0].sum().item<long>());
    }

    [Fact]
    public void Errors_carry_libtorchs_words()
    {
        using var a = randn(2, 3);
        using var b = randn(4, 5);
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => a.matmul(b));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message, StringComparison.Ordinal);
    }
}
