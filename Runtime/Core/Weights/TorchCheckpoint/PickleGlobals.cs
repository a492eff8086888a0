namespace Notochord.Weights.TorchCheckpoint;

/// <summary>The names that a checkpoint may refer to, each with what it makes of its arguments.</summary>
/// <remarks>Source of the layouts: PyTorch, torch/_utils.py (_rebuild_*) and torch/serialization.py (persistent_id).</remarks>
internal static class PickleGlobals
{
    private const string AnyStorage = "torch.storage.UntypedStorage";

    private delegate object? Builder(object?[] arguments, out string problem);

    private static readonly Dictionary<string, Builder> Builders = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = OrderedDict,
        ["torch._utils._rebuild_tensor"] = Rebuild,
        ["torch._utils._rebuild_tensor_v2"] = Rebuild,
        ["torch._utils._rebuild_tensor_v3"] = RebuildWithType,
        ["torch._utils._rebuild_parameter"] = First,
        ["torch._utils._rebuild_parameter_with_state"] = First,
        ["torch.Size"] = First,
        ["torch.device"] = Device,
    };

    public static bool IsAllowed(PickleGlobal global)
    {
        var name = global.ToString();
        return Builders.ContainsKey(name) || name == AnyStorage || IsTorch(global, WeightTypes.TryParseStorage) || IsTorch(global, WeightTypes.TryParseTorch);
    }

    /// <summary>What a call of the global makes, or null and what is wrong with the arguments.</summary>
    public static object? Build(PickleGlobal global, object?[] arguments, out string problem)
    {
        if (Builders.TryGetValue(global.ToString(), out var build))
        {
            return build(arguments, out problem);
        }

        problem = "it is a name, not something to call.";
        return null;
    }

    /// <summary>The storage of a persistent id <c>("storage", type, key, location, elements)</c>, or null where it is not one.</summary>
    public static PickleStorage? Storage(object? id) =>
        id is PickleTuple { Items: ["storage", PickleGlobal global, string key, string or null, long elements and >= 0] }
            ? StorageOf(global, key, elements)
            : null;

    private static PickleStorage? StorageOf(PickleGlobal global, string key, long elements) =>
        global.ToString() == AnyStorage ? new PickleStorage(key, null, elements)
        : global.Module == "torch" && WeightTypes.TryParseStorage(global.Name, out var type) ? new PickleStorage(key, type, elements)
        : null;

    private static PickleDict? OrderedDict(object?[] arguments, out string problem)
    {
        problem = "expected no arguments; its items follow one by one.";
        return arguments.Length == 0 ? new PickleDict() : null;
    }

    private static PickleTensor? Rebuild(object?[] arguments, out string problem)
    {
        if (arguments is not [PickleStorage storage, long offset, PickleTuple size, PickleTuple stride, ..])
        {
            problem = "expected a storage, an offset, a size and strides.";
            return null;
        }

        problem = "the type of its storage is not known.";
        return storage.Type is { } type ? Tensor(storage, type, offset, size, stride, out problem) : null;
    }

    private static PickleTensor? RebuildWithType(object?[] arguments, out string problem)
    {
        if (arguments is not [PickleStorage storage, long offset, PickleTuple size, PickleTuple stride, _, _, PickleGlobal dtype, ..]
            || dtype.Module != "torch"
            || !WeightTypes.TryParseTorch(dtype.Name, out var type))
        {
            problem = "expected a storage, an offset, a size, strides, requires_grad, hooks and a known dtype.";
            return null;
        }

        return Tensor(storage, type, offset, size, stride, out problem);
    }

    private static PickleTensor? Tensor(PickleStorage storage, WeightType type, long offset, PickleTuple size, PickleTuple stride, out string problem)
    {
        var axes = size.Items.Length;
        problem = $"a size of {axes} and strides of {stride.Items.Length} numbers do not describe a tensor.";
        if (axes != stride.Items.Length || axes > WeightShape.MostAxes)
        {
            return null;
        }

        long[] shape = [.. size.Items.OfType<long>()];
        long[] strides = [.. stride.Items.OfType<long>()];
        if (shape.Length != axes || strides.Length != axes)
        {
            return null;
        }

        var tensor = new PickleTensor(storage, type, offset, shape, strides);
        problem = StridedView.Problem(tensor) ?? string.Empty;
        return problem.Length == 0 ? tensor : null;
    }

    private static object? First(object?[] arguments, out string problem)
    {
        problem = "expected a tensor or a size as its first argument.";
        return arguments is [PickleTensor or PickleTuple, ..] ? arguments[0] : null;
    }

    private static PickleOpaque Device(object?[] arguments, out string problem)
    {
        problem = string.Empty;
        return new PickleOpaque("a device");
    }

    private static bool IsTorch(PickleGlobal global, TryParse parse) => global.Module == "torch" && parse(global.Name, out _);

    private delegate bool TryParse(string name, out WeightType type);
}
