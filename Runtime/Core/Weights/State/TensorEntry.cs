using static TorchSharp.torch;

namespace Notochord.Weights;

/// <summary>A tensor of a model, to be written.</summary>
internal sealed class TensorEntry : WeightEntry, IDisposable
{
    private readonly Tensor tensor;
    private Tensor? flat;

    public TensorEntry(string name, WeightType type, Tensor tensor)
        : base(name, type, [.. tensor.shape])
    {
        this.tensor = tensor;
    }

    public void Dispose()
    {
        flat?.Dispose();
        flat = null;
    }

    protected override void ReadChecked(long offset, Span<byte> destination)
    {
        flat ??= Flat();
        var size = Type.Size();
        var first = offset / size;
        var last = (offset + destination.Length - 1) / size;
        using (var part = flat.narrow(0, first, last - first + 1))
        {
            part.bytes.Slice((int)(offset - (first * size)), destination.Length).CopyTo(destination);
        }

        // A writer reads to the end once: a copy of a tensor on another device is not kept longer.
        if (offset + destination.Length == ByteLength)
        {
            Dispose();
        }
    }

    private Tensor Flat()
    {
        using var guard = no_grad();
        using var here = tensor.to(CPU);
        using var contiguous = here.contiguous();
        return contiguous.reshape(-1);
    }
}
