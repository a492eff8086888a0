using Notochord.Dsl.Shapes;

namespace Notochord.Dsl.Primitives.Families;

/// <summary>Sizes of what slides a window along axes: convolutions, pools, unfold.</summary>
internal static class Windows
{
    /// <summary>A window along one axis.</summary>
    public readonly record struct Window(Dim Kernel, Dim Stride, Dim Padding, Dim Dilation)
    {
        /// <summary>Positions that it spans.</summary>
        public Dim Span => (Dilation * (Kernel - 1)) + 1;
    }

    /// <summary>The window of each axis from the arguments of a call; an empty stride is the kernel.</summary>
    public static Window[] Read(CallSite call, IReadOnlyList<Dim> kernel, string? stride, string? padding, string? dilation)
    {
        var n = kernel.Count;
        var strides = Values(stride, Dim.One, kernel);
        var paddings = Values(padding, Dim.Zero, null);
        var dilations = Values(dilation, Dim.One, null);
        return [.. Enumerable.Range(0, n).Select(i => new Window(kernel[i], strides[i], paddings[i], dilations[i]))];

        IReadOnlyList<Dim> Values(string? name, Dim standard, IReadOnlyList<Dim>? whenEmpty)
        {
            if (name is null) return [.. Enumerable.Repeat(standard, n)];
            var items = call.Ints(name);
            if (items.Count == 0 && whenEmpty is not null) return whenEmpty;
            var list = call.Ints(name, n);
            if (list.FirstOrDefault(d => d.Value < (standard.Value == 0 ? 0 : 1)) is { } wrong) throw new ShapeException($"'{name}' must be at least {standard}; found {wrong.Describe()}.");
            return list;
        }
    }

    /// <summary>Positions of a window along an axis: floor((size + 2 padding - span) / stride) + 1; with <paramref name="ceil"/> rounded up, where a
    /// window that would start in the right padding is left out.</summary>
    public static Dim Positions(CallSite call, Dim size, Window w, bool ceil, string what)
    {
        var padded = size + (w.Padding * 2);
        call.RequireAtLeast(padded, w.Span, $"{what}: the axis {size.Describe()}, with padding {w.Padding.Describe()}, and the window");
        if (!ceil) return ((padded - w.Span) / w.Stride) + 1;
        return Dim.Min(Dim.CeilDiv(padded - w.Span, w.Stride) + 1, Dim.CeilDiv(size + w.Padding, w.Stride));
    }

    /// <summary>Requires the axes of a window to be at least 1.</summary>
    public static IReadOnlyList<Dim> Kernel(CallSite call, string name, int count)
    {
        var kernel = call.Ints(name, count);
        return kernel.FirstOrDefault(d => d.Value < 1) is { } wrong ? throw new ShapeException($"'{name}' must be at least 1; found {wrong.Describe()}.") : kernel;
    }
}
