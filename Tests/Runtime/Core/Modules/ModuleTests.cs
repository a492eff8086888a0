using Notochord.Modules;
using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void An_empty_chain_and_an_identity_give_another_handle()
    {
        using var x = Tensors.Count(3);
        foreach (var module in new nn.Module<Tensor, Tensor>[] { new Identity(), new Chain(), new Blocks<Add>() })
        {
            using var y = module.call(x);
            Assert.NotSame(x, y);
            Assert.Equal([0, 1, 2], Tensors.Values(y));
            y.Dispose();
            Assert.Equal([0, 1, 2], Tensors.Values(x));
            module.Dispose();
        }
    }

    [Fact]
    public void A_chain_calls_in_order_and_releases_what_lies_between()
    {
        var first = new Add(1);
        var last = new Times(10);
        using var chain = new Chain(("fc1", first), ("act", last));
        using var x = Tensors.Count(2);

        using var y = chain.call(x);

        Assert.Equal([10, 20], Tensors.Values(y));
        Assert.True(first.Last!.IsInvalid);
        Assert.False(last.Last!.IsInvalid);
        Assert.False(x.IsInvalid);
        Assert.Equal(["fc1.amount"], chain.named_parameters().Select(item => item.Item1));
        Assert.Same(first, chain[0]);
    }

    [Fact]
    public void A_chain_that_fails_releases_what_it_made()
    {
        var first = new Add(1);
        using var chain = new Chain(("a", first), ("b", new Fail()));
        using var x = Tensors.Count(2);

        Assert.Throws<InvalidOperationException>(() => chain.call(x));

        Assert.True(first.Last!.IsInvalid);
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void A_chain_of_identities_gives_a_handle_of_its_own()
    {
        using var chain = new Chain(("a", new Identity()), ("b", new Identity()));
        using var x = Tensors.Count(2);
        chain.call(x).Dispose();
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void Two_children_of_one_name_are_refused() =>
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new Chain(("a", new Add(1)), ("a", new Add(2)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Blocks_are_numbered_and_called_in_order()
    {
        using var blocks = new Blocks<Add>(12, i => new Add(i));
        using var x = Tensors.Count(1);

        using var y = blocks.call(x);

        Assert.Equal([66], Tensors.Values(y));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}.amount"), blocks.named_parameters().Select(item => item.Item1));
        Assert.Equal(12, blocks.Count);
        Assert.Equal(3, blocks[3].Amount);
    }

    [Fact]
    public void Blocks_of_another_signature_are_called_one_by_one()
    {
        using var blocks = new Blocks<Two>(new Two());
        using var x = Tensors.Count(2);
        using var y = blocks[0].call(x, x);

        Assert.Equal([0, 2], Tensors.Values(y));
        Assert.Contains("one by one", Assert.Throws<InvalidOperationException>(() => blocks.call(x)).Message, StringComparison.Ordinal);
    }

    internal sealed class Add : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter amount;

        public Add(float amount)
            : base(nameof(Add))
        {
            Amount = amount;
            this.amount = nn.Parameter(tensor([amount]));
            register_parameter(nameof(amount), this.amount);
        }

        public float Amount { get; }

        public Tensor? Last { get; private set; }

        public override Tensor forward(Tensor input) => Last = input.add(amount);
    }

    private sealed class Times(float factor) : nn.Module<Tensor, Tensor>(nameof(Times))
    {
        public Tensor? Last { get; private set; }

        public override Tensor forward(Tensor input) => Last = input.mul(factor);
    }

    private sealed class Two() : nn.Module<Tensor, Tensor, Tensor>(nameof(Two))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1.add(input2);
    }

    private sealed class Fail() : nn.Module<Tensor, Tensor>(nameof(Fail))
    {
        public override Tensor forward(Tensor input) => throw new InvalidOperationException("as intended");
    }
}
