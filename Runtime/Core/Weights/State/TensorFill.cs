using static TorchSharp.torch;

namespace Notochord.Weights;

/// <summary>Copies a stored tensor into one of a model, in parts of bounded size.</summary>
internal static class TensorFill
{
    private const long PartBytes = 64L << 20;

    /// <summary>Fills <paramref name="target"/>, which has the entry's shape, whatever its type, device and layout.</summary>
    public static void Fill(Tensor target, WeightEntry entry, string filePath)
    {
        if (entry.ByteLength == 0)
        {
            return;
        }

        using var guard = no_grad();
        using var contiguous = target.is_contiguous() ? target.alias() : target.contiguous();
        using var flat = contiguous.reshape(-1);
        var type = StoredType.Of(entry.Type);
        var direct = type.Widen is null && type.Torch == target.dtype && target.device_type == TorchSharp.DeviceType.CPU;
        var elements = flat.size(0);
        var most = PartBytes / entry.Type.Size();
        for (var start = 0L; start < elements; start += most)
        {
            using var part = flat.narrow(0, start, Math.Min(most, elements - start));
            if (direct)
            {
                entry.Read(start * entry.Type.Size(), part.bytes);
                continue;
            }

            using var staged = Staged(entry, type, start, part.size(0), filePath);
            InPlace.Done(part, part.copy_(staged));
        }

        if (!target.is_contiguous())
        {
            InPlace.Done(target, target.copy_(contiguous));
        }
    }

    private static Tensor Staged(WeightEntry entry, StoredType type, long start, long count, string filePath)
    {
        var size = entry.Type.Size();
        var staged = empty([count], dtype: type.Torch, device: CPU);
        if (type.Widen is null)
        {
            entry.Read(start * size, staged.bytes);
            return staged;
        }

        var stored = new byte[count * size];
        entry.Read(start * size, stored);
        try
        {
            type.Widen(stored, staged.bytes);
            return staged;
        }
        catch (OverflowException problem)
        {
            staged.Dispose();
            throw new WeightFileException(filePath, $"tensor '{entry.Name}'", "it holds a number of 2^63 or more, which no torch type of this version can.", problem);
        }
    }
}
