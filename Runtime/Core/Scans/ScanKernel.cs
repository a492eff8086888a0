using System.Numerics;
using System.Runtime.InteropServices;

namespace Notochord.Scans;

/// <summary>
/// The recurrence itself, over plain memory: each lane of a vector is a channel, and each chunk of positions is gone through once for each state, so that any number of
/// states is as fast. Backward goes through the chunks from the last to the first, and through each forth, from the states that were kept at its start, and back.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ScanKernel<T>(ScanSizes sizes, long* order, bool isOrderOfGroup)
    where T : unmanaged
{
    // [B, D, L]; Y is the result in forward, its gradient in backward.
    public T* U { get; init; }

    public T* Delta { get; init; }

    public T* Y { get; init; }

    // [D, N]
    public T* A { get; init; }

    // [B, G, N, L]
    public T* B { get; init; }

    public T* C { get; init; }

    // [B, block, chunk, N, lane], or nothing.
    public T* Kept { get; init; }

    public T* GradU { get; init; }

    public T* GradDelta { get; init; }

    // [B, D, N]
    public T* GradA { get; init; }

    // [B, G, part, N, L]
    public T* GradB { get; init; }

    public T* GradC { get; init; }

    // Sums of some blocks of a group each.
    public int Parts { get; init; }

    /// <summary>One block of channels of one sequence.</summary>
    public void Forward(int item)
    {
        var block = new Block(item / sizes.Blocks, item % sizes.Blocks, sizes);
        var work = new Work(sizes);
        Load(A, block, sizes.States, work.A);
        Array.Clear(work.State);
        for (var chunk = 0; chunk < sizes.Chunks; chunk++)
        {
            var count = Enter(chunk, block, work);
            Array.Clear(work.Y, 0, count);
            for (var n = 0; n < sizes.States; n++)
            {
                if (Kept != null) Keep(block, chunk, n) = work.State[n];
                work.State[n] = sizes.Window > 1 ? WithLookBack(n, count, block, work) : Plain(n, count, block, work);
            }

            Store(work.Y, block, work.Positions, count, Y);
        }
    }

    /// <summary>Some blocks of one group of one sequence.</summary>
    public void Backward(int item)
    {
        var (sequence, part) = (item / Parts, item % Parts);
        var (batch, group) = (sequence / sizes.Groups, sequence % sizes.Groups);
        var work = new Work(sizes);
        var offset = (long)item * sizes.States * sizes.Length;
        for (var i = part; i < sizes.BlocksOfGroup; i += Parts) Backward(new Block(batch, (group * sizes.BlocksOfGroup) + i, sizes), work, GradB + offset, GradC + offset);
    }

    private void Backward(Block block, Work work, T* gradB, T* gradC)
    {
        Load(A, block, sizes.States, work.A);
        Array.Clear(work.State);
        Array.Clear(work.GradA);
        for (var chunk = sizes.Chunks - 1; chunk >= 0; chunk--)
        {
            var count = Enter(chunk, block, work);
            Gather(Y, block, work.Positions, count, work.Y);
            Array.Clear(work.GradGiven, 0, count);
            Array.Clear(work.GradDelta, 0, count);
            for (var n = 0; n < sizes.States; n++)
            {
                Forth(n, count, Keep(block, chunk, n), block, work);
                if (sizes.Window > 1) LookBack(n, count, block, work);
                Back(n, count, block, work, gradB + ((long)n * sizes.Length), gradC + ((long)n * sizes.Length));
            }

            // given = delta u
            for (var t = 0; t < count; t++)
            {
                work.GradDelta[t] += work.GradGiven[t] * work.U[t];
                work.GradGiven[t] *= work.Delta[t];
            }

            Store(work.GradDelta, block, work.Positions, count, GradDelta);
            Store(work.GradGiven, block, work.Positions, count, GradU);
        }

        var target = GradA + ((((long)block.Batch * sizes.Channels) + block.Channel) * sizes.States);
        for (var n = 0; n < sizes.States; n++)
        {
            for (var lane = 0; lane < block.Count; lane++) target[(lane * sizes.States) + n] = work.GradA[n][lane];
        }
    }

    // The last state.
    private Vector<T> Plain(int n, int count, Block block, Work work)
    {
        var (a, h) = (work.A[n], work.State[n]);
        T* b = Row(B, block, n), c = Row(C, block, n);
        var (positions, delta, given, y) = (work.Positions, work.Delta, work.Given, work.Y);
        for (var t = 0; t < count; t++)
        {
            h = (Exp(delta[t] * a) * h) + (given[t] * b[positions[t]]);
            y[t] += h * c[positions[t]];
        }

        return h;
    }

    private Vector<T> WithLookBack(int n, int count, Block block, Work work)
    {
        var last = Forth(n, count, work.State[n], block, work);
        T* b = Row(B, block, n), c = Row(C, block, n);
        // What is given after t in its window: r_t = decay_t after_t.
        var after = Vector<T>.Zero;
        for (var t = count - 1; t >= 0; t--)
        {
            if (IsLast(t)) after = Vector<T>.Zero;
            var r = work.Decay[t] * after;
            work.Y[t] += (work.States[t + 1] + r) * c[work.Positions[t]];
            after = r + (work.Given[t] * b[work.Positions[t]]);
        }

        return last;
    }

    // Decays and states of a chunk, the state before it first; the last state.
    private Vector<T> Forth(int n, int count, Vector<T> state, Block block, Work work)
    {
        var a = work.A[n];
        var b = Row(B, block, n);
        work.States[0] = state;
        for (var t = 0; t < count; t++)
        {
            work.Decay[t] = Exp(work.Delta[t] * a);
            state = (work.Decay[t] * state) + (work.Given[t] * b[work.Positions[t]]);
            work.States[t + 1] = state;
        }

        return state;
    }

    // After[t] = r_(t+1) + what is given at t + 1, and Before[t], what the gradient of r at earlier positions gives to that.
    private void LookBack(int n, int count, Block block, Work work)
    {
        T* b = Row(B, block, n), c = Row(C, block, n);
        var after = Vector<T>.Zero;
        for (var t = count - 1; t >= 0; t--)
        {
            if (IsLast(t)) after = Vector<T>.Zero;
            work.After[t] = after;
            after = (work.Decay[t] * after) + (work.Given[t] * b[work.Positions[t]]);
        }

        var before = Vector<T>.Zero;
        for (var t = 0; t < count; t++)
        {
            if (t % sizes.Window == 0) before = Vector<T>.Zero;
            work.Before[t] = before;
            before = work.Decay[t] * (before + (work.Y[t] * c[work.Positions[t]]));
        }
    }

    private void Back(int n, int count, Block block, Work work, T* gradB, T* gradC)
    {
        var (a, next, sum) = (work.A[n], work.State[n], Vector<T>.Zero);
        T* b = Row(B, block, n), c = Row(C, block, n);
        var looksBack = sizes.Window > 1;
        for (var t = count - 1; t >= 0; t--)
        {
            var position = work.Positions[t];
            var (decay, delta, dy) = (work.Decay[t], work.Delta[t], work.Y[t]);
            var seen = work.States[t + 1];
            var toState = (dy * c[position]) + next;
            var (toGiven, toDecay) = (toState, toState * work.States[t]);
            if (looksBack)
            {
                var (after, before) = (work.After[t], work.Before[t]);
                seen += decay * after;
                toGiven += before;
                toDecay += after * (before + (dy * c[position]));
            }

            gradC[position] = Add(gradC[position], Vector.Sum(dy * seen));
            gradB[position] = Add(gradB[position], Vector.Sum(toGiven * work.Given[t]));
            work.GradGiven[t] += toGiven * b[position];
            // decay = exp(delta a)
            var toExponent = toDecay * decay;
            sum += toExponent * delta;
            work.GradDelta[t] += toExponent * a;
            next = decay * toState;
        }

        work.State[n] = next;
        work.GradA[n] += sum;
    }

    // At the end of the sequence, nothing comes after anyway.
    private bool IsLast(int t) => (t + 1) % sizes.Window == 0;

    // Positions, steps and inputs of a chunk; how many positions it has.
    private int Enter(int chunk, Block block, Work work)
    {
        var from = chunk * sizes.Chunk;
        var count = Math.Min(sizes.Chunk, sizes.Length - from);
        var visits = order + (isOrderOfGroup ? (long)block.Group * sizes.Length : 0) + from;
        for (var t = 0; t < count; t++) work.Positions[t] = order == null ? from + t : (int)visits[t];
        Gather(Delta, block, work.Positions, count, work.Delta);
        Gather(U, block, work.Positions, count, work.U);
        for (var t = 0; t < count; t++) work.Given[t] = work.Delta[t] * work.U[t];
        return count;
    }

    private T* Row(T* projection, Block block, int n) => projection + ((((((long)block.Batch * sizes.Groups) + block.Group) * sizes.States) + n) * sizes.Length);

    private ref Vector<T> Keep(Block block, int chunk, int n)
        => ref ((Vector<T>*)Kept)[(((((long)block.Batch * sizes.Blocks) + block.Index) * sizes.Chunks) + chunk) * sizes.States + n];

    // Lanes without a channel hold 0, and stay at it.
    private void Load(T* source, Block block, int count, Vector<T>[] target)
    {
        Array.Clear(target);
        var lanes = MemoryMarshal.Cast<Vector<T>, T>(target.AsSpan());
        for (var lane = 0; lane < block.Count; lane++)
        {
            var row = source + ((long)(block.Channel + lane) * count);
            for (var i = 0; i < count; i++) lanes[(i * sizes.Lanes) + lane] = row[i];
        }
    }

    private void Gather(T* source, Block block, int[] positions, int count, Vector<T>[] target)
    {
        if (block.Count < sizes.Lanes) Array.Clear(target, 0, count);
        var lanes = MemoryMarshal.Cast<Vector<T>, T>(target.AsSpan());
        for (var lane = 0; lane < block.Count; lane++)
        {
            var row = source + ((((long)block.Batch * sizes.Channels) + block.Channel + lane) * sizes.Length);
            for (var t = 0; t < count; t++) lanes[(t * sizes.Lanes) + lane] = row[positions[t]];
        }
    }

    private void Store(Vector<T>[] source, Block block, int[] positions, int count, T* target)
    {
        var lanes = MemoryMarshal.Cast<Vector<T>, T>(source.AsSpan());
        for (var lane = 0; lane < block.Count; lane++)
        {
            var row = target + ((((long)block.Batch * sizes.Channels) + block.Channel + lane) * sizes.Length);
            for (var t = 0; t < count; t++) row[positions[t]] = lanes[(t * sizes.Lanes) + lane];
        }
    }

    private static Vector<T> Exp(Vector<T> x) => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.Exp(Vector.As<T, float>(x)))
        : Vector.As<double, T>(Vector.Exp(Vector.As<T, double>(x)));

    private static T Add(T a, T b) => typeof(T) == typeof(float)
        ? (T)(object)((float)(object)a + (float)(object)b)
        : (T)(object)((double)(object)a + (double)(object)b);

    /// <summary>Channels that share a group and a vector.</summary>
    private readonly struct Block(int batch, int index, ScanSizes sizes)
    {
        public int Batch { get; } = batch;

        public int Index { get; } = index;

        public int Group { get; } = index / sizes.BlocksOfGroup;

        /// <summary>The first channel.</summary>
        public int Channel { get; } = (index / sizes.BlocksOfGroup * sizes.ChannelsOfGroup) + (index % sizes.BlocksOfGroup * sizes.Lanes);

        /// <summary>Channels.</summary>
        public int Count { get; } = Math.Min(sizes.Lanes, sizes.ChannelsOfGroup - (index % sizes.BlocksOfGroup * sizes.Lanes));
    }

    /// <summary>What one worker needs at a time: of a block its matrix and states, of a chunk its positions.</summary>
    private sealed class Work(ScanSizes sizes)
    {
        public Vector<T>[] A { get; } = new Vector<T>[sizes.States];

        /// <summary>In forward the state, in backward the gradient that it gets from later positions.</summary>
        public Vector<T>[] State { get; } = new Vector<T>[sizes.States];

        public Vector<T>[] GradA { get; } = new Vector<T>[sizes.States];

        public int[] Positions { get; } = new int[sizes.Chunk];

        public Vector<T>[] Delta { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] U { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] Given { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] Y { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] Decay { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] States { get; } = new Vector<T>[sizes.Chunk + 1];

        public Vector<T>[] After { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] Before { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] GradGiven { get; } = new Vector<T>[sizes.Chunk];

        public Vector<T>[] GradDelta { get; } = new Vector<T>[sizes.Chunk];
    }
}
