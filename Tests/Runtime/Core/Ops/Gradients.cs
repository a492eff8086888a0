using static TorchSharp.torch;

namespace Notochord.Tests.Runtime.Core.Ops;

/// <summary>Gradients against finite differences.</summary>
internal static class Gradients
{
    /// <summary>The gradient of every number of the float64 inputs is that of central differences of sum(probe * function).</summary>
    public static void AreRight(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs) input.requires_grad_();
        var result = function(inputs);
        var probe = rand_like(result);
        (result * probe).sum().backward();
        using var guard = no_grad();
        foreach (var (input, n) in inputs.Select((x, n) => (x, n)))
        {
            var numbers = input.data<double>().ToArray();
            var gradient = input.grad!.contiguous().data<double>().ToArray();
            for (var i = 0; i < numbers.Length; i++)
            {
                const double step = 1e-5;
                double At(double value)
                {
                    var moved = numbers.ToArray();
                    moved[i] = value;
                    using var x = tensor(moved, ScalarType.Float64).reshape(input.shape);
                    return (function([.. inputs.Select((other, m) => m == n ? x : other)]) * probe).sum().item<double>();
                }

                var difference = (At(numbers[i] + step) - At(numbers[i] - step)) / (2 * step);
                Assert.True(Math.Abs(difference - gradient[i]) < 1e-7 + (1e-6 * Math.Abs(difference)), $"input {n}, number {i}: {gradient[i]}, by differences {difference}");
            }
        }
    }
}
