using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>The C ABI of native/notochord_torch.cpp. A function that returns an int is negative on failure; see <see cref="Check(int)"/>.</summary>
internal static unsafe partial class Native
{
    private const string Library = "notochord_torch";

    static Native() => Check(nt_init());

    internal static int Check(int status) => status < 0 ? throw Failure() : status;

    internal static nint Check(nint pointer) => pointer == 0 ? throw Failure() : pointer;

    /// <summary>
    /// The last error of this thread, as the exception that TorchSharp throws for it. What managed code threw inside native code (a function's
    /// backward) is thrown on from here, as it was.
    /// </summary>
    internal static ExternalException Failure()
    {
        if (nt_take_managed_error() is var managed && managed != 0)
        {
            var handle = GCHandle.FromIntPtr(managed);
            var thrown = (Exception)handle.Target!;
            handle.Free();
            ExceptionDispatchInfo.Throw(thrown);
        }

        return new ExternalException(Marshal.PtrToStringUTF8(nt_error()));
    }

    [LibraryImport(Library)] internal static partial nint nt_error();
    [LibraryImport(Library)] private static partial nint nt_take_managed_error();
    [LibraryImport(Library)] internal static partial nint nt_version();
    [LibraryImport(Library)] private static partial int nt_init();
    [LibraryImport(Library)] internal static partial long nt_live();
    [LibraryImport(Library)] internal static partial void nt_free(nint handle);
    [LibraryImport(Library)] internal static partial void nt_free_list(nint list);
    [LibraryImport(Library)] internal static partial nint nt_retain(nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nt_find(string name, string overload);
    [LibraryImport(Library)] internal static partial int nt_call(nint op, NativeArg* args, int count, NativeArg* results, int room);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nt_compile(string source);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint nt_find_in(nint unit, string name);
    [LibraryImport(Library)] internal static partial void nt_free_unit(nint unit);
    [LibraryImport(Library)] internal static partial void nt_free_op(nint op);

    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_dtype(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_device_type(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_device_index(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_dim(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_numel(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_itemsize(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long nt_storage_offset(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_is_contiguous(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_requires_grad(nint handle);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_sizes(nint handle, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_strides(nint handle, long* strides);
    [LibraryImport(Library)] internal static partial nint nt_data(nint handle);
    [LibraryImport(Library)] internal static partial int nt_is(nint handle, int property);

    [LibraryImport(Library)] internal static partial int nt_set_requires_grad(nint handle, int on);
    [LibraryImport(Library)] internal static partial int nt_grad(nint handle, nint* grad);
    [LibraryImport(Library)] internal static partial int nt_set_grad(nint handle, nint grad);
    [LibraryImport(Library)] internal static partial int nt_retain_grad(nint handle);
    [LibraryImport(Library)]
    internal static partial int nt_backward(nint* tensors, int n, nint* grads, int ngrads, int retainGraph, int createGraph, nint* inputs, int ninputs);
    [LibraryImport(Library)]
    internal static partial int nt_autograd_grad(nint* outputs, int n, nint* inputs, int ninputs, nint* grads, int ngrads, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)]
    internal static partial int nt_function(
        nint* inputs, int n, nint* outputs, int m, nint* saved, int nsaved, nint* constants, int nconstants, int materialize,
        nint state, delegate* unmanaged<nint, nint, nint*, int, nint*, nint> backward, delegate* unmanaged<nint, void> release, nint* results);
    [LibraryImport(Library)] internal static partial int nt_saved(nint context, nint* results, int room);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int nt_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void nt_set_grad_enabled(int on);

    [LibraryImport(Library)] internal static partial nint nt_generator(ulong seed);
    [LibraryImport(Library)] internal static partial nint nt_default_generator();
    [LibraryImport(Library)] internal static partial void nt_free_generator(nint generator);
    [LibraryImport(Library)] internal static partial ulong nt_generator_seed(nint generator);
    [LibraryImport(Library)] internal static partial ulong nt_generator_reseed(nint generator);
    [LibraryImport(Library)] internal static partial void nt_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int nt_generator_state(nint generator, nint* state);
    [LibraryImport(Library)] internal static partial int nt_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int nt_manual_seed(ulong seed);

    [LibraryImport(Library)] internal static partial int nt_memory_begin();
    [LibraryImport(Library)] internal static partial int nt_memory_end(long* now, long* most);
    [LibraryImport(Library)] internal static partial int nt_num_threads();
    [LibraryImport(Library)] internal static partial int nt_set_num_threads(int n);
    [LibraryImport(Library)] internal static partial int nt_num_interop_threads();
    [LibraryImport(Library)] internal static partial int nt_set_num_interop_threads(int n);
    [LibraryImport(Library)] internal static partial int nt_cuda_count();
    [LibraryImport(Library)] internal static partial int nt_has_cudnn();
    [LibraryImport(Library)] internal static partial int nt_cuda_synchronize(int device);
    [LibraryImport(Library)] internal static partial int nt_mkldnn(int set);
}
