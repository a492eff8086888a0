using Notochord.Dsl.Ir;
using Notochord.Dsl.Primitives;
using TorchSharp;
using static TorchSharp.torch;

namespace Notochord.Execution.Kernels;

/// <summary>What a primitive computes. Results are new handles; what else it makes, the runner's scope releases.</summary>
internal delegate Tensor[] Kernel(KernelCall call);

/// <summary>One call of a primitive with values: tensors and numbers.</summary>
internal sealed class KernelCall(Primitive primitive, IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, long> axes, nn.Module owner)
{
    /// <summary>Whether the module trains.</summary>
    public bool Training => owner.training;

    /// <summary>The module.</summary>
    public nn.Module Owner => owner;

    /// <summary>Sizes given to axes by name.</summary>
    public IReadOnlyDictionary<string, long> Axes => axes;

    public Tensor Tensor(string name) => (Tensor)this[name]!;

    public Tensor? Optional(string name) => (Tensor?)this[name];

    public Tensor[] Tensors(string name) => (Tensor[])this[name]!;

    public long Int(string name) => (long)this[name]!;

    public long[] Ints(string name) => (long[])this[name]!;

    /// <summary>Two integers; one stands for both.</summary>
    public long[] Ints(string name, int count) => Ints(name) is { Length: 1 } one ? [.. Enumerable.Repeat(one[0], count)] : Ints(name);

    public double Double(string name) => (double)this[name]!;

    public double[] Doubles(string name) => (double[])this[name]!;

    public bool Flag(string name) => (bool)this[name]!;

    public string Text(string name) => (string)this[name]!;

    public bool IsNumber(string name) => this[name] is not torch.Tensor;

    /// <summary>A tensor-or-number argument as a tensor: a number becomes a scalar that does not change the type of <paramref name="other"/>
    /// unless it is a fraction and that holds integers.</summary>
    public Tensor Operand(string name, Tensor other) => this[name] switch
    {
        torch.Tensor t => t,
        long i => tensor(i, other.is_floating_point() ? other.dtype : ScalarType.Int64, other.device),
        double d => tensor(d, other.is_floating_point() ? other.dtype : ScalarType.Float32, other.device),
        var v => throw new InvalidOperationException($"{primitive}: '{name}' is {v}."),
    };

    private object? this[string name]
    {
        get
        {
            for (var i = 0; i < primitive.Parameters.Count; i++)
            {
                if (primitive.Parameters[i].Name == name) return arguments[i];
            }

            throw new InvalidOperationException($"{primitive} has no parameter '{name}'.");
        }
    }

    /// <summary>A static argument as .NET sees it: long, double, bool, string, or an array.</summary>
    public static object? Value(Value? value, OperandType type, Func<string, long> symbols) => (value, type) switch
    {
        (null or NoneValue, _) => null,
        (IntValue i, OperandType.Ints) => new[] { i.Dim.Evaluate(symbols) },
        (ListValue l, OperandType.Ints) => l.Items.Select(v => ((IntValue)v).Dim.Evaluate(symbols)).ToArray(),
        (ListValue l, OperandType.Doubles) => l.Items.Select(v => Number(v, symbols)).ToArray(),
        (_, OperandType.Doubles) => new[] { Number(value, symbols) },
        (_, OperandType.Double) => Number(value, symbols),
        (IntValue i, _) => i.Dim.Evaluate(symbols),
        (DoubleValue d, _) => d.Number,
        (BoolValue b, _) => b.Flag,
        (StringValue s, _) => s.Text,
        _ => throw new InvalidOperationException($"{value} is no argument of type {type}."),
    };

    private static double Number(Value value, Func<string, long> symbols) => value is IntValue i ? i.Dim.Evaluate(symbols) : ((DoubleValue)value).Number;
}
