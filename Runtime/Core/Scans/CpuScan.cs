using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Notochord.Scans;

/// <summary>The selective scan on the CPU, over the tensors' memory: see <see cref="ScanKernel{T}"/>.</summary>
/// <param name="window">0, or the length of the windows of the backward part.</param>
internal sealed class CpuScan(long window) : IOwnGradient
{
    // The gradients of B and C are sums over channels, which so many sums of some channels each make; not by the number of threads, which would change the last digits.
    private const int PartialSums = 8;

    /// <summary>Whether it can compute that: float32 or float64 on the CPU, and no tensor beyond what a span reaches.</summary>
    public static bool Takes(IReadOnlyList<Tensor> inputs)
    {
        var type = inputs[0].dtype;
        if (type is not (ScalarType.Float32 or ScalarType.Float64) || inputs.Any(x => !x.is_cpu()) || inputs.Take(5).Any(x => x.dtype != type)) return false;
        const long Most = int.MaxValue / sizeof(double);
        // Where many states are kept, or few channels fill a vector, that is more than the inputs.
        var kept = inputs[0].numel() * Math.Max(1, inputs[2].size(1) / 8) * 8;
        return kept < Most && inputs[3].numel() * PartialSums < Most;
    }

    /// <inheritdoc/>
    public (Tensor Result, Tensor Kept) Forward(IReadOnlyList<Tensor> inputs, bool keep) =>
        inputs[0].dtype == ScalarType.Float32 ? Forward<float>(inputs, keep) : Forward<double>(inputs, keep);

    /// <inheritdoc/>
    public Tensor[] Backward(IReadOnlyList<Tensor> inputs, Tensor kept, Tensor gradient) =>
        inputs[0].dtype == ScalarType.Float32 ? Backward<float>(inputs, kept, gradient) : Backward<double>(inputs, kept, gradient);

    /// <inheritdoc/>
    public Tensor Recorded(IReadOnlyList<Tensor> inputs) => new ChunkedScan(window).Recorded(inputs);

    private unsafe (Tensor Result, Tensor Kept) Forward<T>(IReadOnlyList<Tensor> inputs, bool keep)
        where T : unmanaged
    {
        var tensors = Contiguous(inputs);
        var sizes = Sizes<T>(tensors);
        var order = Order(inputs);
        var result = empty(sizes.Batch, sizes.Channels, sizes.Length, dtype: tensors[0].dtype);
        var kept = empty([keep ? sizes.KeptCount : 0], dtype: tensors[0].dtype);
        fixed (long* visits = order)
        {
            var kernel = new ScanKernel<T>(sizes, visits, order?.Length > sizes.Length)
            {
                U = Memory<T>(tensors[0]),
                Delta = Memory<T>(tensors[1]),
                A = Memory<T>(tensors[2]),
                B = Memory<T>(tensors[3]),
                C = Memory<T>(tensors[4]),
                Y = Memory<T>(result),
                Kept = keep ? Memory<T>(kept) : null,
            };
            Run(sizes.Batch * sizes.Blocks, sizes.Work, kernel.Forward);
        }

        foreach (var tensor in tensors) tensor.Dispose();
        return (result, kept);
    }

    private unsafe Tensor[] Backward<T>(IReadOnlyList<Tensor> inputs, Tensor kept, Tensor gradient)
        where T : unmanaged
    {
        var tensors = Contiguous([.. inputs.Take(5), gradient]);
        var sizes = Sizes<T>(tensors);
        var order = Order(inputs);
        var parts = Math.Clamp(PartialSums / (sizes.Batch * sizes.Groups), 1, sizes.BlocksOfGroup);
        var type = gradient.dtype;
        Tensor u = empty(sizes.Batch, sizes.Channels, sizes.Length, dtype: type), delta = empty(sizes.Batch, sizes.Channels, sizes.Length, dtype: type);
        using Tensor a = empty(sizes.Batch, sizes.Channels, sizes.States, dtype: type);
        using Tensor b = zeros([sizes.Batch, sizes.Groups, parts, sizes.States, sizes.Length], dtype: type);
        using Tensor c = zeros([sizes.Batch, sizes.Groups, parts, sizes.States, sizes.Length], dtype: type);
        fixed (long* visits = order)
        {
            var kernel = new ScanKernel<T>(sizes, visits, order?.Length > sizes.Length)
            {
                U = Memory<T>(tensors[0]),
                Delta = Memory<T>(tensors[1]),
                A = Memory<T>(tensors[2]),
                B = Memory<T>(tensors[3]),
                C = Memory<T>(tensors[4]),
                Y = Memory<T>(tensors[5]),
                Kept = Memory<T>(kept),
                GradU = Memory<T>(u),
                GradDelta = Memory<T>(delta),
                GradA = Memory<T>(a),
                GradB = Memory<T>(b),
                GradC = Memory<T>(c),
                Parts = parts,
            };
            Run(sizes.Batch * sizes.Groups * parts, sizes.Work, kernel.Backward);
        }

        foreach (var tensor in tensors) tensor.Dispose();
        return [u, delta, a.sum(dim: 0), Sum(b, parts), Sum(c, parts)];
    }

    private static Tensor Sum(Tensor partial, int parts) => parts == 1 ? partial.squeeze(2) : partial.sum(2);

    private static Tensor[] Contiguous(IEnumerable<Tensor> inputs) => [.. inputs.Take(6).Where(x => x.is_floating_point()).Select(x => x.contiguous())];

    private static long[]? Order(IReadOnlyList<Tensor> inputs) => inputs.Count < 6 ? null : ScanOrder.Checked(inputs[5], inputs[0].size(2));

    private ScanSizes Sizes<T>(Tensor[] inputs)
        where T : unmanaged
    {
        var (u, a, b) = (inputs[0], inputs[2], inputs[3]);
        return ScanSizes.Of<T>((int)u.size(0), (int)u.size(1), (int)u.size(2), (int)b.size(1), (int)a.size(1), (int)Math.Min(window, u.size(2)));
    }

    // Valid as long as the tensor is, which no collector moves.
    private static unsafe T* Memory<T>(Tensor tensor)
        where T : unmanaged
        => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    private static void Run(int count, long work, Action<int> item)
    {
        const long WorthThreads = 1 << 16;
        if (count == 1 || work < WorthThreads)
        {
            for (var i = 0; i < count; i++) item(i);
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, item);
        }
    }
}
