using System.Collections;
using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Modules of one type, registered as <c>0</c>, <c>1</c>...: called one by one, or in sequence where each maps a tensor to a tensor.</summary>
/// <typeparam name="T">The type of each.</typeparam>
public sealed class Blocks<T> : nn.Module<Tensor, Tensor>, IReadOnlyList<T>
    where T : nn.Module
{
    private readonly T[] blocks;

    /// <summary>The blocks in their order.</summary>
    public Blocks(params ReadOnlySpan<T> blocks)
        : base("Blocks")
    {
        this.blocks = blocks.ToArray();
        for (var i = 0; i < blocks.Length; i++)
        {
            register_module($"{i}", blocks[i]);
        }
    }

    /// <summary><paramref name="count"/> blocks, each made from its index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public Blocks(long count, Func<int, T> make)
        : this(Made(count, make))
    {
    }

    /// <summary>The number of blocks.</summary>
    public int Count => blocks.Length;

    /// <summary>The block in this place, from 0.</summary>
    public T this[int index] => blocks[index];

    /// <summary>Calls the blocks in order; without any, gives back another handle of the input.</summary>
    /// <returns>A tensor that the caller owns.</returns>
    /// <exception cref="InvalidOperationException">A block takes or gives something else than one tensor.</exception>
    public override Tensor forward(Tensor input) => Sequence.Call(input, blocks.Select(Sequence.OneToOne));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => blocks.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static T[] Made(long count, Func<int, T> make)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(make);
        return [.. Enumerable.Range(0, checked((int)count)).Select(make)];
    }
}
