using System.Buffers.Binary;
using System.Text;

namespace Notochord.Weights.TorchCheckpoint;

/// <summary>Reads a pickle (protocols 2 to 5) as data: an allow-list of opcodes over a stack of plain values; nothing is executed.</summary>
/// <remarks>Every step consumes input and makes at most one value, so time and memory are bounded by the file's size.</remarks>
internal ref struct PickleReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly object Mark = new();

    private readonly string path;
    private readonly ReadOnlySpan<byte> bytes;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int position;
    private int opcodeAt;

    private PickleReader(string path, ReadOnlySpan<byte> bytes)
    {
        this.path = path;
        this.bytes = bytes;
    }

    /// <summary>The value that the pickle describes.</summary>
    /// <exception cref="WeightFileException">It is damaged, or holds something that is not a tensor or a plain value.</exception>
    public static object? Read(string path, ReadOnlySpan<byte> bytes) => new PickleReader(path, bytes).Run();

    private object? Run()
    {
        while (true)
        {
            opcodeAt = position;
            var opcode = (PickleOpcode)Byte();
            if (opcode == PickleOpcode.Stop)
            {
                return Pop();
            }

            Step(opcode);
        }
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                Protocol();
                break;
            case PickleOpcode.Frame:
                Take(8);
                break;

            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue:
                Push(true);
                break;
            case PickleOpcode.NewFalse:
                Push(false);
                break;
            case PickleOpcode.BinInt:
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BinInt1:
                Push((long)Byte());
                break;
            case PickleOpcode.BinInt2:
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.Long1:
                Push(Long(Take(Byte())));
                break;
            case PickleOpcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case PickleOpcode.BinUnicode:
                Push(Text(Take(UInt32())));
                break;
            case PickleOpcode.ShortBinUnicode:
                Push(Text(Take(Byte())));
                break;
            case PickleOpcode.BinUnicode8:
                Push(Text(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))));
                break;
            case PickleOpcode.BinString:
                Push(Encoding.Latin1.GetString(Take(UInt32())));
                break;
            case PickleOpcode.ShortBinString:
                Push(Encoding.Latin1.GetString(Take(Byte())));
                break;
            case PickleOpcode.BinBytes:
                Push(new PickleOpaque($"{Take(UInt32()).Length} bytes"));
                break;
            case PickleOpcode.ShortBinBytes:
                Push(new PickleOpaque($"{Take(Byte()).Length} bytes"));
                break;
            case PickleOpcode.BinBytes8:
                Push(new PickleOpaque($"{Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))).Length} bytes"));
                break;

            case PickleOpcode.Mark:
                marks.Add(stack.Count);
                stack.Add(Mark);
                break;
            case PickleOpcode.Pop:
                Discard();
                break;
            case PickleOpcode.PopMark:
                PopToMark();
                break;
            case PickleOpcode.Dup:
                Push(Peek());
                break;
            case PickleOpcode.EmptyTuple:
                Push(new PickleTuple([]));
                break;
            case PickleOpcode.Tuple1:
                PushTuple(1);
                break;
            case PickleOpcode.Tuple2:
                PushTuple(2);
                break;
            case PickleOpcode.Tuple3:
                PushTuple(3);
                break;
            case PickleOpcode.Tuple:
                Push(new PickleTuple(PopToMark()));
                break;
            case PickleOpcode.EmptyList:
                Push(new List<object?>());
                break;
            case PickleOpcode.Append:
                var item = Pop();
                Top<List<object?>>("a list").Add(item);
                break;
            case PickleOpcode.Appends:
                var items = PopToMark();
                Top<List<object?>>("a list").AddRange(items);
                break;
            case PickleOpcode.EmptyDict:
                Push(new PickleDict());
                break;
            case PickleOpcode.SetItem:
                var value = Pop();
                SetItems([Pop(), value]);
                break;
            case PickleOpcode.SetItems:
                SetItems(PopToMark());
                break;

            case PickleOpcode.BinPut:
                memo[Byte()] = Peek();
                break;
            case PickleOpcode.LongBinPut:
                memo[UInt32()] = Peek();
                break;
            case PickleOpcode.Memoize:
                memo[(uint)memo.Count] = Peek();
                break;
            case PickleOpcode.BinGet:
                Push(Memo(Byte()));
                break;
            case PickleOpcode.LongBinGet:
                Push(Memo(UInt32()));
                break;

            case PickleOpcode.Global:
                var module = Text(Line());
                Push(Global(module, Text(Line())));
                break;
            case PickleOpcode.StackGlobal:
                var name = Pop() as string ?? throw Error("a global's name is not a string.");
                Push(Global(Pop() as string ?? throw Error("a global's module is not a string."), name));
                break;
            case PickleOpcode.BinPersId:
                Push(PickleGlobals.Storage(Pop()) ?? throw Error("a persistent id is not that of a storage of a known type."));
                break;
            case PickleOpcode.Reduce:
                Reduce();
                break;
            case PickleOpcode.Build:
                // The state of a dict holds what torch notes beside the tensors (`_metadata`): no tensor depends on it.
                Pop();
                Top<PickleDict>("a dict");
                break;

            default:
                throw Error($"the opcode 0x{(byte)opcode:x2} is not one that a checkpoint of tensors needs.");
        }
    }

    private void Protocol()
    {
        var protocol = Byte();
        if (protocol is < 2 or > 5)
        {
            throw Error($"expected pickle protocol 2 to 5, found {protocol}.");
        }
    }

    private readonly PickleGlobal Global(string module, string name)
    {
        var global = new PickleGlobal(module, name, opcodeAt);
        return PickleGlobals.IsAllowed(global)
            ? global
            : throw Error($"it refers to {global}, which is not a tensor or a plain value. Save the state dict alone: torch.save(model.state_dict(), path).");
    }

    private void Reduce()
    {
        var arguments = Pop() as PickleTuple ?? throw Error("the arguments of a call are not a tuple.");
        var global = Pop() as PickleGlobal ?? throw Error("what is called is not a global.");
        Push(PickleGlobals.Build(global, arguments.Items, out var problem) ?? throw Error($"{global}: {problem}"));
    }

    private readonly void SetItems(ReadOnlySpan<object?> items)
    {
        if (items.Length % 2 != 0)
        {
            throw Error("a key has no value.");
        }

        var dict = Top<PickleDict>("a dict");
        for (var i = 0; i < items.Length; i += 2)
        {
            // Optimizers number their parameters; their keys are read so that the weights beside them can be.
            var key = items[i] switch
            {
                string text => text,
                long number => number.ToString(),
                _ => throw Error("a dict's key is neither text nor a whole number."),
            };
            dict.Set(key, items[i + 1]);
        }
    }

    private void PushTuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        Push(new PickleTuple(items));
    }

    private readonly object? Memo(uint key) => memo.TryGetValue(key, out var value) ? value : throw Error($"nothing was memorized as {key}.");

    private readonly void Push(object? value) => stack.Add(value);

    private readonly object? Peek() =>
        stack.Count > 0 && stack[^1] != Mark ? stack[^1] : throw Error("a value is expected, and there is none.");

    private readonly T Top<T>(string what)
        where T : class =>
        Peek() as T ?? throw Error($"expected {what}, found something else.");

    private readonly object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private readonly void Discard()
    {
        if (stack.Count > 0 && stack[^1] == Mark)
        {
            marks.RemoveAt(marks.Count - 1);
            stack.RemoveAt(stack.Count - 1);
            return;
        }

        Pop();
    }

    private readonly object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw Error("a mark is expected, and there is none.");
        }

        var mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        var items = stack.GetRange(mark + 1, stack.Count - mark - 1).ToArray();
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    private byte Byte() => Take(1)[0];

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private readonly object Long(ReadOnlySpan<byte> digits)
    {
        // Longer numbers occur as seeds and the like; no size of a tensor is one.
        if (digits.Length > 8)
        {
            return new PickleOpaque("a whole number of more than 64 bits");
        }

        Span<byte> extended = stackalloc byte[8];
        extended.Fill(digits.IsEmpty || digits[^1] < 0x80 ? (byte)0 : (byte)0xff);
        digits.CopyTo(extended);
        return BinaryPrimitives.ReadInt64LittleEndian(extended);
    }

    private ReadOnlySpan<byte> Line()
    {
        var length = bytes[position..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Error("a name does not end.");
        }

        var line = Take((ulong)length);
        position++;
        return line;
    }

    private readonly string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException problem)
        {
            throw Error("a text is not UTF-8.", problem);
        }
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - position))
        {
            throw Error($"it needs {count} more bytes at byte {position}, and has {bytes.Length - position}: it is truncated.");
        }

        var taken = bytes.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }

    private readonly WeightFileException Error(string problem, Exception? inner = null) =>
        new(path, $"pickle, byte {opcodeAt}", problem, inner);
}
