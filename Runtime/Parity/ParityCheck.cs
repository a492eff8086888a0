using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Notochord.Weights;
using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>Puts a model beside a golden.</summary>
public static class ParityCheck
{
    private const double Absolute = 1e-4;
    private const double Relative = 1e-3;

    // Goldens were computed with two threads. With one, some sums come in another order, which gradients of ill-conditioned models show (inception_v4: 3 %).
    internal const int Threads = 2;

    /// <summary>Makes the model, fills it by the rule, and compares names, shapes, outputs and gradients. What goes wrong is in the result.</summary>
    /// <param name="golden">What to compare with.</param>
    /// <param name="source">Where the model comes from.</param>
    /// <param name="train">Whether to run the training step too.</param>
    public static ParityResult Run(Golden golden, IParitySource source, bool train = true)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(source);
        var watch = Stopwatch.StartNew();
        var result = new ParityResult(golden.Name, source.Engine, ParityStatus.Absent, IsOwn: golden.IsOwn);
        var threads = get_num_threads();
        try
        {
            set_num_threads(Threads);
            using var scope = NewDisposeScope();
            using var model = source.Create(golden);
            if (model is null) return result;
            result = Compare(result, golden, model, train);
        }
#pragma warning disable CA1031 // Whatever a model throws is its finding; the other goldens are still run.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            result = result with { Status = ParityStatus.Broken, Problem = e.Message };
        }
        finally
        {
            set_num_threads(threads);
        }

        return result with { Seconds = watch.Elapsed.TotalSeconds };
    }

    private static ParityResult Compare(ParityResult result, Golden golden, ParityModel model, bool train)
    {
        result = result with
        {
            Parameters = new Counts(model.Module.parameters().Sum(p => p.numel()), golden.ParameterCount),
            State = State(golden, model),
        };
        model.Module.eval();
        if (golden.BatchStatistics) UseBatchStatistics(model.Module, golden);
        ModelFill.ByRule(model.Module);
        using var input = ModelFill.TensorOf(GoldenRule.Input(golden.InputKey, golden.Input.Aggregate(1L, (a, b) => a * b)), [.. golden.Input]);
        using (no_grad())
        {
            result = result with { Outputs = Outputs(golden, model.Run(input)) };
            if (result.Outputs.Any(o => !o.Agree) && model.Traced is { } traced)
            {
                result = result with { FirstDifference = TraceComparison.First(golden, input, traced) };
            }
        }

        if (train && golden.Train is { } step) result = result with { Gradients = TrainingStep.Compare(model, golden, step, input) };
        var agree = result.Parameters!.Agree && result.State!.Agree && result.Outputs.All(o => o.Agree) && result.Gradients is null or { Agree: true };
        return result with { Status = agree ? ParityStatus.Passed : ParityStatus.Failed };
    }

    // A single value has no statistics: there, as the trace shows, the reference kept the running ones.
    private static void UseBatchStatistics(nn.Module model, Golden golden)
    {
        var single = golden.Trace.Where(t => t.Shape.Length > 1 && t.Shape.Aggregate(1L, (a, b) => a * b) == t.Shape[1]).Select(t => t.Module).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, module) in model.named_modules())
        {
            if (module.named_buffers(recurse: false).Any(b => b.Item1 == "running_mean") && !single.Contains(name)) module.train();
        }
    }

    private static StateComparison State(Golden golden, ParityModel model)
    {
        var found = StateDict.Of(model.Module).Select(s => (s.Name, Shape: string.Join(", ", s.Tensor.shape))).ToList();
        var expected = golden.State.Select(s => (s.Name, Shape: string.Join(", ", s.Shape))).ToList();
        var shapes = found.ToDictionary(f => f.Name, f => f.Shape, StringComparer.Ordinal);
        var names = expected.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return new StateComparison(
            [.. names.Except(shapes.Keys).Order(StringComparer.Ordinal)],
            [.. shapes.Keys.Except(names).Order(StringComparer.Ordinal)],
            [.. expected.Where(e => shapes.TryGetValue(e.Name, out var shape) && shape != e.Shape).Select(e => $"{e.Name}: [{shapes[e.Name]}], expected [{e.Shape}]")],
            found.SequenceEqual(expected));
    }

    private static ImmutableArray<OutputComparison> Outputs(Golden golden, IReadOnlyList<Tensor> found)
    {
        try
        {
            return [.. golden.Outputs.Select((expected, i) => i < found.Count
                ? Output(expected, found[i])
                : new OutputComparison(expected.Name, double.PositiveInfinity, 0, $"the model gives {found.Count} of {golden.Outputs.Length} outputs"))];
        }
        finally
        {
            foreach (var tensor in found) tensor.Dispose();
        }
    }

    private static OutputComparison Output(GoldenOutput expected, Tensor found)
    {
        var tolerance = Absolute + (Relative * expected.Std);
        if (!found.shape.AsSpan().SequenceEqual(expected.Shape.AsSpan()))
        {
            return new OutputComparison(expected.Name, double.PositiveInfinity, tolerance, $"[{string.Join(", ", found.shape)}], expected [{string.Join(", ", expected.Shape)}]");
        }

        var values = ModelFill.ValuesOf(found);
        var reference = ImmutableCollectionsMarshal.AsArray(expected.Values)!;
        var error = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            // A masked score is infinite in both.
            if (values[i].Equals(reference[i])) continue;
            var difference = Math.Abs((double)values[i] - reference[i]);
            if (!double.IsFinite(difference)) return new OutputComparison(expected.Name, double.PositiveInfinity, tolerance, $"element {i} is {values[i]}, expected {reference[i]}");
            error = Math.Max(error, difference);
        }

        return new OutputComparison(expected.Name, error, tolerance);
    }
}
