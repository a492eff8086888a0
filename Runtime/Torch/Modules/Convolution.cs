using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What convolutions of 1, 2 and 3 axes, forward and transposed, share.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long[] _dilation;
    private readonly long[] _outputPadding;
    private readonly long _groups;
    private readonly Padding? _paddingType;
    private readonly PaddingModes _paddingMode;
    private readonly bool _transposed;
    private readonly int _axes;
    private Parameter _weight;
    private Parameter? _bias;

    private protected Convolution(string name, Geometry g) : base(name)
    {
        if (g.In % g.Groups != 0 || g.Out % g.Groups != 0)
            throw new ArgumentException($"{name}: {g.In} input and {g.Out} output channels must both divide by {g.Groups} groups.");
        _axes = g.Kernel.Length;
        _stride = g.Stride;
        _padding = g.Padding;
        _dilation = g.Dilation;
        _outputPadding = g.OutputPadding ?? new long[_axes];
        _groups = g.Groups;
        _paddingType = g.PaddingType;
        _paddingMode = g.Mode;
        _transposed = g.OutputPadding is not null;
        long[] shape = _transposed ? [g.In, g.Out / g.Groups, .. g.Kernel] : [g.Out, g.In / g.Groups, .. g.Kernel];
        _weight = new Parameter(empty(shape, g.DType, g.Device));
        register_parameter("weight", _weight);
        nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (!g.Bias) return;
        _bias = new Parameter(empty([g.Out], g.DType, g.Device));
        register_parameter("bias", _bias);
        var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(_weight).Item1);
        nn.init.uniform_(_bias, -bound, bound);
    }

    public Parameter weight
    {
        get => _weight;
        set => ConditionallyRegisterParameter("weight", _weight = value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => ConditionallyRegisterParameter("bias", _bias = value);
    }

    private protected Tensor Run(Tensor input)
    {
        if (_transposed) return Transposed(input);
        if (_paddingMode is PaddingModes.Zeros or PaddingModes.Constant)
            return _paddingType is { } type ? Named(input, type == Padding.Same ? "same" : "valid") : Plain(input, _padding);
        using var padded = nn.functional.pad(input, Border(), _paddingMode);
        return Plain(padded, new long[_axes]);
    }

    private Tensor Plain(Tensor input, long[] padding) => (_axes switch { 1 => Ops.conv1d, 2 => Ops.conv2d, _ => Ops.conv3d })
        .One(input, _weight, _bias, _stride, padding, _dilation, _groups);

    private Tensor Named(Tensor input, string padding) => (_axes switch { 1 => Ops.conv1d_padding, 2 => Ops.conv2d_padding, _ => Ops.conv3d_padding })
        .One(input, _weight, _bias, _stride, padding, _dilation, _groups);

    private Tensor Transposed(Tensor input) => (_axes switch { 1 => Ops.conv_transpose1d, 2 => Ops.conv_transpose2d_input, _ => Ops.conv_transpose3d_input })
        .One(input, _weight, _bias, _stride, _padding, _outputPadding, _groups, _dilation);

    /// <summary>Amounts of padding from the last axis to the first, before and after.</summary>
    private long[] Border()
    {
        var border = new long[2 * _axes];
        for (var axis = 0; axis < _axes; axis++)
        {
            var total = _paddingType switch
            {
                Padding.Same => _dilation[axis] * (_weight.size(axis + 2) - 1),
                Padding.Valid => 0,
                _ => 2 * _padding[axis],
            };
            border[2 * (_axes - 1 - axis)] = total / 2;
            border[2 * (_axes - 1 - axis) + 1] = total - total / 2;
        }
        return border;
    }

    /// <summary>The numbers of a convolution, one per axis; output padding marks a transposed one.</summary>
    private protected sealed record Geometry(
        long In, long Out, long[] Kernel, long[] Stride, long[] Padding, Padding? PaddingType, long[] Dilation, long[]? OutputPadding,
        PaddingModes Mode, long Groups, bool Bias, Device? Device, ScalarType? DType);
}
