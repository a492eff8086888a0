using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of the libtorch that was built against.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.nt_version())!;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Ops.result_type_Tensor.Number(tensor1, tensor2).AsLong;

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Ops.promote_types.Number(type1, type2).AsLong;

    public static bool can_cast(ScalarType from, ScalarType to) => Ops.can_cast.Bool(from, to);

    public static long numel(Tensor input) => input.numel();

    /// <summary>A scope that owns the tensors made on this thread until it is disposed.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    public static int get_num_threads() => Native.nt_num_threads();

    public static void set_num_threads(int num) => Native.Check(Native.nt_set_num_threads(num));

    public static int get_num_interop_threads() => Native.nt_num_interop_threads();

    public static void set_num_interop_threads(int num) => Native.Check(Native.nt_set_num_interop_threads(num));

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>CUDA devices.</summary>
    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => Native.Check(Native.nt_has_cudnn()) != 0;

        public static int device_count() => Native.Check(Native.nt_cuda_count());

        public static void manual_seed(long seed) => torch.manual_seed(seed);

        public static void manual_seed_all(long seed) => torch.manual_seed(seed);

        /// <summary>Waits for all that was started on the current device.</summary>
        public static void synchronize() => Native.Check(Native.nt_cuda_synchronize(-1));
    }
}
