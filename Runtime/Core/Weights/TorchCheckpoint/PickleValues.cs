namespace Notochord.Weights.TorchCheckpoint;

/// <summary>A name that a pickle refers to. It stays a name: nothing is ever looked up or called by it.</summary>
internal sealed record PickleGlobal(string Module, string Name, long Position)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A dict or an OrderedDict: pairs in order of insertion, by name.</summary>
internal sealed class PickleDict
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, object?>> pairs = [];

    public IReadOnlyList<KeyValuePair<string, object?>> Pairs => pairs;

    public void Set(string key, object? value)
    {
        if (places.TryGetValue(key, out var place))
        {
            pairs[place] = KeyValuePair.Create(key, value);
            return;
        }

        places.Add(key, pairs.Count);
        pairs.Add(KeyValuePair.Create(key, value));
    }
}

/// <summary>Something that a checkpoint may hold beside tensors, and that no tensor depends on (a device, a dtype).</summary>
internal sealed record PickleOpaque(string What);

/// <summary>A storage by its key in the archive: so many elements of one type, or bytes where the type is null.</summary>
internal sealed record PickleStorage(string Key, WeightType? Type, long Elements);

/// <summary>A tensor: a strided view of a storage, in elements.</summary>
internal sealed record PickleTensor(PickleStorage Storage, WeightType Type, long Offset, long[] Shape, long[] Strides);
