using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.nt_manual_seed(unchecked((ulong)seed)));
        return Generator.Default;
    }

    public static long seed() => Generator.Default.seed();

    public static long initial_seed() => Generator.Default.initial_seed();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>The default generator.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private static readonly Lazy<Generator> s_default = new(() => new Generator(Native.nt_default_generator()));

        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is not null && device.type != DeviceType.CPU)
                throw new NotSupportedException($"A generator is made on the CPU; '{device}' was asked for. Seed CUDA with torch.manual_seed.");
            _handle = Native.nt_generator(seed);
        }

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        public static Generator Default => s_default.Value;

        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            Native.nt_generator_set_seed(Handle, unchecked((ulong)seed));
            return this;
        }

        /// <summary>Takes a seed from the system, and returns it.</summary>
        public long seed() => unchecked((long)Native.nt_generator_reseed(Handle));

        public long initial_seed() => unchecked((long)Native.nt_generator_seed(Handle));

        public unsafe Tensor get_state()
        {
            nint state;
            Native.Check(Native.nt_generator_state(Handle, &state));
            return new Tensor(state);
        }

        public void set_state(Tensor value) => Native.Check(Native.nt_generator_set_state(Handle, value.Handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) Native.nt_free_generator(handle);
        }
    }
}
