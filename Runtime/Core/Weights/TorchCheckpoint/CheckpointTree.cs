namespace Notochord.Weights.TorchCheckpoint;

/// <summary>Finds, in what training code saved, the dictionary that is the model's state.</summary>
internal static class CheckpointTree
{
    /// <summary>The names under which training code saves a model's state, the most specific first.</summary>
    private static readonly string[] UsualRoots = ["state_dict", "model_state_dict", "model", "module", "net", "network", "weights", "params"];

    private const int MostDepth = 32;
    private const int MostTensors = 1_000_000;

    /// <summary>The tensors under their state-dict names, in order.</summary>
    public static List<(string Name, PickleTensor Tensor)> Tensors(string path, object? value, string? root)
    {
        var dict = value as PickleDict
            ?? throw new WeightFileException(path, "checkpoint", "expected a dictionary of tensors, found another object. Save the state dict: torch.save(model.state_dict(), path).");
        dict = root is null ? Usual(path, dict) : Named(path, dict, root);
        var found = new List<(string, PickleTensor)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var visits = 0;
        Flatten(dict, string.Empty, 0);
        return found;

        void Flatten(PickleDict from, string prefix, int depth)
        {
            foreach (var (key, item) in from.Pairs)
            {
                // Shared dictionaries can describe exponentially many paths in few bytes, and cycles infinitely many.
                if (++visits > MostTensors || depth > MostDepth)
                {
                    throw new WeightFileException(path, "checkpoint", $"it nests deeper than {MostDepth} or holds more than {MostTensors} entries.");
                }

                var name = prefix + key;
                if (item is PickleTensor tensor)
                {
                    found.Add(names.Add(name)
                        ? (name, tensor)
                        : throw new WeightFileException(path, $"tensor '{name}'", "two tensors have this name."));
                }
                else if (item is PickleDict inner)
                {
                    Flatten(inner, name + ".", depth + 1);
                }
            }
        }
    }

    private static PickleDict Named(string path, PickleDict dict, string root)
    {
        foreach (var part in root.Split('.'))
        {
            dict = dict.Pairs.FirstOrDefault(pair => pair.Key == part).Value as PickleDict
                ?? throw new WeightFileException(path, $"root '{root}'", $"there is no dictionary '{part}'. {Choices(dict)}");
        }

        return dict;
    }

    private static PickleDict Usual(string path, PickleDict dict)
    {
        for (var depth = 0; dict.Pairs.Count > 0 && !HasTensor(dict); depth++)
        {
            var inner = dict.Pairs.Where(pair => pair.Value is PickleDict).ToList();
            var named = UsualRoots.Select(name => inner.FirstOrDefault(pair => pair.Key == name).Value).OfType<PickleDict>().FirstOrDefault();
            var next = named ?? (inner.Count == 1 ? (PickleDict)inner[0].Value! : null);

            // The depth ends what a cycle of dictionaries would make endless.
            if (next is null || depth == MostDepth || !Reaches(next, 0, new HashSet<PickleDict>(ReferenceEqualityComparer.Instance)))
            {
                throw new WeightFileException(path, "checkpoint", $"it is not clear which dictionary holds the weights: name one as the root. {Choices(dict)}");
            }

            dict = next;
        }

        return dict;
    }

    private static bool HasTensor(PickleDict dict) => dict.Pairs.Any(pair => pair.Value is PickleTensor);

    private static bool Reaches(PickleDict dict, int depth, HashSet<PickleDict> seen) =>
        depth <= MostDepth && seen.Add(dict)
        && dict.Pairs.Any(pair => pair.Value is PickleTensor || (pair.Value is PickleDict inner && Reaches(inner, depth + 1, seen)));

    private static string Choices(PickleDict dict) =>
        $"Its dictionaries: {string.Join(", ", dict.Pairs.Where(pair => pair.Value is PickleDict).Select(pair => $"'{pair.Key}'").DefaultIfEmpty("none"))}.";
}
