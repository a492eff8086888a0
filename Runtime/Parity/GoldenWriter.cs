using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notochord.Dsl.Instantiation;
using Notochord.Dsl.Ir;
using Notochord.Execution;
using Notochord.Weights;
using Notochord.Weights.Safetensors;
using static TorchSharp.torch;

namespace Notochord.Parity;

/// <summary>Writes goldens of declared models themselves, run by the executor: not what a reference gives, but what later changes must not change.</summary>
public static class GoldenWriter
{
    /// <summary>What the <c>origin</c> of such a golden is.</summary>
    public const string Own = "self";

    private const string InputKey = "input";
    private const int First = 6;

    // Numbers of a float32 computation.
    private const int Digits = 9;

    private const int Width = 400;

    private static readonly JsonSerializerOptions Text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a model with weights by the rule and writes NAME.json and NAME.safetensors.</summary>
    /// <param name="folder">Where to; it exists.</param>
    /// <param name="name">The golden's name.</param>
    /// <param name="model">What is run.</param>
    /// <param name="input">Sizes of its input.</param>
    /// <param name="given">The parameters that it was made with, beside its name.</param>
    /// <returns>The files.</returns>
    /// <exception cref="InvalidDataException">What it gives is not finite.</exception>
    public static IReadOnlyList<string> Write(string folder, string name, ModelInstance model, IReadOnlyList<long> input, IReadOnlyDictionary<string, Value>? given = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        var threads = get_num_threads();
        try
        {
            set_num_threads(ParityCheck.Threads);
            using var scope = NewDisposeScope();
            using var backbone = new ExecutedBackbone(model);
            return Write(Path.Combine(folder, name), backbone, [.. input], Head(name, model, input, given));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static IReadOnlyList<string> Write(string path, ExecutedBackbone backbone, long[] sizes, JsonObject golden)
    {
        backbone.eval();
        ModelFill.ByRule(backbone);
        using var input = ModelFill.TensorOf(GoldenRule.Input(InputKey, sizes.Aggregate(1L, (a, b) => a * b)), sizes);
        var run = ParityModel.Of(backbone, IsLevels(backbone.Model));
        var trace = new JsonArray();
        IReadOnlyList<Tensor> outputs;
        using (no_grad())
        {
            var types = Types(backbone.Model.Root, "").ToDictionary(t => t.Path, t => t.Type, StringComparer.Ordinal);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            backbone.Trace(input, (module, output) =>
            {
                if (seen.Add(module)) trace.Add(Describe(output, new JsonObject { ["module"] = module, ["type"] = types.GetValueOrDefault(module, "") }));
            }).Dispose();
            outputs = run.Run(input);
        }

        if (outputs.Any(o => !double.IsFinite(ModelFill.Moments(ModelFill.ValuesOf(o)).Std)))
        {
            throw new InvalidDataException($"{backbone.Model.Variant} gives numbers that are not finite with the weights of goldens: nothing could be compared with them.");
        }

        var step = TrainingStep.Run(run, input, withInput: true);
        var parameters = backbone.named_parameters().Select(p => p.Item1).ToHashSet(StringComparer.Ordinal);
        var state = StateDict.Of(backbone);
        golden["parameters"] = backbone.Model.ParameterCount;
        golden["state"] = new JsonArray([.. state.Select(s => Row(s.Name, s.Tensor, parameters.Contains(s.Name)))]);
        golden["outputs"] = new JsonObject(outputs.Select((o, i) => KeyValuePair.Create($"out{i}", (JsonNode?)Describe(o, []))));
        golden["train"] = new JsonObject
        {
            ["loss"] = Number(step.Loss),
            ["norms"] = new JsonObject(state.Where(s => parameters.Contains(s.Name)).Select(s => KeyValuePair.Create(s.Name, Number(step.Norms[s.Name])))),
            ["input_norm"] = Number(step.InputNorm),
        };
        golden["trace"] = trace;
        File.WriteAllText(path + ".json", Print(golden) + "\n");
        SafetensorsWriter.Write(path + ".safetensors", outputs.Select((o, i) => WeightEntry.FromBytes($"out{i}", WeightType.Float32, o.shape, MemoryMarshal.AsBytes(ModelFill.ValuesOf(o).AsSpan()).ToArray())));
        foreach (var output in outputs) output.Dispose();
        return [path + ".json", path + ".safetensors"];
    }

    // Levels without an output of their own.
    private static bool IsLevels(ModelInstance model) => model.Graph.Features.Count == 0 && model.Graph.Outputs.Count > 1;

    private static JsonObject Head(string name, ModelInstance model, IReadOnlyList<long> input, IReadOnlyDictionary<string, Value>? given) => new()
    {
        ["name"] = name,
        ["origin"] = Own,
        ["source"] = new JsonObject
        {
            ["declaration"] = Path.GetFileName(model.Architecture.Architecture.Span.File),
            ["model"] = model.Variant,
            ["kwargs"] = new JsonObject((given ?? new Dictionary<string, Value>()).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, JsonNode.Parse(g.Value.ToString()!)))),
        },
        ["input"] = Sizes(input),
        ["input_key"] = InputKey,
    };

    private static IEnumerable<(string Path, string Type)> Types(ModuleType type, string prefix) =>
        type.Children.SelectMany(c => Types(c.Type, $"{prefix}{c.Name}.").Prepend((prefix + c.Name, c.Type.Block?.Name ?? "chain")));

    private static JsonNode Row(string name, Tensor tensor, bool isParameter) => new JsonObject
    {
        ["name"] = name,
        ["shape"] = Sizes(tensor.shape),
        ["kind"] = isParameter ? "parameter" : "buffer",
        ["filled"] = tensor.dtype == ScalarType.Float32 && GoldenRule.State(name, tensor.shape, isParameter) is not null,
    };

    private static JsonObject Describe(Tensor tensor, JsonObject row)
    {
        var values = ModelFill.ValuesOf(tensor);
        var (mean, std) = ModelFill.Moments(values);
        row["shape"] = Sizes(tensor.shape);
        row["mean"] = Number(mean);
        row["std"] = Number(std);
        row["first"] = new JsonArray([.. values.Take(First).Select(v => Number(v))]);
        return row;
    }

    private static JsonArray Sizes(IEnumerable<long> sizes) => new([.. sizes.Select(s => (JsonNode)s)]);

    // JSON has no infinities.
    private static JsonNode? Number(double? value) =>
        value is not { } number || !double.IsFinite(number) ? null : JsonValue.Create(double.Parse(number.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    // What is long takes a line for each of its parts, so that changes can be read.
    private static string Print(JsonNode? node)
    {
        var line = node?.ToJsonString(Text) ?? "null";
        if (line.Length <= Width) return line;
        return node switch
        {
            JsonObject members => $"{{\n{string.Join(",\n", members.Select(m => $"{JsonSerializer.Serialize(m.Key, Text)}: {Print(m.Value)}"))}\n}}",
            JsonArray items => $"[\n{string.Join(",\n", items.Select(Print))}\n]",
            _ => line,
        };
    }
}
