using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients down where their common norm is above a limit; gives the norm that they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using var noGradients = no_grad();
                using var scope = NewDisposeScope();
                var gradients = new List<Tensor>();
                foreach (var tensor in tensors)
                {
                    if (tensor.grad is { } gradient) gradients.Add(gradient);
                }
                if (gradients.Count == 0) return 0;
                var norms = gradients.ConvertAll(gradient => gradient.norm((float)norm_type)).ToArray();
                var total = stack(norms).norm((float)norm_type).item<float>();
                // As PyTorch has it: a hair below the limit, and never up.
                var scale = max_norm / (total + 1e-6);
                if (scale < 1)
                {
                    foreach (var gradient in gradients) gradient.mul_(scale);
                }
                return total;
            }
        }
    }
}
