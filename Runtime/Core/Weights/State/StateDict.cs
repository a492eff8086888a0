using Notochord.Modules;
using Notochord.Weights.Safetensors;
using static TorchSharp.torch;

namespace Notochord.Weights;

/// <summary>Between modules and weight files: the names are the state dict's.</summary>
public static class StateDict
{
    /// <summary>The parameters and persistent buffers by name, module after module; the module owns them.</summary>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Of(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var transient = TransientBuffers.Paths(module);
        return [.. module.state_dict().Where(pair => !transient.Contains(pair.Key)).Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>Fills a module from a file of any known format.</summary>
    /// <inheritdoc cref="Load(nn.Module, WeightFile, LoadOptions?)"/>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static LoadReport Load(nn.Module module, string path, LoadOptions? options = null)
    {
        using var file = WeightFile.Open(path, options?.Root);
        return Load(module, file, options);
    }

    /// <summary>Fills a module from an open file. What fits is decided before anything is written.</summary>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="WeightLoadException">Something does not fit, and <see cref="LoadOptions.Strict"/> is set: the module is as it was.</exception>
    /// <exception cref="WeightFileException">The file is not what its format says.</exception>
    public static LoadReport Load(nn.Module module, WeightFile file, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new LoadOptions();
        var plan = LoadPlan.Make(Of(module), file, options);
        if (options.Strict && !plan.Report.IsComplete)
        {
            throw new WeightLoadException(plan.Report);
        }

        foreach (var (target, entry) in plan.Copies)
        {
            TensorFill.Fill(target, entry, file.FilePath);
        }

        return plan.Report;
    }

    /// <summary>Writes a module's state as safetensors, whole or not at all; the same state gives the same bytes.</summary>
    /// <param name="module">What to write.</param>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <exception cref="NotSupportedException">A tensor is of a type that the format has not.</exception>
    public static void Save(nn.Module module, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var entries = Of(module).Select(item => new TensorEntry(item.Name, TypeOf(item.Name, item.Tensor), item.Tensor)).ToList();
        try
        {
            SafetensorsWriter.Write(path, entries, metadata);
        }
        finally
        {
            entries.ForEach(entry => entry.Dispose());
        }
    }

    private static WeightType TypeOf(string name, Tensor tensor) =>
        StoredType.Of(tensor.dtype) ?? throw new NotSupportedException($"'{name}' is of type {tensor.dtype}, which safetensors has not.");
}
