using System.Collections;
using static TorchSharp.torch;

namespace Notochord.Modules;

/// <summary>Named modules called in their order, each with the result of the one before, what lies between is released; or one by one, and then they may take and give anything.</summary>
public sealed class Chain : nn.Module<Tensor, Tensor>, IReadOnlyList<nn.Module<Tensor, Tensor>>
{
    private readonly nn.Module[] links;
    private readonly Dictionary<string, nn.Module> byName = new(StringComparer.Ordinal);

    /// <summary>A chain whose children have the names given, which are their parts of the state-dict keys.</summary>
    /// <exception cref="ArgumentException">Two children have one name.</exception>
    public Chain(params (string Name, nn.Module Module)[] children)
        : base(nameof(Chain))
    {
        links = new nn.Module[children.Length];
        for (var i = 0; i < children.Length; i++)
        {
            var (name, module) = children[i];
            if (!byName.TryAdd(name, module))
            {
                throw new ArgumentException($"Two children of a chain have the name '{name}'.", nameof(children));
            }

            links[i] = module;
            register_module(name, module);
        }
    }

    /// <summary>The number of children.</summary>
    public int Count => links.Length;

    /// <summary>The child in this place, from 0.</summary>
    /// <exception cref="InvalidOperationException">It takes or gives something else than one tensor.</exception>
    public nn.Module<Tensor, Tensor> this[int index] => Sequence.OneToOne(links[index]);

    /// <summary>The child of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOperationException">It takes or gives something else than one tensor.</exception>
    public nn.Module<Tensor, Tensor> this[string name] => Sequence.OneToOne(byName[name]);

    /// <summary>The child in this place, from 0, as what it is.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public T Child<T>(int index)
        where T : nn.Module =>
        (T)links[index];

    /// <summary>The child of this name, as what it is.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public T Child<T>(string name)
        where T : nn.Module =>
        (T)byName[name];

    /// <summary>Calls the children in order; without any, gives back another handle of the input.</summary>
    /// <returns>A tensor that the caller owns.</returns>
    /// <exception cref="InvalidOperationException">A child takes or gives something else than one tensor.</exception>
    public override Tensor forward(Tensor input) => Sequence.Call(input, links.Select(Sequence.OneToOne));

    /// <inheritdoc/>
    public IEnumerator<nn.Module<Tensor, Tensor>> GetEnumerator() => links.Select(Sequence.OneToOne).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
