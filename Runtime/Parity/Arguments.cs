using System.Text.Json;
using Notochord.Dsl.Expressions;
using Notochord.Dsl.Ir;
using Notochord.Dsl.Model;
using Notochord.Dsl.Text;

namespace Notochord.Parity;

/// <summary>What a golden's model was made with, as parameters of a declaration.</summary>
internal static class Arguments
{
    /// <summary>The parameter that plans a model for a size of image.</summary>
    public const string ImageSize = "img_size";

    /// <summary>The golden's arguments, and the size of its input where the architecture declares one and the golden does not give it.</summary>
    public static IReadOnlyDictionary<string, Value> For(Golden golden, Architecture architecture)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, json) in golden.Arguments)
        {
            var param = Find(architecture, name)
                ?? throw new InvalidDataException($"{golden.Name} was made with {name}={json.GetRawText()}; {architecture.Name} has no parameter of that name.");
            values[name] = Convert(param, json);
        }

        if (!values.ContainsKey(ImageSize) && golden.Input.Length == 4 && Find(architecture, ImageSize) is { } size)
        {
            var (height, width) = (Whole(golden.Input[2]), Whole(golden.Input[3]));
            values[ImageSize] = size.Type == ParamType.Int ? height : new ListValue([height, width]);
        }

        return values;
    }

    private static Param? Find(Architecture architecture, string name) => architecture.Body.Params.FirstOrDefault(p => p.Name == name);

    private static Value Convert(Param param, JsonElement json) => (param.Type, json.ValueKind) switch
    {
        (ParamType.Int, JsonValueKind.Number) => Whole(json.GetInt64()),
        (ParamType.Double, JsonValueKind.Number) => new DoubleValue(json.GetDouble()),
        (ParamType.Bool, JsonValueKind.True or JsonValueKind.False) => new BoolValue(json.GetBoolean()),
        (ParamType.String, JsonValueKind.String) => new StringValue(json.GetString()!),
        (ParamType.IntList, JsonValueKind.Array) => new ListValue(json.EnumerateArray().Select(i => (Value)Whole(i.GetInt64())).ToEquatableArray()),
        (ParamType.DoubleList, JsonValueKind.Array) => new ListValue(json.EnumerateArray().Select(i => (Value)new DoubleValue(i.GetDouble())).ToEquatableArray()),
        // One integer stands for all: a square image, one window size for every stage.
        (ParamType.IntList, JsonValueKind.Number) => new ListValue(Enumerable.Repeat((Value)Whole(json.GetInt64()), Length(param)).ToEquatableArray()),
        _ => throw new InvalidDataException($"'{param.Name}' is {param.Type}; found {json.GetRawText()}."),
    };

    private static int Length(Param param) => param.Default is ListExpr list ? Math.Max(1, list.Items.Count) : 1;

    private static IntValue Whole(long n) => new(n);
}
