using System.Text.Json;

namespace Notochord.Parity;

/// <summary>Makes a generated model by name; null means as declared.</summary>
public delegate Backbone CreateBackbone(string name, long? numClasses, long? inChans, long[]? imgSize);

/// <summary>Generated models, made by name.</summary>
/// <param name="engine">generated or fused.</param>
/// <param name="names">The models that there are.</param>
/// <param name="create">Makes one: the <c>Create</c> of a project's <c>Backbones</c>.</param>
public sealed class GeneratedSource(string engine, IReadOnlyCollection<string> names, CreateBackbone create) : IParitySource
{
    private static readonly string[] Supported = ["num_classes", "in_chans", "img_size"];

    /// <inheritdoc/>
    public string Engine => engine;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The golden was made with arguments that a generated model is not created with by name.</exception>
    public ParityModel? Create(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        if (!names.Contains(golden.Model)) return null;
        if (golden.Arguments.Keys.Except(Supported).FirstOrDefault() is { } other)
        {
            throw new InvalidDataException($"{golden.Name} was made with {other}; a generated model is created by name with {string.Join(", ", Supported)} alone.");
        }

        var (classes, channels) = (Number(golden, Supported[0]), Number(golden, Supported[1]));
        var size = Sizes(golden);
        var model = create(golden.Model, classes, channels, size);
        if (size is null && golden.Input.Length == 4 && model.Info.ImageSize is { } declared && declared != (golden.Input[2], golden.Input[3]))
        {
            var planned = create(golden.Model, classes, channels, [golden.Input[2], golden.Input[3]]);
            // A model that takes other sizes than its own was run with one: it keeps its own.
            var keeps = planned.ParameterCount() != golden.ParameterCount && model.ParameterCount() == golden.ParameterCount;
            (keeps ? planned : model).Dispose();
            model = keeps ? model : planned;
        }

        return ParityModel.Of(model, golden);
    }

    private static long? Number(Golden golden, string name) => golden.Arguments.TryGetValue(name, out var json) ? json.GetInt64() : null;

    private static long[]? Sizes(Golden golden) => golden.Arguments.TryGetValue(Supported[2], out var json)
        ? json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(e => e.GetInt64())] : [json.GetInt64(), json.GetInt64()]
        : null;
}
