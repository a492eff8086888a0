using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation share: an affine map per channel, and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    private readonly double _eps;
    private readonly double _momentum;
    private readonly int _rank;
    private Parameter? _weight;
    private Parameter? _bias;
    private Tensor? _mean;
    private Tensor? _variance;

    private protected NormBase(string name, long features, double eps, double momentum, bool affine, bool track, int rank, Device? device, ScalarType? dtype) : base(name)
    {
        _eps = eps;
        _momentum = momentum;
        _rank = rank;
        if (affine)
        {
            register_parameter("weight", _weight = new Parameter(ones([features], dtype, device)));
            register_parameter("bias", _bias = new Parameter(zeros([features], dtype, device)));
        }
        if (!track) return;
        register_buffer("running_mean", _mean = zeros([features], dtype, device));
        register_buffer("running_var", _variance = ones([features], dtype, device));
        register_buffer("num_batches_tracked", num_batches_tracked = tensor(0L, null, device));
    }

    public Parameter? weight
    {
        get => _weight;
        set => ConditionallyRegisterParameter("weight", _weight = value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => ConditionallyRegisterParameter("bias", _bias = value);
    }

    public Tensor? running_mean
    {
        get => _mean;
        set => ConditionallyRegisterBuffer("running_mean", _mean = value);
    }

    public Tensor? running_var
    {
        get => _variance;
        set => ConditionallyRegisterBuffer("running_var", _variance = value);
    }

    public Tensor? num_batches_tracked { get; }

    /// <summary>Mean 0 and variance 1 again.</summary>
    public void reset_running_stats()
    {
        using var off = no_grad();
        _mean?.zero_();
        _variance?.fill_(1);
        num_batches_tracked?.zero_();
    }

    private protected Tensor BatchForward(Tensor input)
    {
        Validate(input);
        if (training && num_batches_tracked is not null) num_batches_tracked.add_(1);
        return nn.functional.batch_norm(input, _mean, _variance, _weight, _bias, training || _mean is null, _momentum, _eps);
    }

    private protected Tensor InstanceForward(Tensor input)
    {
        Validate(input);
        return nn.functional.instance_norm(input, _mean, _variance, _weight, _bias, training || _mean is null, _momentum, _eps);
    }

    private void Validate(Tensor input)
    {
        var rank = input.ndim;
        if (rank == _rank || (_rank == 3 && rank == 2)) return;
        throw new ArgumentException($"{GetName()}: expected a tensor with {_rank} dimensions, it has {rank}: {input}", nameof(input));
    }
}
