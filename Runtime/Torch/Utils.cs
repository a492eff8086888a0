using System.Collections;
using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in order, as .NET numbers.</summary>
public class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _contiguous;
    private readonly bool _copied;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (!tensor.is_cpu()) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _copied = !tensor.is_contiguous();
        _contiguous = _copied ? tensor.contiguous() : tensor;
    }

    public long Count => _contiguous.numel();

    public bool IsReadOnly => false;

    private Span<T> Elements => MemoryMarshal.Cast<byte, T>(_contiguous.bytes);

    /// <summary>One element; a write to a tensor that is not contiguous is an error, since it would go to a copy.</summary>
    public T this[params long[] indices]
    {
        get => Elements[Offset(indices)];
        set
        {
            if (_copied) throw new InvalidOperationException("The tensor is not contiguous; write to a contiguous one.");
            Elements[Offset(indices)] = value;
        }
    }

    public T[] ToArray() => Elements.ToArray();

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => Elements[(int)tensorIndex..].CopyTo(array.AsSpan(arrayIndex));

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (_copied) throw new InvalidOperationException("The tensor is not contiguous; write to a contiguous one.");
        var target = Elements[(int)tensorIndex..];
        array.AsSpan(arrayIndex, Math.Min(array.Length - arrayIndex, target.Length)).CopyTo(target);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return Elements[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (_copied) _contiguous.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Offset(long[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var shape = _contiguous.shape;
        if (indices.Length == 1 && shape.Length != 1) return (int)indices[0];
        if (indices.Length != shape.Length) throw new ArgumentException($"{indices.Length} indices for a tensor with {shape.Length} dimensions");
        long offset = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i]) throw new ArgumentOutOfRangeException(nameof(indices), $"index {indices[i]} of dimension {i}, whose size is {shape[i]}");
            offset = offset * shape[i] + indices[i];
        }
        return (int)offset;
    }
}
