namespace Notochord.Weights.TorchCheckpoint;

/// <summary>A checkpoint's tensor as an entry: row-major bytes out of a strided view of a storage.</summary>
internal sealed class StridedView : WeightEntry
{
    /// <summary>An expanded view may repeat its storage, but not into something larger than this and larger than the storage.</summary>
    private const long MostExpandedBytes = 1L << 30;

    private readonly TorchStorage storage;
    private readonly PickleTensor tensor;
    private readonly bool contiguous;

    public StridedView(string name, PickleTensor tensor, TorchStorage storage)
        : base(name, tensor.Type, [.. tensor.Shape])
    {
        this.storage = storage;
        this.tensor = tensor;
        contiguous = IsContiguous(tensor);
    }

    /// <summary>What is wrong with a view that a file describes, or null where it lies within its storage.</summary>
    public static string? Problem(PickleTensor tensor)
    {
        var bytes = WeightShape.Bytes(tensor.Type, tensor.Shape);
        var storageBytes = WeightShape.Bytes(tensor.Storage.Type ?? WeightType.UInt8, [tensor.Storage.Elements]);
        if (bytes is null || storageBytes is null || tensor.Offset < 0 || tensor.Strides.Any(stride => stride < 0))
        {
            return $"the size {WeightShape.Text(tensor.Shape)}, strides {WeightShape.Text(tensor.Strides)} and offset {tensor.Offset} are not those of a tensor.";
        }

        if (bytes > Math.Max(storageBytes.Value, MostExpandedBytes))
        {
            return $"the size {WeightShape.Text(tensor.Shape)} repeats a storage of {storageBytes} bytes into {bytes}.";
        }

        // 128 bits hold the sum: at most 64 products of two 63-bit numbers.
        var last = (Int128)tensor.Offset;
        for (var axis = 0; bytes > 0 && axis < tensor.Shape.Length; axis++)
        {
            last += (Int128)(tensor.Shape[axis] - 1) * tensor.Strides[axis];
        }

        return bytes > 0 && last >= storageBytes / tensor.Type.Size()
            ? $"the size {WeightShape.Text(tensor.Shape)} with strides {WeightShape.Text(tensor.Strides)} from {tensor.Offset} on reaches past its storage of {storageBytes} bytes."
            : null;
    }

    protected override void ReadChecked(long offset, Span<byte> destination)
    {
        var size = tensor.Type.Size();
        if (contiguous)
        {
            storage.Read((tensor.Offset * size) + offset, destination);
            return;
        }

        var all = storage.All();
        var first = offset / size;
        var skip = (int)(offset % size);
        for (var filled = 0; filled < destination.Length; first++, skip = 0)
        {
            var element = all.AsSpan(checked((int)(Place(first) * size)), size)[skip..];
            element = element[..Math.Min(element.Length, destination.Length - filled)];
            element.CopyTo(destination[filled..]);
            filled += element.Length;
        }
    }

    private static bool IsContiguous(PickleTensor tensor)
    {
        var expected = 1L;
        for (var axis = tensor.Shape.Length - 1; axis >= 0; axis--)
        {
            if (tensor.Shape[axis] > 1 && tensor.Strides[axis] != expected)
            {
                return false;
            }

            expected *= Math.Max(1, tensor.Shape[axis]);
        }

        return true;
    }

    /// <summary>Where in the storage the element of this row-major index is.</summary>
    private long Place(long index)
    {
        var place = tensor.Offset;
        for (var axis = tensor.Shape.Length - 1; axis >= 0; axis--)
        {
            place += index % tensor.Shape[axis] * tensor.Strides[axis];
            index /= tensor.Shape[axis];
        }

        return place;
    }
}
