using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimizers share: the walk over the parameters, the tensors kept per parameter, and their storage.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private const int Version = 1;

    private readonly ConditionalWeakTable<Parameter, Slots> _slots = [];
    private readonly OptimizerOptions _defaults;

    private protected OptimizerHelper(OptimizerOptions defaults, double learningRate)
    {
        _defaults = defaults;
        _defaults.LearningRate = learningRate;
        _defaults.InitialLearningRate = learningRate;
    }

    /// <summary>The names of the tensors that are kept per parameter, in the order of their slots.</summary>
    private protected abstract int SlotCount { get; }

    public override void add_param_group(ParamGroup param_group)
    {
        base.add_param_group(param_group);
        var options = param_group.Options;
        options.LearningRate ??= _defaults.LearningRate;
        options.InitialLearningRate = options.LearningRate!.Value;
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var on = enable_grad();
            loss = closure();
        }
        using var off = no_grad();
        foreach (var group in _groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var scope = NewDisposeScope();
                if (parameter.grad is { } gradient) Update(group, parameter, gradient, _slots.GetValue(parameter, _ => new Slots(SlotCount)));
            }
        }
        return loss;
    }

    /// <summary>Changes one parameter in place.</summary>
    private protected abstract void Update(ParamGroup group, Parameter parameter, Tensor gradient, Slots state);

    /// <summary>Writes the steps taken and the tensors kept, in the order of the parameters.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Version);
        foreach (var group in _groups)
        {
            writer.Write(group.LearningRate);
            writer.Write(group.InitialLearningRate);
            foreach (var parameter in group.Parameters)
            {
                var state = _slots.GetValue(parameter, _ => new Slots(SlotCount));
                writer.Write(state.Step);
                foreach (var kept in state.Tensors)
                {
                    writer.Write(kept is not null);
                    if (kept is null) continue;
                    using var plain = kept.cpu();
                    using var packed = plain.contiguous();
                    writer.Write(packed.bytes.Length);
                    writer.Write(packed.bytes);
                }
            }
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote for the same parameters.</summary>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadInt32() is var version && version != Version) throw new InvalidDataException($"The optimizer's state has version {version}; this reads {Version}.");
        foreach (var group in _groups)
        {
            group.LearningRate = reader.ReadDouble();
            group.InitialLearningRate = reader.ReadDouble();
            foreach (var parameter in group.Parameters)
            {
                var state = _slots.GetValue(parameter, _ => new Slots(SlotCount));
                state.Step = reader.ReadInt64();
                for (var i = 0; i < SlotCount; i++)
                {
                    state.Tensors[i]?.Dispose();
                    state.Tensors[i] = reader.ReadBoolean() ? Read(reader, parameter) : null;
                }
            }
        }
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var (_, state) in _slots)
            {
                foreach (var kept in state.Tensors) kept?.Dispose();
            }
            _slots.Clear();
        }
        base.Dispose(disposing);
    }

    private static Tensor Read(BinaryReader reader, Parameter parameter)
    {
        var length = reader.ReadInt32();
        if (length != parameter.numel() * parameter.element_size())
            throw new InvalidDataException($"The optimizer's state has {length} bytes for a parameter of {parameter.numel() * parameter.element_size()}.");
        using var plain = empty(parameter.shape, parameter.dtype).DetachFromDisposeScope();
        reader.BaseStream.ReadExactly(plain.bytes);
        return plain.to(parameter.device).DetachFromDisposeScope();
    }

    /// <summary>The state of one parameter.</summary>
    private protected sealed class Slots(int count)
    {
        internal long Step;
        internal readonly Tensor?[] Tensors = new Tensor?[count];

        /// <summary>A slot's tensor: zeros of the parameter's kind at first.</summary>
        internal Tensor Zeros(int slot, Tensor like) => Tensors[slot] ??= zeros_like(like).DetachFromDisposeScope();
    }
}
