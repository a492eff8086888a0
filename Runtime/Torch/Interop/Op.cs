using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// A registered operator, found at its first call and kept. Arguments after the given ones take the schema's defaults; a single
/// number is a list of one where a list is expected; an integer is a double where a double is expected.
/// </summary>
internal sealed unsafe class Op
{
    private const int Room = 8;
    private const int ScratchWords = 48;

    private readonly string _name;
    private readonly string _overload;
    private nint _handle;

    internal Op(string name, string overload = "")
    {
        _name = "aten::" + name;
        _overload = overload;
    }

    /// <summary>A function of a compiled unit, already found.</summary>
    internal Op(nint handle)
    {
        _name = _overload = "";
        _handle = handle;
    }

    /// <summary>The pointer that native code knows this operator by.</summary>
    internal nint Handle => _handle != 0 ? _handle : Find();

    private nint Find()
    {
        var found = Native.Check(Native.nt_find(_name, _overload));
        var earlier = Interlocked.CompareExchange(ref _handle, found, 0);
        if (earlier == 0) return found;
        Native.nt_free_op(found);
        return earlier;
    }

    /// <summary>Calls; the result is the one tensor that comes back.</summary>
    internal Tensor One(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return ToTensor(results[0]);
    }

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    internal Tensor Self(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        Native.nt_free((nint)results[0].Value);
        return (Tensor)args[0].Reference!;
    }

    internal (Tensor, Tensor) Two(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return (ToTensor(results[0]), ToTensor(results[1]));
    }

    internal (Tensor, Tensor, Tensor) Three(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return (ToTensor(results[0]), ToTensor(results[1]), ToTensor(results[2]));
    }

    internal Tensor[] Many(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return ToTensors(results[0]);
    }

    internal bool Bool(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return results[0].Value != 0;
    }

    /// <summary>Calls; the number that comes back: a long, a double or a bool.</summary>
    internal Scalar Number(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        Call(args, results);
        return Scalar.FromNative(results[0]);
    }

    /// <summary>Calls a function whose results are known to the caller alone.</summary>
    internal object?[] Any(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeArg[Room];
        var values = new object?[Call(args, results)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = results[i].Tag switch
            {
                Tag.Tensor => results[i].Value == 0 ? null : ToTensor(results[i]),
                Tag.TensorList => ToTensors(results[i]),
                Tag.None => null,
                _ => Scalar.FromNative(results[i]),
            };
        }
        return values;
    }

    private static Tensor ToTensor(in NativeArg result) => new((nint)result.Value);

    private static Tensor[] ToTensors(in NativeArg result)
    {
        var handles = (nint*)result.Value;
        var tensors = new Tensor[result.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(handles[i]);
        Native.nt_free_list((nint)handles);
        return tensors;
    }

    private int Call(ReadOnlySpan<Arg> args, NativeArg* results)
    {
        var native = stackalloc NativeArg[args.Length];
        var scratch = stackalloc long[ScratchWords];
        var used = 0;
        List<nint>? spilled = null;
        for (var i = 0; i < args.Length; i++)
        {
            ref readonly var arg = ref args[i];
            native[i].Tag = arg.Tag;
            native[i].Length = arg.Index;
            native[i].Value = arg.Value;
            var words = Words(arg);
            if (words == 0) continue;
            long* at;
            if (used + words <= ScratchWords)
            {
                at = scratch + used;
                used += words;
            }
            else
            {
                at = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
                (spilled ??= []).Add((nint)at);
            }
            native[i].Length = Write(arg, at, words);
            native[i].Value = (long)at;
        }
        var count = Native.nt_call(Handle, native, args.Length, results, Room);
        if (spilled is not null) foreach (var block in spilled) NativeMemory.Free((void*)block);
        for (var i = 0; i < args.Length; i++) GC.KeepAlive(args[i].Reference);
        return count < 0 ? throw Native.Failure() : count;
    }

    /// <summary>How many 8-byte words the list, string or complex number of an argument needs on the other side.</summary>
    private static int Words(in Arg arg) => arg.Tag switch
    {
        Tag.IntList => ((long[])arg.Reference!).Length,
        Tag.DoubleList => ((double[])arg.Reference!).Length,
        Tag.BoolList => (((bool[])arg.Reference!).Length + 7) / 8,
        Tag.TensorList or Tag.OptionalTensorList => ((Tensor?[])arg.Reference!).Length,
        Tag.String => (Encoding.UTF8.GetMaxByteCount(((string)arg.Reference!).Length) + 7) / 8,
        Tag.Complex => 2,
        _ => 0,
    };

    /// <summary>Writes them, and returns the number of elements.</summary>
    private static int Write(in Arg arg, long* at, int words)
    {
        switch (arg.Tag)
        {
            case Tag.IntList:
                ((long[])arg.Reference!).CopyTo(new Span<long>(at, words));
                return words;
            case Tag.DoubleList:
                ((double[])arg.Reference!).CopyTo(new Span<double>(at, words));
                return words;
            case Tag.BoolList:
                var flags = (bool[])arg.Reference!;
                flags.CopyTo(new Span<bool>(at, flags.Length));
                return flags.Length;
            case Tag.String:
                return Encoding.UTF8.GetBytes((string)arg.Reference!, new Span<byte>(at, words * sizeof(long)));
            case Tag.Complex:
                ((double*)at)[0] = arg.Complex.Real;
                ((double*)at)[1] = arg.Complex.Imaginary;
                return 2;
            default:
                var tensors = (Tensor?[])arg.Reference!;
                for (var i = 0; i < tensors.Length; i++) at[i] = tensors[i]?.Handle ?? 0;
                return words;
        }
    }
}
