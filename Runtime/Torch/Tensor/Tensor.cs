using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor: one reference to a libtorch tensor, given up by <see cref="Dispose"/>, by the <see cref="DisposeScope"/> that it
    /// was made in, or at last by the garbage collector.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle != 0 ? handle : throw new InvalidOperationException("The operator gave an undefined tensor.");
            var total = Interlocked.Increment(ref s_total);
            for (var peak = s_peak; total > peak; peak = s_peak)
            {
                if (Interlocked.CompareExchange(ref s_peak, total, peak) == peak) break;
            }
            DisposeScopeManager.Register(this);
        }

        ~Tensor() => Free();

        /// <summary>How many <see cref="Tensor"/> objects are alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        /// <summary>The most that ever were.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peak);

        /// <summary>The native tensor; an error once disposed.</summary>
        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- it has been disposed.");

        /// <summary>Whether the tensor has been disposed.</summary>
        public bool IsInvalid => _handle == 0;

        internal DisposeScope? Scope { get; set; }

        /// <summary>A tensor object for a native handle, whose reference it takes over.</summary>
        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Gives up the native handle; the caller owns it from here.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var handle = Handle;
            Forget();
            return handle;
        }

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
            var scope = Scope;
            Scope = null;
            scope?.Forget(this);
        }

        /// <summary>Disposes without telling the scope, which is emptying itself.</summary>
        internal void DisposeFromScope()
        {
            Scope = null;
            Free();
            GC.SuppressFinalize(this);
        }

        /// <summary>Makes this object stand for another native tensor: what a module's <c>to</c> does to its parameters.</summary>
        internal void TakeOver(Tensor other)
        {
            var taken = other.DecoupleFromNativeHandle();
            var old = Interlocked.Exchange(ref _handle, taken);
            if (old != 0) Native.nt_free(old);
        }

        private void Forget()
        {
            _handle = 0;
            Interlocked.Decrement(ref s_total);
            GC.SuppressFinalize(this);
            Scope?.Forget(this);
            Scope = null;
        }

        private void Free()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Interlocked.Decrement(ref s_total);
            Native.nt_free(handle);
        }

        /// <summary>Moves this tensor to the scope around the one that owns it.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes this tensor out of the scope that owns it: it lives until it is disposed.</summary>
        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public long Dimensions => ndim;
        public long ndim => Keep(Native.nt_dim(Handle));
        public long dim() => ndim;
        public long NumberOfElements => numel();
        public long numel() => Keep(Native.nt_numel(Handle));
        public long ElementSize => element_size();
        public long element_size() => Keep(Native.nt_itemsize(Handle));
        public long storage_offset() => Keep(Native.nt_storage_offset(Handle));
        public ScalarType dtype => (ScalarType)Keep(Native.nt_dtype(Handle));
        public DeviceType device_type => (DeviceType)Keep(Native.nt_device_type(Handle));
        public int device_index => Keep(Native.nt_device_index(Handle));
        public Device device => new(device_type, device_index);
        public bool is_contiguous() => Keep(Native.nt_is_contiguous(Handle)) != 0;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_leaf => Is(Property.Leaf);
        public bool is_sparse => Is(Property.Sparse);
        public bool is_conj() => Is(Property.Conjugate);
        public bool is_neg() => Is(Property.Negative);
        public bool is_pinned() => Is(Property.Pinned);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>The sizes, outermost first.</summary>
        public long[] shape => size();

        public unsafe long[] size()
        {
            var sizes = new long[ndim];
            fixed (long* p = sizes) Native.nt_sizes(Handle, p);
            GC.KeepAlive(this);
            return sizes;
        }

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* p = strides) Native.nt_strides(Handle, p);
            GC.KeepAlive(this);
            return strides;
        }

        public long size(int dim) => size()[Axis(dim)];
        public long stride(int dim) => stride()[Axis(dim)];

        /// <summary>The memory of a contiguous tensor on the CPU, without a copy. Valid while the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_cpu()) throw new NotSupportedException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                if (!is_contiguous()) throw new NotImplementedException("Bytes are defined for contiguous tensors; call contiguous() first.");
                return new Span<byte>((void*)DataPointer, checked((int)(numel() * element_size())));
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"Mismatched data sizes: the tensor has {target.Length} bytes, {value.Length} were given.");
                value.CopyTo(target);
            }
        }

        internal nint DataPointer => numel() == 0 ? 0 : Keep(Native.Check(Native.nt_data(Handle)));

        public override string ToString() => IsInvalid
            ? "(disposed)"
            : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether both have the same shape and the same elements.</summary>
        public bool Equals(Tensor? target) => target is not null && (ReferenceEquals(this, target) || Ops.equal.Bool(this, target));

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        private int Axis(int dim)
        {
            var rank = (int)ndim;
            return dim >= -rank && dim < rank
                ? dim < 0 ? dim + rank : dim
                : throw new ArgumentOutOfRangeException(nameof(dim), $"dimension {dim} of a tensor with {rank} dimensions");
        }

        private bool Is(Property property) => Keep(Native.Check(Native.nt_is(Handle, (int)property))) != 0;

        /// <summary>Passes a value that native code read from this tensor, which must not be collected meanwhile.</summary>
        private T Keep<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }

        /// <summary>Mirrors enum Property of the native part.</summary>
        private enum Property { Leaf, Sparse, Conjugate, Negative, Pinned }
    }
}
